"""Rate limits: token buckets."""

from typing import NamedTuple, Protocol


class Rate(NamedTuple):
    """The shape of a bucket: `burst` tokens at once, then `tokens` tokens in `seconds`."""

    burst: int
    tokens: int
    seconds: int


class Taken(NamedTuple):
    """The result of taking tokens: `wait_ms` is 0 when they were taken, else the time until they can be."""

    wait_ms: int
    remaining: int
    reset_ms: int


class Bucket:
    """A rate limit of the contract by its name. Each is made once, by the house or the floor that takes from it.

    `full`: the result of every take while limits are off.
    """

    __slots__ = ("full", "name", "rate")

    def __init__(self, name: str, rate: Rate) -> None:
        self.name, self.rate = name, rate
        self.full = Taken(0, rate.burst, 0)

    @property
    def is_quick(self) -> bool:
        """Returns whether the bucket gives more than one token a second.

        Then each process decides at once and settles with the others later (see `Limits.take`).
        """
        return self.rate.tokens > self.rate.seconds


class Limits(Protocol):
    """A driver of limits."""

    def take(self, key: str, rate: Rate, cost: int = 1) -> Taken:
        """Takes `cost` tokens of the bucket `key`, or none when there are too few. On the event loop; never waits.

        What other processes took is known a moment later; until then each may take as much as it knows of.
        """

    async def ask(self, key: str, rate: Rate, cost: int = 1) -> Taken:
        """Takes `cost` tokens of a bucket that all processes share exactly: never more than there are.

        May wait for a moment; a process that cannot reach the others counts alone.
        """

    async def start(self) -> None:
        """Starts to count."""

    async def close(self) -> None:
        """Stops counting."""
