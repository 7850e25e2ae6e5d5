"""Tests that all code locks rows in one order: concurrent histories of two processes meet no deadlock."""

import asyncio
import json
import random
import uuid
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, NamedTuple

import psycopg
import pytest

from messenger.assembly.features import hooks
from messenger.db.database import Database
from messenger.features.cards import actions as cards
from messenger.features.cards.actions import Fetch, Plan
from messenger.features.chats import actions as chats
from messenger.features.chats.actions import ChatChanges
from messenger.features.chats.wire import Role, StateChange
from messenger.features.media.actions import files, uploads
from messenger.features.media.actions.files import Made, Shown
from messenger.features.media.actions.uploads import Piece
from messenger.features.media.policy import Terms, UploadWish
from messenger.features.media.wire import FileWish
from messenger.features.messages import access
from messenger.features.messages import actions as messages
from messenger.features.messages.actions import Change, Place, Rules, SendWish
from messenger.features.people import actions as people
from messenger.features.reactions import actions as reactions
from messenger.features.reactions.actions import ReactWish
from messenger.features.receipts import actions as receipts
from messenger.features.receipts.actions import ReadWish
from messenger.features.sessions import actions as accounts
from messenger.kernel import events
from messenger.kernel.actor import Actor
from messenger.kernel.errors import AppError, Unavailable
from messenger.kernel.ports.web import address_of
from tests import migrated
from tests.postgres import Cluster

PEOPLE, GROUPS, TALKERS, STEPS = 8, 6, 48, 36
RULES = Rules(1000, 86_400)
ADDRESS = address_of("https://site.example/")
CARD = {
    "address": "", "state": "ready", "site": "", "title": "a", "summary": "", "size": 1, "width": 1, "height": 1,
    "thumbhash": "", "expires_at": 2**50,
}  # fmt: skip


class Known(NamedTuple):
    """What all talkers know: files with their owners, and places of messages with files."""

    files: list[tuple[int, int]]
    spoken: list[Place]


class Talker:
    """Does random things, one after the other, each in either process."""

    def __init__(
        self,
        databases: list[Database],
        people: list[Actor],
        rooms: list[int],
        known: Known,
        seed: int,
    ) -> None:
        self._databases, self._people, self._rooms = databases, people, rooms
        self._files, self._spoken = known
        self._random = random.Random(seed)
        self._verbs: list[Callable[[Database, Actor, int], Awaitable[Any]]] = [
            *[self._send] * 6,
            *[self._read] * 6,
            self._edit,
            self._delete,
            self._rename,
            self._come,
            self._go,
            self._promote,
            *[self._set_aside] * 3,
            *[self._react] * 3,
            *[self._show_cards] * 4,
            self._remove_card,
            *[self._listen] * 3,
            *[self._upload] * 3,
            *[self._send_files] * 4,
            self._remove_file,
            self._profile,
        ]

    async def talk(self) -> None:
        """Does all steps. Refusals are expected, a database that is too busy is not."""
        for _ in range(STEPS):
            verb, db = self._random.choice(self._verbs), self._random.choice(self._databases)
            try:
                await verb(db, self._random.choice(self._people), self._random.choice(self._rooms))
            except Unavailable:
                raise
            except AppError:
                continue

    async def _send(self, db: Database, me: Actor, room: int) -> None:
        wish = SendWish(me, room, "on", str(uuid.uuid4()), None, (), 1000)
        await db.batch(messages.send_many, wish, lane=room)

    async def _read(self, db: Database, me: Actor, room: int) -> None:
        await db.batch(receipts.read_many, ReadWish(me, room, self._random.randrange(500)), lane=room)

    async def _edit(self, db: Database, me: Actor, room: int) -> None:
        change = Change(str(uuid.uuid4()), (), None)
        await db.write(messages.edit, me, self._place(room), change, RULES)

    async def _delete(self, db: Database, me: Actor, room: int) -> None:
        await db.write(messages.delete, me, self._place(room), RULES)

    async def _rename(self, db: Database, me: Actor, room: int) -> None:
        await db.write(chats.change, me, room, ChatChanges(str(uuid.uuid4())), None)

    async def _come(self, db: Database, me: Actor, room: int) -> None:
        some = self._random.sample(self._people, 3)
        await db.write(chats.add_members, me, room, [one.user_id for one in some])

    async def _go(self, db: Database, me: Actor, room: int) -> None:
        await db.write(chats.remove_member, me, room, self._random.choice(self._people).user_id)

    async def _promote(self, db: Database, me: Actor, room: int) -> None:
        roles: tuple[Role, ...] = ("member", "admin", "owner")
        role = self._random.choice(roles)
        await db.write(chats.change_role, me, room, self._random.choice(self._people).user_id, role)

    async def _set_aside(self, db: Database, me: Actor, room: int) -> None:
        await db.write(chats.change_state, me, room, StateChange(pin=self._random.randrange(9)))

    async def _react(self, db: Database, me: Actor, room: int) -> None:
        wish = ReactWish(me, self._place(room), self._random.choice("👍🎉😢"), on=self._random.random() < 0.7)
        await db.batch(reactions.react_many, wish, lane=room)

    async def _show_cards(self, db: Database, me: Actor, room: int) -> None:
        """Shows cards as the job does: of few addresses, which other messages have too; some are found, some known."""
        place = self._place(room)
        rows = await db.read(access.rows_at, {place})
        keys = self._random.sample(["a", "b", "c", "d", "e"], 3)
        missing = keys[: self._random.randrange(4)]
        fetch = Fetch(*place, rows[place].rev if place in rows else 1, me.user_id, 0)
        plan = Plan(dict.fromkeys(keys, ADDRESS), keys, missing)
        found = {key: CARD | {"address_hash": key, "picture": uuid.uuid4().hex} for key in missing}
        await db.write(cards.show, fetch, plan, found)

    async def _remove_card(self, db: Database, me: Actor, room: int) -> None:
        await db.write(cards.remove, me, self._place(room), self._random.randrange(3))

    async def _listen(self, db: Database, me: Actor, room: int) -> None:
        if self._spoken:
            await db.write(receipts.listen, me, self._random.choice(self._spoken))

    async def _upload(self, db: Database, me: Actor, _: int) -> None:
        """Uploads as the doors and the job do, without bytes; now and then another one of the same key, or none."""
        wish = UploadWish(me.user_id, 5, "a", "", "file", str(self._random.randrange(60)))
        row = await db.write(uploads.begin, wish, Terms(1_000_000, self._random.choice([None, 10**9]), 3_600))
        if self._random.random() < 0.3:
            await db.write(uploads.cancel, me.user_id, row.id)
            return
        turn = await db.write(uploads.take_turn, me.user_id, row.id, 0)
        await db.write(uploads.count_piece, turn, Piece(0, 0, 5), 3_600, is_scanned=False)
        voice = Shown("voice", "a", [], has_original=True) if self._random.random() < 0.4 else None
        await db.write(files.finish, row.id, Made("x", 5, "y", voice))
        self._files.append((me.user_id, (await db.read(uploads.mine, me.user_id, row.id)).file_id))

    async def _send_files(self, db: Database, me: Actor, room: int) -> None:
        """Sends files of mine, now and then one of others."""
        mine = [file_id for user_id, file_id in self._files if user_id == me.user_id or self._random.random() < 0.1]
        count = self._random.choice((1, 1, 2))  # a voice message is the only file of its message
        some = [FileWish(file_id) for file_id in self._random.sample(mine, min(count, len(mine)))]
        wish = SendWish(me, room, "on", str(uuid.uuid4()), None, (), 1000, some)
        sent = await db.batch(messages.send_many, wish, lane=room)
        self._spoken.append(Place(room, json.loads(sent.view)["seq"]))

    async def _remove_file(self, db: Database, me: Actor, _: int) -> None:
        if self._files:
            await db.write(files.remove, me.user_id, self._random.choice(self._files)[1])

    async def _profile(self, db: Database, me: Actor, _: int) -> None:
        await db.write(people.change_profile, me, {"name": str(uuid.uuid4())}, None)

    def _place(self, room: int) -> Place:
        return Place(room, self._random.randrange(1, 40))


async def person(db: Database, name: str) -> Actor:
    """Registers a person and returns their session."""
    newcomer = accounts.Newcomer(name, f"{name}@example.org", "-", "en", None, None, None)
    door, device = accounts.Door("open", ""), accounts.Device("test", "127.0.0.1", in_cookie=False)
    signed = await db.write(accounts.register, newcomer, door, device)
    assert signed
    return Actor(signed.user.id, signed.session_id)


@pytest.mark.parametrize("named_most", [events.CROWD, 1], ids=["small", "large"])
def test_concurrent_histories_meet_no_deadlock(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, named_most: int
) -> None:
    """Runs with chats that announce read marks to all members, and with chats that announce them to the reader only."""
    monkeypatch.setattr(events, "CROWD", named_most)
    url = migrated.scaled(cluster)

    async def run() -> None:
        async with AsyncExitStack() as stack:
            databases = []
            for _ in range(2):
                db = Database(url, hooks())
                await db.open(lambda envelopes, woken: None)
                stack.push_async_callback(db.close)
                databases.append(db)
            people = [await person(databases[0], f"p{n}") for n in range(PEOPLE)]
            everybody = [one.user_id for one in people]
            rooms = [
                (await databases[0].write(chats.create_group, people[n], f"g{n}", everybody)).id for n in range(GROUPS)
            ]
            known = Known([], [])
            talkers = [Talker(databases, people, rooms, known, seed) for seed in range(TALKERS)]
            await asyncio.gather(*(talker.talk() for talker in talkers))

    asyncio.run(run())
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        assert found.fetchone() == (0,)
        (said,) = connection.execute("SELECT count(*) FROM messages WHERE kind = 'text'").fetchone() or (0,)
        assert said > 100, "the talkers really sent messages"
        (held,) = connection.execute("SELECT count(*) FROM file_uses").fetchone() or (0,)
        assert held > 20, "and files"
        (shown,) = connection.execute("SELECT count(*) FROM card_uses").fetchone() or (0,)
        assert shown > 5, "and showed cards"
        wrong = connection.execute(
            "SELECT address_hash FROM cards c WHERE NOT EXISTS (SELECT 1 FROM card_uses u"
            " WHERE u.address_hash = c.address_hash AND u.removed_by IS NULL)"
        )
        assert wrong.fetchall() == [], "a card that no message shows is gone"
        wrong = connection.execute(
            "SELECT address_hash FROM card_uses u WHERE removed_by IS NULL AND NOT EXISTS (SELECT 1 FROM cards c"
            " WHERE u.address_hash = c.address_hash)"
        )
        assert wrong.fetchall() == [], "a card that a message shows is there"
        (heard,) = connection.execute("SELECT count(*) FROM listened").fetchone() or (0,)
        assert heard > 5, "and listened to voice messages"
        wrong = connection.execute(
            "SELECT id FROM files f WHERE uses <> (SELECT count(*) FROM file_uses u WHERE u.file_id = f.id)"
            " OR (uses = 0) <> (unused_since IS NOT NULL)"
        )
        assert wrong.fetchall() == []
        wrong = connection.execute(
            "SELECT user_id FROM storage_used s WHERE used <> (SELECT COALESCE(sum(stored), 0) FROM files f"
            " WHERE f.user_id = s.user_id) OR reserved <> (SELECT COALESCE(sum(size), 0) FROM uploads u"
            " WHERE u.user_id = s.user_id AND u.state IN ('open', 'full'))"
        )
        assert wrong.fetchall() == []
