"""Fills a database as long use would, row by row.

People, groups that overlap, messages, marks, and rows in every other table.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from messenger.db.sql import Sql

AT_ONCE: Final = 20_000
MEMBERS: Final = 50
MESSAGES: Final = 100
JOURNALED: Final = 20
"""The number of newest messages of a chat whose changes are kept."""
RARE: Final = 40
"""One of this many messages is a service message."""
APART: Final = 1_000_000
"""The time between two messages of a chat (ms)."""
START: Final = 1_700_000_000_000
"""The time of the first message of a chat with `MESSAGES` of them (ms)."""

_TYPES: Final = {int: "BIGINT", str: "TEXT", bool: "BOOLEAN"}

Tables = Sequence[tuple[str, Iterable[Mapping[str, Any]]]]
"""Tables with their rows; all rows of an entry have the same columns."""


@dataclass(frozen=True, slots=True)
class Place:
    """Describes a chat to write. `late` has read nothing; `writers` have read all of it, the others a part."""

    id: int
    members: list[int]
    messages: int = MESSAGES
    kind: str = "group"
    late: int = 0

    def at(self, seq: int, start: int) -> int:
        """Returns the time of a message (ms). The newest message of every chat is of the same day."""
        return start + (MESSAGES - self.messages + seq) * APART + self.id

    @property
    def writers(self) -> list[int]:
        """Returns the people who write; a person who writes has read."""
        return [user for user in self.members if user != self.late][::4]

    def mark(self, user: int) -> int:
        """Returns the message up to which a member has read; 0: none."""
        if user in self.writers:
            return self.messages
        return 0 if user == self.late else user % self.messages


def fill(sql: Sql, tables: Tables) -> None:
    """Writes rows, `AT_ONCE` by `AT_ONCE`."""
    for table, rows in tables:
        left = iter(rows)
        while part := list(islice(left, AT_ONCE)):
            sql.insert(table, part, **{name: _TYPES[type(value)] for name, value in part[0].items()})


def groups(count: int, messages: int = MESSAGES) -> list[Place]:
    """Returns `count` groups, of `MEMBERS` of `count` people each.

    Each person is in `MEMBERS` groups: a larger database has more people and groups, not more of them for one
    person.
    """
    return [Place(n, members_of(n, count), messages) for n in range(1, count + 1)]


def members_of(chat: int, chats: int) -> list[int]:
    """Returns the members of a group in a database with this many groups."""
    return [1 + (chat - 1 + step * (chats // MEMBERS)) % chats for step in range(MEMBERS)]


def tables_of(people: int, places: Sequence[Place], start: int = START, password_hash: str = "-") -> Tables:
    """Returns the rows of every table: people with that password, their chats, and the other rows of a server."""
    return [*_of_people(range(1, people + 1), start, password_hash), *_of_chats(places, start)]


def left_over(places: Sequence[Place]) -> Tables:
    """Returns rows that an idle server does not have: waiting jobs, kept answers, avatars in work."""
    return [
        (
            "outbox",
            ({"job": "probe", "payload": "{}", "effect_key": f"o{one.id}", "due_at": START + one.id} for one in places),
        ),
        ("repeats", ({"scope": f"s{one.id}", "digest": "", "body": "{}", "at": START + one.id} for one in places)),
        ("avatar_uploads", ({"kind": "user", "id": one.id, "avatar": "", "user_id": one.id} for one in places)),
    ]


def _of_people(users: range, start: int, password_hash: str) -> Tables:
    return [
        ("users", (
            {
                "id": n, "name": f"Anna {n}", "name_key": f"anna {n:06}", "email": f"{n}@example.org",
                "email_key": f"{n}@example.org", "password_hash": password_hash, "role": "member", "language": "en",
                "created_at": start, "rev": 1,
            }
            for n in users
        )),
        ("name_words", ({"word": word, "user_id": n} for n in users for word in ("anna", f"{n:06}"))),
        ("sessions", (
            {
                "id": n, "user_id": n, "device": "", "address": "", "created_at": start, "last_used_at": start + n,
                "expires_at": start + 9_000_000_000 + n, "in_cookie": True,
            }
            for n in users
        )),
        ("refresh_tokens", ({"hash": f"r{n}", "session_id": n, "created_at": start} for n in users)),
        ("letter_links", (
            {"hash": f"l{n}", "user_id": n, "purpose": "verify", "email_key": "", "expires_at": start + 9_000_000_000 + n}
            for n in users
        )),
        ("devices", ({"user_id": n, "hash": f"d{n}", "last_at": start + n} for n in users)),
        ("guesses", (
            {
                "tally": f"g{n}", "in_a_row": 0, "window_at": start, "in_window": 0, "free_at": 0, "told_at": 0,
                "at": start + n,
            }
            for n in users
        )),
        ("audit", (
            {"at": start + n, "kind": "sign_in.done", "user_id": n, "device": "", "address": "", "detail": ""} for n in users
        )),
        ("uploads", (
            {
                "id": n, "user_id": n, "client_key": f"k{n}", "wanted": "file", "name": "a", "claimed_type": "", "size": 10,
                "taken": 0, "turn": 1, "state": "open" if n % 20 == 3 else "done", "file_id": n,
                "expires_at": start + 9_000_000_000 + n,
            }
            for n in users
        )),
        ("upload_pieces", ({"upload_id": n, "start": 5, "size": 5, "turn": 1, "n": 0} for n in users)),
        ("files", (
            {
                "id": n, "user_id": n, "kind": "file", "name": "a", "type": "-", "size": 10, "sha256": "-", "stored": 10,
                "uses": 1, "created_at": start,
            }
            for n in users
        )),
        ("storage_used", ({"user_id": n, "used": 10, "reserved": 0} for n in users)),
        ("storage_kinds", ({"owner": n if n > 16 else -n, "kind": "file", "files": 1, "used": 10} for n in users)),
        ("storage_days", ({"day": n, "shard": 1, "added": 10, "removed": 0} for n in users)),
        ("storage_chats", ({"chat_id": n, "files": 1, "used": 10} for n in users)),
        ("storage_total", ({"shard": n, "used": 10, "reserved": 0} for n in users)),
        ("strays", ({"key": f"s{n}", "seen_at": start + n} for n in users)),
        ("streams", ({"kind": "user", "id": n, "seq": 0, "ev": 1, "active_at": start} for n in users)),
    ]  # fmt: skip


def _of_chats(places: Sequence[Place], start: int) -> Tables:
    shared = [one for one in places if one.kind == "group"]
    return [
        ("chats", (_chat(one, f"Den {one.id}", start) for one in shared)),
        ("chats", (
            _chat(one, "", start) | {"pair": ":".join(map(str, sorted(one.members)))} for one in places if one.kind == "direct"
        )),
        ("members", (
            {
                "chat_id": one.id, "user_id": user, "joined_at": start + user, "joined_seq": 0,
                "read_seq": one.mark(user), "shown_seq": one.mark(user),
                "role": "owner" if one.kind == "group" and user == one.members[0] else "member",
            }
            for one in places
            for user in one.members
        )),
        ("invites", (
            {
                "code": f"i{one.id}", "chat_id": one.id, "created_by": one.members[0], "created_at": start + one.id,
                "expires_at": start + 9_000_000_000,
            }
            for one in shared
        )),
        ("streams", (
            {
                "kind": "chat", "id": one.id, "seq": one.messages, "ev": one.messages,
                "active_at": one.at(one.messages, start),
            }
            for one in places
        )),
        ("messages", (
            {
                "chat_id": one.id, "seq": seq, "sender_id": one.writers[seq % len(one.writers)],
                "kind": "text" if seq % RARE else "service",
                "text": "Выезд в девять", "entities": "[]", "sent_at": one.at(seq, start), "cmid": f"c{seq}",
                "digest": "", "has": 0 if seq % 20 else 512,
            }
            for one, seq in _messages(places)
        )),
        ("message_versions", (
            {"chat_id": one.id, "seq": seq, "rev": 1, "text": "", "entities": "[]", "at": start}
            for one, seq in _messages(places)
            if seq % 20 == 0
        )),
        ("mentions", (
            {"user_id": one.members[seq % len(one.members)], "chat_id": one.id, "seq": seq}
            for one, seq in _messages(places)
            if seq % 20 == 0
        )),
        ("file_uses", (
            {"chat_id": one.id, "seq": seq, "place": 0, "file_id": one.id, "kind": "file", "alt": ""}
            for one, seq in _messages(places)
            if seq % 20 == 0
        )),
        ("card_uses", (
            {"chat_id": one.id, "seq": seq, "place": 0, "address_hash": f"h{one.id}", "at": start}
            for one, seq in _messages(places)
            if seq % 20 == 0
        )),
        ("cards", (
            {"address_hash": f"h{one.id}", "address": "", "state": "ready", "site": "", "title": "", "summary": "",
             "expires_at": start + one.id}
            for one in places
        )),
        ("reactions", (
            {"chat_id": one.id, "seq": seq, "emoji": "👍", "user_id": user, "at": start + user}
            for one, seq in _messages(places)
            if seq % 20 == 0
            for user in one.members[:2]
        )),
        ("listened", (
            {"chat_id": one.id, "seq": seq, "user_id": user, "author_id": one.members[-1], "at": start + user}
            for one, seq in _messages(places)
            if seq % 20 == 0
            for user in one.members[:2]
        )),
        ("reaction_tallies", (
            {"chat_id": one.id, "seq": seq, "emoji": "👍", "people": 2, "first_at": start}
            for one, seq in _messages(places)
            if seq % 20 == 0
        )),
        ("journal", (
            {"kind": "chat", "id": one.id, "ev": seq, "at": one.at(seq, start), "frame": '{"type":"x"}'}
            for one, seq in _messages(places)
            if seq > one.messages - JOURNALED
        )),
    ]  # fmt: skip


def _chat(one: Place, name: str, start: int) -> dict[str, Any]:
    return {
        "id": one.id, "kind": one.kind, "name": name, "created_by": one.members[0], "created_at": start,
        "member_count": len(one.members),
    }  # fmt: skip


def _messages(places: Sequence[Place]) -> Iterator[tuple[Place, int]]:
    """Returns each message of each chat."""
    return ((one, seq) for one in places for seq in range(1, one.messages + 1))
