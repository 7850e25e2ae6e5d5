"""`make torture`: runs of chosen length against servers of both kinds, until a guarantee breaks or the time is over."""

import argparse
import random
import sys
import time
from pathlib import Path

from tests.torture import ground
from tests.torture.report import told
from tests.torture.run import Plan, play

GROUNDS = {"embedded": ground.embedded, "scaled": ground.scaled}
FAULTS = {
    "embedded": ("kill", "cut replies", "power cut", "full disk", "break connections", "restart", "restore"),
    "scaled": (
        "kill",
        "cut replies",
        "break connections",
        "kill redis",
        "kill postgresql",
        "restart",
        "restore",
        "forgotten restore",
    ),
}


def main() -> None:
    """Makes one run after the other; exit status 1 at the first broken guarantee."""
    asked = _arguments()
    chance, ends = random.Random(asked.seed), time.monotonic() + asked.minutes * 60
    asked.log.mkdir(parents=True, exist_ok=True)
    first = True
    while first or time.monotonic() < ends:
        for kind in asked.on:
            seed = asked.seed if first else chance.randrange(1_000_000)
            faults = asked.faults or list(FAULTS[kind])
            chance.shuffle(faults)
            plan = Plan(seed, asked.seconds, asked.people, faults=tuple(faults), gap=asked.gap, pace=asked.pace)
            log = asked.log / f"{kind}-{seed}.jsonl"
            outcome = play(GROUNDS[kind], plan, log)
            print(f"── {kind}, {log}\n{told(outcome)}\n", flush=True)
            if outcome.breaks:
                sys.exit(1)
        first = False


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("make torture", description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=random.randrange(1_000_000), help="start of the random choices; the report shows it"
    )
    parser.add_argument("--on", nargs="+", choices=GROUNDS, default=list(GROUNDS), help="which servers; default both")
    parser.add_argument("--minutes", type=float, default=10, help="no run begins after this time; at least one is made")
    parser.add_argument(
        "--seconds",
        type=float,
        default=60,
        help="time of the faults in one run; then everything is repaired and checked",
    )
    parser.add_argument("--people", type=int, default=8, help="people, with two devices each")
    parser.add_argument("--pace", type=float, default=8, help="steps of a device in a second")
    parser.add_argument("--gap", type=float, default=2, help="seconds between faults")
    parser.add_argument("--faults", nargs="+", help="only these faults, by their names in a report")
    parser.add_argument(
        "--log", type=Path, default=Path("../torture"), help="folder of the logs, one JSON line an event"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
