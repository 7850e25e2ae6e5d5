"""Tests the checker: it must name each fault that is planted into our own server (docs/guarantees.md)."""

from dataclasses import replace

import pytest

from tests import plants
from tests.torture import ground
from tests.torture.run import Plan, play

FAULTS_OF = {
    "power cut": ("kill", "power cut", "power cut"),
    "kill": ("kill",),
    "revocation": ("kill",),
    "kill postgresql": ("kill", "kill", *["kill postgresql"] * 3),
    "restore": ("restore",),
    "restored dump": ("restore",),
    "forgotten restore": ("forgotten restore",),
}
"""Faults by the driver, where a planted fault shows only then."""
SCALED = {"kill postgresql", "restored dump", "forgotten restore"}
"""Faults by the driver for servers on PostgreSQL."""
NOT_DONE = {"I19"}
"""Invariants that the torture does not test: random histories do (`tests/faults/test_planted.py`)."""
SESSION_S = 8
"""An ended session must receive an event more than 5 s later."""
SMALL = Plan(people=3, groups=1, pace=15, gap=0.5, healed_s=10, even=True, repeats=False)
SEEDS = (1, 2, 3, 5, 8)
"""A run that is too short to show the fault is followed by a longer one: people act at random."""


def test_the_gate_is_wide_enough() -> None:
    assert len(plants.FAULTS) >= 25
    assert {fault.code for fault in plants.FAULTS.values()} >= {f"I{n}" for n in range(1, 19)}


NAMES = [
    pytest.param(name, marks=pytest.mark.scaled) if fault.needs in SCALED else name
    for name, fault in plants.FAULTS.items()
    if fault.code not in NOT_DONE
]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", NAMES)
def test_the_checker_names_a_planted_fault(name: str) -> None:
    fault = plants.FAULTS[name]
    is_late, found = fault.needs == "revocation", set()
    opening = ground.scaled if fault.needs in SCALED else ground.embedded
    for seed in SEEDS:
        seconds = SESSION_S * seed if is_late else 2 * seed
        faults = FAULTS_OF.get(fault.needs, ())
        plan = replace(SMALL, seed=seed, seconds=seconds, faults=faults, plant=name, cuts=not is_late)
        found |= play(opening, plan).codes
        if fault.code in found:
            return
    pytest.fail(f"{name} breaks {fault.code}, and the checker named {sorted(found) or 'nothing'}")
