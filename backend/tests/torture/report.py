"""Writes the report of a run: its seed, what was done and checked, and the lines that show a break."""

import json

from tests.torture.check import CHECKS
from tests.torture.run import Outcome

WITNESSES = 3
"""Breaks of one kind that are shown; the smallest come first."""


def told(outcome: Outcome) -> str:
    """Returns the report."""
    plan = outcome.plan
    lines = [
        f"seed {plan.seed}, {plan.people} people with {plan.devices} devices each, {plan.seconds:g} s",
        f"{len(outcome.lines)} lines were noted:",
        *(f"  {count:>8} {what}" for what, count in outcome.counts().items()),
        "Sends by their outcome:",
        *(f"  {count:>8} {name}" for name, count in outcome.sends().items()),
        f"Checked: {', '.join(_checked())}.",
    ]
    if not outcome.breaks:
        return "\n".join([*lines, "Nothing is broken."])
    for code in sorted(outcome.codes, key=lambda code: (code[0], int(code[1:]))):
        breaks = [one for one in outcome.breaks if one.code == code]
        lines.append(f"{code} IS BROKEN, {len(breaks)} times (docs/guarantees.md):")
        for one in breaks[:WITNESSES]:
            lines += [f"  {one.words}", *(f"    {json.dumps(line)}" for line in one.witness)]
    return "\n".join(lines)


def _checked() -> list[str]:
    """Returns the codes in the first lines of the checks."""
    codes = {word.strip(".,:") for part in CHECKS for word in (part.__doc__ or "").split() if word[0] in "IR"}
    return sorted((code for code in codes if code[1:].isdecimal()), key=lambda code: (code[0], int(code[1:])))
