"""A lived-in database, written row by row: people, groups that overlap, messages, marks, and something in every other table."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final

from messenger.db.sql import Sql

AT_ONCE: Final = 20_000
MEMBERS: Final = 50
MESSAGES: Final = 100
START: Final = 1_700_000_000_000
"""The time of the first message (ms)."""

_TYPES: Final = {int: "BIGINT", str: "TEXT", bool: "BOOLEAN"}


def fill(sql: Sql, chats: int) -> None:
    """Writes `chats` groups of `MEMBERS` people with `MESSAGES` messages each, and as many people.

    Each person is in `MEMBERS` groups: a larger database has more people and groups, not more of them for one person.
    """
    for table, rows in _tables(chats).items():
        left = iter(rows)
        while part := list(islice(left, AT_ONCE)):
            sql.insert(table, part, **{name: _TYPES[type(value)] for name, value in part[0].items()})


def members_of(chat: int, chats: int) -> list[int]:
    """Answers the members of a group of a database with so many groups."""
    return [1 + (chat - 1 + step * (chats // MEMBERS)) % chats for step in range(MEMBERS)]


def _tables(chats: int) -> dict[str, Iterable[Mapping[str, Any]]]:
    """The rows of every table that has some."""
    places = range(1, chats + 1)
    users = range(1, chats + 1)
    messages = [(chat, seq) for chat in places for seq in range(1, MESSAGES + 1)]
    senders = {chat: members_of(chat, chats) for chat in places}
    return {
        "users": (
            {
                "id": n, "name": f"Anna {n}", "name_key": f"anna {n:06}", "email": f"{n}@example.org",
                "email_key": f"{n}@example.org", "password_hash": "-", "role": "member", "language": "en",
                "created_at": START, "rev": 1,
            }
            for n in users
        ),
        "name_words": ({"word": word, "user_id": n} for n in users for word in ("anna", f"{n:06}")),
        "sessions": (
            {
                "id": n, "user_id": n, "device": "", "address": "", "created_at": START, "last_used_at": START + n,
                "expires_at": START + 9_000_000_000 + n, "in_cookie": True,
            }
            for n in users
        ),
        "refresh_tokens": ({"hash": f"r{n}", "session_id": n, "created_at": START} for n in users),
        "letter_links": (
            {"hash": f"l{n}", "user_id": n, "purpose": "verify", "email_key": "", "expires_at": START + 9_000_000_000 + n} for n in users
        ),
        "devices": ({"user_id": n, "hash": f"d{n}", "last_at": START + n} for n in users),
        "guesses": (
            {
                "tally": f"g{n}", "in_a_row": 0, "window_at": START, "in_window": 0, "free_at": 0, "told_at": 0,
                "at": START + n,
            }
            for n in users
        ),
        "audit": (
            {"at": START + n, "kind": "signed_in", "user_id": n, "device": "", "address": "", "detail": ""} for n in users
        ),
        "chats": (
            {
                "id": n, "kind": "group", "name": f"Den {n}", "created_by": senders[n][0], "created_at": START,
                "member_count": MEMBERS,
            }
            for n in places
        ),
        "members": (
            {"chat_id": chat, "user_id": user, "role": "member", "joined_at": START + user, "joined_seq": 0}
            for chat in places
            for user in senders[chat]
        ),
        "invites": (
            {
                "code": f"i{n}", "chat_id": n, "created_by": senders[n][0], "created_at": START + n,
                "expires_at": START + 9_000_000_000,
            }
            for n in places
        ),
        "streams": [
            *({"kind": "chat", "id": n, "seq": MESSAGES, "ev": MESSAGES, "active_at": START + n} for n in places),
            *({"kind": "user", "id": n, "seq": 0, "ev": 1, "active_at": START} for n in users),
        ],
        "messages": (
            {
                "chat_id": chat, "seq": seq, "sender_id": senders[chat][seq % MEMBERS], "kind": "text",
                "text": "Выезд в девять", "entities": "[]", "sent_at": START + seq, "cmid": f"c{seq}", "digest": "",
            }
            for chat, seq in messages
        ),
        "message_versions": (
            {"chat_id": chat, "seq": seq, "rev": 1, "text": "", "entities": "[]", "at": START}
            for chat, seq in messages
            if seq % 20 == 0
        ),
        "receipts": (
            {"chat_id": chat, "user_id": user, "seq": user % MESSAGES, "at": START + user}
            for chat in places
            for user in senders[chat]
        ),
        "journal": (
            {"kind": "chat", "id": chat, "ev": seq, "at": START + seq * 1_000_000 + chat, "frame": '{"type":"x"}'}
            for chat, seq in messages
            if seq > MESSAGES - 20
        ),
        "outbox": (
            {"job": "probe", "payload": "{}", "effect_key": f"o{n}", "due_at": START + n} for n in places
        ),
        "repeats": ({"scope": f"s{n}", "digest": "", "body": "{}", "at": START + n} for n in users),
        "avatar_uploads": ({"kind": "user", "id": n, "avatar": "", "user_id": n} for n in users),
    }  # fmt: skip
