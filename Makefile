# Commands for people and for CI. What they do stands in scripts/.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help run setup test check fix contract migrate migration dev e2e screenshots clean

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):[^#]*## ?/\1\t/' | expand -t 14

run: ## install what is missing, build the client, serve the messenger
	@$(PYTHON) scripts/setup.py run
	@exec $(BIN)/web-messenger serve

setclean: ## remove what was built and installed; data stays
	rm -rf .venv frontend/node_modules frontend/dist e2e/node_modules e2e/test-results screenshots
