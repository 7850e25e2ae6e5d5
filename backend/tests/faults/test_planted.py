"""Plants faults into the server's functions: the random histories must find each of them (docs/guarantees.md)."""

import pytest
from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import plants
from tests.faults.test_states import Group

SEEDS, HISTORIES = 30, 10
"""At most so many histories of so many seeds, and only as many as needed.

With one seed Hypothesis repeats a history with small changes, some ten times, before it makes another: the first
deletion came in the 66th.
"""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", plants.INSIDE)
def test_a_planted_fault_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fault = plants.FAULTS[name]
    monkeypatch.setattr(fault.where, fault.function, fault.wrap(getattr(fault.where, fault.function)))
    monkeypatch.setattr(Group, "_hypothesis_internal_use_seed", None, raising=False)  # restored: `seed` sets it
    budget = settings(Group.TestCase.settings, max_examples=HISTORIES, phases=[Phase.generate], print_blob=False)
    with pytest.raises(AssertionError):
        for number in range(SEEDS):
            run_state_machine_as_test(seed(number)(Group), settings=budget)
