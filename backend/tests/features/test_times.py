"""Tests the text of a time on the wire against the standard library's."""

import random
from datetime import UTC, datetime

import pytest

from messenger.kernel import clock

EDGES = [
    *(
        day + rest
        for day in (0, 951_782_400_000, 1_790_035_200_000, 253_402_214_400_000)
        for rest in (0, 1, 59_999, 60_000)
    ),
    *(1_790_035_200_000 - less for less in (1, 999, 1_000, 59_999, 60_000, 60_001)),
]
"""Times around the borders of days and minutes, from 1970 over a leap day to the year 9999."""


@pytest.mark.parametrize("ms", [*EDGES, *random.Random(9).choices(range(253_402_300_800_000), k=200)])
def test_a_time_is_written_to_the_millisecond(ms: int) -> None:
    moment = datetime.fromtimestamp(ms // 1000, UTC).isoformat(timespec="seconds")
    assert clock.text(ms) == f"{moment.removesuffix('+00:00')}.{ms % 1000:03d}Z"
    assert clock.parse(clock.text(ms)) // 1000 == ms // 1000
