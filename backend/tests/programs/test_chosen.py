"""Tests that an embedded server loads no client of Redis or object stores, no Celery and no Alembic."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from messenger.assembly import migrate
from tests.server import BACKEND

NEVER = {"alembic", "mako", "celery", "kombu", "redis", "obstore", "aiosmtplib"}
OPENS = """
import asyncio, sys
from messenger import __main__
from messenger.assembly.app import create_app
from messenger.assembly.variables import Variables

async def run():
    app = create_app(Variables.load())
    async with app.router.lifespan_context(app):
        print(*sorted({name.partition(".")[0] for name in sys.modules}))

asyncio.run(run())
"""


def modules(folder: Path, **environment: str) -> set[str]:
    """Returns the packages that a server in a folder has loaded once it is open."""
    done = subprocess.run(
        [sys.executable, "-c", OPENS],
        cwd=BACKEND,
        env={"DATA_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_an_embedded_server_loads_what_it_uses(tmp_path: Path) -> None:
    migrate.upgrade(f"sqlite:///{tmp_path}/messenger.db")
    assert modules(tmp_path) & NEVER == set()


@pytest.mark.parametrize(
    ("name", "value", "package"),
    [("LIMITS_URL", "redis://127.0.0.1:1", "redis"), ("MAIL_URL", "smtp://127.0.0.1:1", "aiosmtplib")],
)
def test_what_is_chosen_is_loaded(tmp_path: Path, name: str, value: str, package: str) -> None:
    migrate.upgrade(f"sqlite:///{tmp_path}/messenger.db")
    assert package in modules(tmp_path, MAIL_FROM="server@example.org", **{name: value})


def test_a_new_database_needs_alembic(tmp_path: Path) -> None:
    assert "alembic" in modules(tmp_path)


def test_the_newest_revision_is_found_as_alembic_finds_it() -> None:
    scripts = ScriptDirectory(str(migrate.MIGRATIONS))
    assert migrate.revisions() == ({one.revision for one in scripts.walk_revisions()}, scripts.get_current_head())
