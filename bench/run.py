"""All questions in turn, several rounds, medians against `budgets.toml`. `make bench`, or `run.py [ROUNDS]`.

About two minutes a round, and half a minute once a day for the lived-in database. The rounds are interleaved, so that a busy minute of the machine meets all questions.
"""

import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from statistics import median

import bus
import connect
import elsewhere
import fanout
import idle
import send
import world
from rig import Ground, ground

ROUNDS = 3


def measured(rounds: int, under: Ground) -> dict[str, float]:
    """The median of each ratio."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        share, writer = fanout.measure()
        embedded, scaled = send.measure(), send.measure(under=under)
        found["fanout_share"].append(share)
        found["message_in_deliveries"].append(writer / embedded)
        found["send_lived_in"].append(embedded / send.measure(messages=world.MESSAGES))
        found["postgres_share"].append(scaled / embedded)
        found["elsewhere"].append(elsewhere.measure(under))
        found["bus_ms"].append(bus.measure(under))
    found["socket_kib"].append(idle.measure())
    found["chats_heard"].append(connect.measure(under))
    return {name: median(values) for name, values in found.items()}


def main() -> None:
    """Measure, compare with what was kept, exit with 1 when a budget is exceeded."""
    budgets = tomllib.loads((Path(__file__).parent / "budgets.toml").read_text())
    exceeded = False
    with ground() as under:
        medians = measured(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS, under)
    for name, value in medians.items():
        budget = budgets[name]
        is_out = value > budget.get("most", value) or value < budget.get("least", value)
        exceeded |= is_out
        limit = f"at most {budget['most']}" if "most" in budget else f"at least {budget['least']}"
        print(f"{name}: {value:.2f} (kept {budget['kept']}, {limit}){' EXCEEDED' if is_out else ''}")
    sys.exit(1 if exceeded else 0)


if __name__ == "__main__":
    main()
