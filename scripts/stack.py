"""Runs the composed deployment without containers: `stack.py up | status | down | run COMMAND`, data in data/stack.

The started processes outlive this program; `up` starts only parts that do not run. For tests there are also `journeys`,
`empty` (no account, no message) and `end PART …` (as a crash with --kill).
"""

import argparse
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.request import urlopen

from setup import BACKEND, E2E, PYTHON, ROOT, fail, node_environment
from topology import database
from topology.part import GONE, OLD, Part
from topology.parts import all_parts
from topology.place import Place, free_ports

START_S = 60.0
RETRY_S = 5.0
SAID = re.compile(r"https?://\S+/setup\?code=\w+")


def parts_of(place: Place) -> list[Part]:
    """Returns all parts in the order of their start."""
    return [part for group in all_parts(place) for part in group]


def up(place: Place, own: dict[str, str]) -> None:
    """Starts parts that do not work, in order, and prints the addresses."""
    place.own |= own
    if not place.ports or not any(part.running for part in parts_of(place)):
        place.choose_ports()
    place.keep()
    database.make(place)
    below, messenger, front = all_parts(place)
    start(below)
    if any(part.complaint() for part in messenger):
        database.migrate(place)
    start(messenger)
    start(front)
    tell(place)


def start(parts: list[Part]) -> None:
    """Starts those of some parts that do not work, and waits until all do."""
    for part in parts:
        if complaint := after_a_while(part):
            print(f"{part.name}: starting ({complaint})", flush=True)
            part.start()
    for part in parts:
        settle(part)


def after_a_while(part: Part) -> str:
    """Returns why a part must be started: a running part may wait for another that was started a moment ago."""
    deadline = time.monotonic() + RETRY_S
    while (complaint := part.complaint()) and complaint not in (GONE, OLD) and time.monotonic() < deadline:
        time.sleep(0.1)
    return complaint


def settle(part: Part) -> None:
    """Waits until a part works. One that ends at once is tried again: its old process may still hold its port."""
    deadline, retry = time.monotonic() + START_S, time.monotonic() + RETRY_S
    while complaint := part.complaint():
        if part.running is None:
            if time.monotonic() > retry:
                give_up(part, "ended by itself")
            time.sleep(1)
            part.start()
        if time.monotonic() > deadline:
            give_up(part, complaint)
        time.sleep(0.1)


def give_up(part: Part, complaint: str) -> None:
    """Prints the last lines of a part and the next step, and exits."""
    words = part.log.read_text(errors="replace").strip().splitlines()[-8:]
    fail(
        f"{part.name} {complaint}; the last words of {part.log} are below. Mend that and run `make stack` again: it starts "
        "what is missing. If another program took a port, `make stack-down` first: new ones are chosen.\n"
        + "\n".join(words)
    )


def tell(place: Place) -> None:
    """Prints the addresses."""
    address = place.address("frontend")
    with urlopen(f"{address}/api/server", timeout=10) as answer:
        needs_setup = json.load(answer)["needs_setup"]
    print(f"\nMessenger  {address}")
    if needs_setup:
        print(f"First      {setup_link(place)} makes the first account")
    print(f"Letters    {place.address('mailhog')}")
    print(f"Logs       {place.folder / 'logs'}")


def setup_link(place: Place) -> str:
    """Returns the link for the first account, from the servers' logs; it is the same for all of them."""
    found = [link for name in ("backend-1", "backend-2") for link in SAID.findall(place.log(name).read_text())]
    mine = [link for link in found if link.startswith(place.address("frontend"))]
    return mine[-1] if mine else ""


def status(place: Place) -> None:
    """Prints one line a part; the exit status is 1 unless all work."""
    if not place.ports:
        fail("there is no stack here yet. `make stack` starts one.")
    is_well = True
    for part in parts_of(place):
        running, complaint = part.running, part.complaint()
        is_well = is_well and not complaint
        port, pid = place.ports[part.name], running.pid if running else "-"
        print(f"{part.name:10} {complaint or 'healthy':36} pid {pid:<8} port {port:<6} {part.log}")
    if not is_well:
        fail("not everything works. `make stack` starts what is missing.")


def down(place: Place) -> None:
    """Ends everything that was started here, and keeps its data."""
    if not place.ports:
        return
    for part in reversed(parts_of(place)):
        if part.end():
            print(f"{part.name}: ended", flush=True)


def empty(place: Place) -> None:
    """Deletes every account and message, and prints the link that makes the first account."""
    database.empty(place)
    print(setup_link(place))


def leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Ends everything that was started, also after a signal."""
    raise KeyboardInterrupt


def journeys(arguments: list[str]) -> None:
    """Runs the journeys of e2e/ against a deployment of their own, which is ended afterwards; its logs stay."""
    folder = ROOT / "data" / "stack-test"
    if folder.exists():
        down(old := Place.at(folder))
        database.forget(old)
        shutil.rmtree(folder)
    place = Place.at(folder)
    signal.signal(signal.SIGTERM, leave)
    origins = ",".join(f"http://127.0.0.1:{port}" for port in free_ports([0, 0]))
    try:
        with place.alone():
            up(place, {"RATE_LIMITS": "off", "REGISTRATION": "open", "CORS_ORIGINS": origins})
        env = node_environment() | {"CI": "true", "E2E_STACK": str(folder)}
        command = ["npm", "run", "--silent", "test", "--", *arguments]
        status = subprocess.run(command, cwd=E2E, env=env, check=False).returncode
    finally:
        with place.alone():
            down(place)
    if status:
        fail(f"a journey failed. What the servers said is in {folder / 'logs'}.")


def run(place: Place, arguments: list[str]) -> NoReturn:
    """Runs a command of the messenger with the settings of this deployment, such as `doctor`."""
    if not place.ports:
        fail("there is no stack here yet. `make stack` starts one.")
    env = place.environment(PYTHONPATH=str(BACKEND))
    command = [str(PYTHON), "-m", "messenger", *arguments]
    sys.exit(subprocess.run(command, cwd=place.run("."), env=env, check=False).returncode)


def end(place: Place, names: list[str], how: signal.Signals | None) -> None:
    """Ends single parts, all at once."""
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda part: part.end(how), [part for part in parts_of(place) if part.name in names]))


def main() -> None:
    """Runs the command of the command line."""
    parser = argparse.ArgumentParser(prog="stack", description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "data" / "stack", help="its folder")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up").add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    for name in ("status", "down", "empty"):
        commands.add_parser(name)
    ending = commands.add_parser("end")
    ending.add_argument("parts", nargs="+")
    ending.add_argument("--kill", action="store_true")
    commands.add_parser("run").add_argument("arguments", nargs=argparse.REMAINDER)
    commands.add_parser("journeys").add_argument("arguments", nargs="*")
    asked = parser.parse_args()
    if asked.command == "journeys":
        journeys(asked.arguments)
        return
    place = Place.at(asked.folder)
    does: dict[str, Callable[[], None]] = {
        "up": lambda: up(place, dict(pair.split("=", 1) for pair in asked.set)),
        "status": lambda: status(place),
        "down": lambda: down(place),
        "run": lambda: run(place, asked.arguments),
        "empty": lambda: empty(place),
        "end": lambda: end(place, asked.parts, signal.SIGKILL if asked.kill else None),
    }
    with place.alone():
        does[asked.command]()


if __name__ == "__main__":
    try:
        main()
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)
