"""Faults planted into our own functions: the random histories must find each of them (docs/guarantees.md)."""

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import plants
from tests.features.test_states import Group

HISTORIES = 100
"""At most, and as many as it takes. Also when its choices are derandomized, Hypothesis draws some of them from the constants of
all our modules that are loaded by then: which histories come first depends on the tests before this one."""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", plants.INSIDE)
def test_a_planted_fault_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fault = plants.FAULTS[name]
    monkeypatch.setattr(fault.where, fault.function, fault.wrap(getattr(fault.where, fault.function)))
    budget = settings(Group.TestCase.settings, max_examples=HISTORIES, phases=[Phase.generate], print_blob=False)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Group, settings=budget)
