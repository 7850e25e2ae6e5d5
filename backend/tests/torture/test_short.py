"""Makes the short form of `make torture`: every fault once, on both databases; no guarantee may break."""

import pytest

from tests.torture import ground
from tests.torture.report import told
from tests.torture.run import Opening, Plan, play

EMBEDDED = ("kill", "cut replies", "power cut", "full disk", "break connections", "power cut", "restart", "restore")
SCALED = (
    "kill",
    "cut replies",
    "break connections",
    "kill redis",
    "kill postgresql",
    "restart",
    "restore",
    "forgotten restore",
)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("opening", "faults"),
    [
        pytest.param(ground.embedded, EMBEDDED, id="embedded"),
        pytest.param(ground.scaled, SCALED, id="scaled", marks=pytest.mark.scaled),
    ],
)
def test_nothing_breaks(opening: Opening, faults: tuple[str, ...]) -> None:
    outcome = play(opening, Plan(seed=8, seconds=8, people=4, groups=1, pace=12, gap=0.3, faults=faults))
    counts = outcome.counts()
    assert not outcome.breaks, told(outcome)
    assert min(counts[what] for what in ("send_ok", "edit_ok", "del_ok", "read_ok", "member_ok", "recv")) > 0, counts
    assert {name for name in counts if name.startswith("fault")} == {f"fault: {name}" for name in faults}
