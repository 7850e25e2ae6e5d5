"""The command line: serve, worker, migrate, doctor, contract, accept-rewind."""

import argparse
import asyncio
import os
import socket
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import NoReturn

from sqlalchemy import make_url

import messenger
from messenger.assembly import contract, migrate
from messenger.assembly.app import create_app
from messenger.assembly.features import gate
from messenger.assembly.variables import Variables
from messenger.assembly.wiring import opened
from messenger.db import journal, witness
from messenger.db.database import Database
from messenger.db.engine import DatabaseRefused
from messenger.db.pages import check
from messenger.db.tx import Hooks
from messenger.process import folder, serve
from messenger.process.loading import resolve
from messenger.process.serve import Program
from messenger.process.watch import logs
from messenger.settings import Settings, SettingsError


def main(arguments: list[str] | None = None) -> None:
    """Runs a command; an expected error is printed in one sentence, with exit status 1."""
    parser = argparse.ArgumentParser("web-messenger", description=messenger.__doc__)
    parser.add_argument("--version", action="version", version=messenger.__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serving = commands.add_parser("serve", help="serve the messenger (migrates the embedded database first)")
    serving.add_argument("--workers", metavar="N", help="server processes; more than 1 needs PostgreSQL and Redis")
    commands.add_parser(
        "worker",
        help="run the background jobs of servers with JOBS_URL=celery+redis://…",
        description="Runs background jobs, such as letters and pictures, for servers with JOBS_URL=celery+redis://…, with the "
        "variables of those servers. Any number may run. After SIGTERM a worker finishes its running jobs.",
    )
    commands.add_parser("migrate", help="bring the database to the newest revision")
    written = commands.add_parser("contract", help="write openapi.json, frames.json and the documents of the variables")
    written.add_argument("folder", type=Path, help="folder of the project")
    examined = commands.add_parser("doctor", help="check everything this server uses; exit status 1 when a check fails")
    examined.add_argument("--json", action="store_true", help="print the findings for programs")
    commands.add_parser("accept-rewind", help="go on with a restored database: every device loads its chats anew")
    asked = parser.parse_args(arguments)
    try:
        if getattr(asked, "workers", None):
            os.environ["WORKERS"] = asked.workers
        if asked.command == "doctor":
            # At once: a thread that waits for something that hangs would not let the interpreter end.
            os._exit(resolve("messenger.doctor.report:run")(as_json=asked.json))
        _run(asked, Variables.load())
    except (SettingsError, DatabaseRefused) as error:
        _fail(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


def _run(asked: argparse.Namespace, settings: Settings) -> None:
    logs.begin(settings)
    if asked.command != "contract":
        os.umask(folder.OTHERS)
    if asked.command == "serve":
        _serve(settings)
    elif asked.command == "worker":
        resolve("messenger.process.work:run")(settings, opened(settings, works=True))
    elif asked.command == "migrate":
        folder.prepare(settings)
        # Only a database of servers is migrated while they run.
        with folder.held(settings) if settings.is_embedded else nullcontext():
            migrate.upgrade(settings.database)
    elif asked.command == "contract":
        contract.write(create_app(settings), asked.folder)
    else:
        folder.prepare(settings)
        with folder.held(settings, alone=True):
            asyncio.run(_accept_rewind(settings))


def _serve(settings: Settings) -> None:
    folder.prepare(settings)
    with folder.held(settings):
        pass  # the holder of the folder is reported before the holder of the port
    try:
        listening = socket.create_server((settings.host, settings.port), backlog=1024, family=_family(settings.host))
    except OSError as error:
        _fail(
            f"Port {settings.port} of {settings.host} cannot be used ({error.strerror}): "
            "another program has it, or another web-messenger. Stop that one, or set PORT to another number."
        )
    port = listening.getsockname()[1]
    program = Program(create_app, gate().first_page)
    serve.run(program, settings.model_copy(update={"port": port}), listening)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


async def _accept_rewind(settings: Settings) -> None:
    record = settings.witness
    if settings.is_embedded:
        check.forget(Path(str(make_url(settings.database).database)))
    db = Database(settings.database, Hooks())
    await db.open(lambda _envelopes, _woken: None)
    here = await db.read(journal.epoch)
    raised = await db.write(journal.raise_epoch, max(here, witness.recorded_epoch(record) if record else 0))
    found = await db.read(witness.place)
    await db.close()
    if record is not None:
        witness.write(record, found)
    print(f"The server goes on with epoch {raised}; devices will load their chats anew.")


def _fail(sentence: str) -> NoReturn:
    print(f"web-messenger: {sentence}", file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    main()
