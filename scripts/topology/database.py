"""Runs PostgreSQL for the deployment: creates the cluster and the database, empties and migrates it."""

import hashlib
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql
from setup import BACKEND, fail

from topology.place import DATABASE, Place

USER = "postgres"
"""The user of the server when we are root, as whom it refuses to run."""


def program(name: str) -> str:
    """Returns the path of a program of PostgreSQL, from PATH or from Debian's folder."""
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = shutil.which(name) or next(map(str, newest), None)
    return found or fail(f"PostgreSQL’s {name} was not found. `make setup` installs it.")


def user() -> str | None:
    """Returns the user of PostgreSQL, or `None` for our own."""
    return USER if os.getuid() == 0 else None


def home(place: Place) -> Path:
    """Returns its folder; it is outside of the deployment's when its user could not enter that."""
    inside = place.run("db")
    if user() is None or all(parent.stat().st_mode & 0o001 for parent in inside.parents if parent.exists()):
        return inside
    # Named by the password too: after the deployment's folder is deleted, the next one there makes a new cluster.
    whose = hashlib.sha256(f"{place.folder}{place.secrets['database']}".encode()).hexdigest()
    return Path("/var/tmp") / f"web-messenger-{whose[:12]}"


def make(place: Place) -> None:
    """Makes the cluster when there is none."""
    folder = home(place)
    if (folder / "data" / "PG_VERSION").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    password = folder / "password"
    password.write_text(place.secrets["database"])
    owner = user()
    if owner:
        try:
            pwd.getpwnam(owner)
        except KeyError:
            fail(f"PostgreSQL must not run as root, and there is no user {owner}. Run make as another user.")
        for path in (folder, password):
            shutil.chown(path, owner, owner)
    command = [program("initdb"), "-D", str(folder / "data"), "-U", DATABASE, "-A", "scram-sha-256"]
    command += [f"--pwfile={password}", "-E", "UTF8", "--locale=C", "--data-checksums"]
    done = subprocess.run(command, cwd=folder, user=owner, capture_output=True, text=True, check=False)
    password.unlink()
    if done.returncode:
        fail(f"the database could not be made in {folder}:\n{done.stderr.strip()}")


def forget(place: Place) -> None:
    """Deletes the cluster, wherever it is."""
    shutil.rmtree(home(place), ignore_errors=True)


def ask(place: Place) -> None:
    """Raises an error when it does not answer."""
    psycopg.connect(place.database("postgres"), connect_timeout=3).close()


def migrate(place: Place) -> None:
    """Makes the messenger's database when it is missing, and migrates it to the newest revision."""
    with psycopg.connect(place.database("postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    with place.log("migrate").open("ab") as log:
        command = [sys.executable, "-m", "messenger", "migrate"]
        env = place.environment(PYTHONPATH=str(BACKEND))
        folder = place.run(".")
        if subprocess.run(command, cwd=folder, env=env, stdout=log, stderr=log, check=False).returncode:
            fail(f"the database could not be migrated; {place.log('migrate')} says why. Then run the same again.")


def empty(place: Place) -> None:
    """Empties the messenger's tables, except for rows of a new database. For tests."""
    with psycopg.connect(place.database()) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        names = [sql.Identifier(name) for (name,) in rows if name not in ("alembic_version", "facts")]
        connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(names)))
        connection.execute("DELETE FROM facts WHERE key <> 'epoch'")
