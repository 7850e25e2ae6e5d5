"""Asks the houses about a person.

They know the streams of a person, the people they may watch, and their ended sessions.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from messenger.db.database import Database
from messenger.db.tx import Tx
from messenger.doors.feature import Feature
from messenger.kernel.actor import Actor
from messenger.kernel.events import Topic


class People:
    """Asks the houses whose plates answer, in the order of the street."""

    def __init__(self, db: Database, features: Sequence[Feature]) -> None:
        self._db = db
        self._topics = [one.topics for one in features if one.topics]
        self._acquaintances = [one.acquaintances for one in features if one.acquaintances]
        self._ended = [one.ended for one in features if one.ended]

    def topics_of(self, tx: Tx, actor: Actor) -> list[Topic]:
        """Returns every stream a user hears."""
        return [topic for topics in self._topics for topic in topics(tx, actor)]

    async def last_seen(self, actor: Actor, user_ids: Iterable[int]) -> dict[int, int | None]:
        """Returns when those of the users whom the actor may watch were last seen (ms)."""
        seen: dict[int, int | None] = {}
        for acquaintances in self._acquaintances:
            seen.update(await self._db.read(acquaintances, actor, list(user_ids)))
        return seen

    async def ended(self, sessions: Mapping[int, int]) -> list[tuple[int, int]]:
        """Returns (user, session) of those sessions that are over, by one statement; `sessions`: user by session."""
        over: list[tuple[int, int]] = []
        for ended in self._ended if sessions else ():
            found: Collection[int] = await self._db.read(ended, sessions.keys())
            over += [(sessions[session_id], session_id) for session_id in found]
        return over
