"""Rate limits: token buckets."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol


class Rate(NamedTuple):
    """A bucket's shape: `burst` tokens at once, then `tokens` tokens in `seconds`."""

    burst: int
    tokens: int
    seconds: int


@dataclass(slots=True, eq=False)
class Bucket:
    """A rate limit of the contract by its name. Each is made once, by the house or the floor that takes from it."""

    name: str
    rate: Rate

    @property
    def is_quick(self) -> bool:
        """Tells whether it gives more than a token a second: then a process decides at once and settles with the
        others later (see `Limits.take`)."""
        return self.rate.tokens > self.rate.seconds


class Taken(NamedTuple):
    """An answer: `wait_ms` is 0 when the tokens were taken, else the time until they could be."""

    wait_ms: int
    remaining: int
    reset_ms: int


class Limits(Protocol):
    """A driver of limits."""

    def take(self, key: str, rate: Rate, cost: int = 1) -> Taken:
        """Take `cost` tokens of the bucket `key`, or none when there are too few. On the event loop; never waits.

        What other processes took is known a moment later; until then each may take as much as it knows of.
        """

    async def ask(self, key: str, rate: Rate, cost: int = 1) -> Taken:
        """Take `cost` tokens of a bucket that all processes take from in turn: never more than there are.

        May wait for a moment; a process that cannot reach the others counts alone.
        """

    async def start(self) -> None:
        """Begin to count."""

    async def close(self) -> None:
        """Stop counting."""
