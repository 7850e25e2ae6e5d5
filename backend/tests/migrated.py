"""Copies migrated databases: a copy costs a fraction of a migration."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from messenger.assembly import migrate
from tests.postgres import Cluster


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="web-messenger-"))
    atexit.register(shutil.rmtree, folder)
    migrate.upgrade(f"sqlite:///{folder}/messenger.db")
    for path in folder.iterdir():
        path.chmod(0o600)
    return folder


@cache
def _source(cluster: Cluster) -> str:
    url = cluster.create_database()
    migrate.upgrade(url)
    return url


def embedded(folder: Path) -> None:
    """Puts a migrated database of SQLite into a folder that has none."""
    if not (folder / "messenger.db").exists():
        shutil.copytree(_folder(), folder, dirs_exist_ok=True)


def scaled(cluster: Cluster) -> str:
    """Creates a migrated database of PostgreSQL, and returns its address."""
    return cluster.create_database(_source(cluster))
