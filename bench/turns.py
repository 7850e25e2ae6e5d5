"""Asks one question of several servers in turns, so that a busy minute of the machine meets all of them."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from statistics import fmean, median

from rig import Spent

Turn = Callable[[], Awaitable[Spent]]
"""Asks a prepared question for about a quarter of a second: CPU of one operation."""
Prepared = AbstractAsyncContextManager[Turn]
"""A question to one server, ready until the block ends."""
ROUNDS = 13
MANY = 25
"""Rounds of questions whose cost moves by an eighth from turn to turn: at 25 the ratio moves by 3 % from run to run."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Holds the results of each round, by the name of the server."""

    found: dict[str, list[Spent]]

    def cost(self, name: str) -> float:
        """Returns the median CPU-seconds of one operation, with the databases beside the server."""
        return median(one.whole for one in self.found[name])

    def own(self, name: str) -> float:
        """Returns the median CPU-seconds of one operation, of the server alone."""
        return median(one.own for one in self.found[name])

    def ratio(self, name: str, to: str) -> float:
        """Returns one server's cost over the other's of the same round: the mean without a fifth at each end.

        From run to run it moves a quarter less than the median does (fifty rounds of each question, drawn again).
        """
        ratios = sorted(one.whole / other.whole for one, other in zip(self.found[name], self.found[to], strict=True))
        cut = len(ratios) // 5
        return fmean(ratios[cut : len(ratios) - cut])


async def in_turns(
    questions: Mapping[str, Prepared], rounds: int = ROUNDS, is_enough: Callable[[Turns], bool] = lambda _: True
) -> Turns:
    """Asks each once unmeasured, then each in every round, in one order and then in the other.

    When that is not enough, it goes on for twice as many rounds; all count.
    """
    turns = Turns({name: [] for name in questions})
    async with AsyncExitStack() as prepared:
        asked = {name: await prepared.enter_async_context(question) for name, question in questions.items()}
        for turn in asked.values():
            await turn()
        for number in range(3 * rounds):
            if number == rounds and is_enough(turns):
                break
            for name in list(asked)[:: -1 if number % 2 else 1]:
                turns.found[name].append(await asked[name]())
    return turns
