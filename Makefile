# Commands for people and for CI. The work is done by scripts/.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help run setup test check fix contract migrate migration lock dev e2e faults torture bench bench-web screenshots pictures env stack stack-status stack-down stack-test images clean

help: ## print this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):[^#]*## ?/\1\t/' | expand -t 14

run: ## install missing packages, build the client, serve the messenger
	@$(PYTHON) scripts/setup.py run
	@exec $(BIN)/web-messenger serve

setup: ## install everything for development
	@$(PYTHON) scripts/setup.py test

test: setup ## run every check and test (what CI runs)
	@$(BIN)/python scripts/test.py

check: setup ## run the quick checks: lint, types, imports, contract, client
	@$(BIN)/python scripts/test.py lint format types imports contract client-check client-test

fix: setup ## format, and fix what linters can fix
	@cd backend && ../$(BIN)/ruff check --fix -q . ../scripts ../bench; ../$(BIN)/ruff format -q . ../scripts ../bench
	@cd frontend && npm run --silent fix

contract: setup ## write openapi.json, frames.json and the client's types from the code
	@$(BIN)/python scripts/contract.py

migrate: ## bring the database in DATABASE_URL (or DATA_DIR) to the newest revision
	@$(PYTHON) scripts/setup.py run
	@$(BIN)/web-messenger migrate

migration: setup ## make an empty migration: make migration name=polls
	@cd backend && ../$(BIN)/alembic revision -m "$(name)" --rev-id "$$(date +%Y%m%d)_$(name)"

lock: setup ## compile the lock files from pyproject.toml (pins that still fit stay)
	@cd backend && for extra in "" "--extra dev"; do ../$(BIN)/uv pip compile -q pyproject.toml $$extra --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements$$(test -z "$$extra" || echo -dev).lock; done
	@cd backend && ../$(BIN)/python -c "import tomllib; project = tomllib.load(open('pyproject.toml', 'rb'))['project']; \
	  print(*project['optional-dependencies']['media'], sep='\n')" | ../$(BIN)/uv pip compile -q - --no-deps --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements-media.lock

dev: setup ## serve with live reload: the client, and the server anew when its code changes
	@exec $(BIN)/python scripts/dev.py

e2e: setup ## run the browser tests
	@$(BIN)/python scripts/test.py journeys

faults: setup ## break servers, workers, Redis, PostgreSQL and their connections for minutes (`make test` does it for seconds)
	@cd backend && ../$(BIN)/python -m pytest tests/scaled/test_faults.py --long

torture: setup ## kill servers, cut power and answers for ten minutes, and check the guarantees (make torture ARGS=--help)
	@cd backend && ../$(BIN)/python -m tests.torture $(ARGS)

env: ## write the missing secrets of docker-compose.yml to .env
	@$(PYTHON) scripts/env.py

stack: setup ## start the composed deployment without containers, and print its address
	@$(BIN)/python scripts/stack.py up

stack-status: ## show each part of the stack: health, pid, port, log
	@$(BIN)/python scripts/stack.py status

stack-down: ## stop the stack; its data stays in data/stack
	@$(BIN)/python scripts/stack.py down

stack-test: setup ## run the browser tests against a separate stack
	@$(BIN)/python scripts/test.py stack

images: setup ## run the steps of both Dockerfiles in a clean folder, and start the result
	@$(BIN)/python scripts/test.py images

bench: setup ## measure CPU of messages, pages, joins and connections, empty and lived-in, against bench/budgets.toml (twenty minutes)
	@$(BIN)/python -u bench/run.py

bench-web: setup ## measure a busy chat in Chromium beside a page without a framework (twelve minutes; ARGS=--long, ARGS=--lists)
	@cd e2e && npm run --silent bench$(patsubst --%,:%,$(ARGS))

screenshots: setup ## write every screen to screenshots/
	@cd e2e && npm run --silent screenshots

pictures: setup ## take the pictures of the README and of the installed page anew
	@cd e2e && npm run --silent pictures

clean: ## remove built and installed files; data stays
	rm -rf .venv frontend/node_modules frontend/dist e2e/node_modules e2e/test-results screenshots
