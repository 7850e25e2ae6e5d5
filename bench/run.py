"""The three questions in turn, several rounds, medians against `budgets.toml`. `make bench`, or `run.py [ROUNDS]`.

About half a minute a round. The rounds are interleaved, so that a busy minute of the machine meets all questions.
"""

import sys
import tomllib
from pathlib import Path
from statistics import median

import fanout
import idle
import send

ROUNDS = 3


def measured(rounds: int) -> dict[str, float]:
    """The median of each ratio."""
    messages, shares, ratios = [], [], []
    for _ in range(rounds):
        share, writer = fanout.measure()
        messages.append(send.measure())
        shares.append(share)
        ratios.append(writer / messages[-1])
    print(f"\nmedian of {rounds}: {median(messages):.0f} messages/CPU-s")
    return {"message_in_deliveries": median(ratios), "fanout_share": median(shares), "socket_kib": idle.measure()}


def main() -> None:
    """Measure, compare with what was kept, exit with 1 when a budget is exceeded."""
    budgets = tomllib.loads((Path(__file__).parent / "budgets.toml").read_text())
    exceeded = False
    for name, value in measured(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS).items():
        budget = budgets[name]
        is_out = value > budget.get("most", value) or value < budget.get("least", value)
        exceeded |= is_out
        limit = f"at most {budget['most']}" if "most" in budget else f"at least {budget['least']}"
        print(f"{name}: {value:.2f} (kept {budget['kept']}, {limit}){' EXCEEDED' if is_out else ''}")
    sys.exit(1 if exceeded else 0)


if __name__ == "__main__":
    main()
