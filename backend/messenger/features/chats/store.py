"""All SQL of chats and members."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from messenger.db.sql import Record, Sql, many

CHAT_COLUMNS: Final = """
    c.id, c.kind, c.name, c.avatar, c.pair, c.created_at, c.rev, c.member_count, c.cards,
    m.role, s.seq, s.ev, s.active_at, j.at AS ev_at,
    m.read_seq, m.level, m.muted_until, m.pin, m.archived, m.unread_from, m.rev AS my_rev"""
_MY_CHATS: Final = """
    FROM members m CROSS JOIN chats c CROSS JOIN streams s
    LEFT JOIN journal j ON j.kind = s.kind AND j.id = s.id AND j.ev = s.ev
    WHERE m.user_id = :user_id AND c.id = m.chat_id AND s.kind = 'chat' AND s.id = c.id"""

ChatRow = Record


def find_seats(sql: Sql, wishes: Collection[tuple[int, int]]) -> Sequence[Record]:
    """Returns the columns of `Seat`, except its rights, for the (chat, user) pairs that are members."""
    return sql.all(
        f"""SELECT m.chat_id, m.user_id, m.role, c.kind, c.member_count, m.joined_seq, s.seq, s.ev
        FROM {sql.rowset("w", chat_id="BIGINT", user_id="BIGINT")}
        CROSS JOIN members m CROSS JOIN chats c CROSS JOIN streams s
        WHERE m.chat_id = w.chat_id AND m.user_id = w.user_id AND c.id = m.chat_id AND s.kind = 'chat' AND s.id = c.id""",
        {"w": many([{"chat_id": chat_id, "user_id": user_id} for chat_id, user_id in set(wishes)])},
    )


def find_chat(sql: Sql, user_id: int, chat_id: int) -> ChatRow | None:
    """Returns a chat as one of its members sees it."""
    return sql.first(
        f"SELECT {CHAT_COLUMNS} {_MY_CHATS} AND m.chat_id = :chat_id",
        {"user_id": user_id, "chat_id": chat_id},
    )


def list_chats(
    sql: Sql, user_id: int, before: tuple[int, int] | None, most: int, with_id: int | None = None
) -> Sequence[ChatRow]:
    """Returns chats of a user, last active first, after the position `(active_at, id)`.

    With `with_id` only those that this user is in too.
    """
    after = "AND (s.active_at, m.chat_id) < (:at, :id)" if before else ""
    both = (
        "AND EXISTS (SELECT 1 FROM members o WHERE o.chat_id = m.chat_id AND o.user_id = :with_id)" if with_id else ""
    )
    return sql.all(
        f"""SELECT {CHAT_COLUMNS} {_MY_CHATS} {after} {both}
        ORDER BY s.active_at DESC, m.chat_id DESC LIMIT :most""",
        {"user_id": user_id, "most": most}
        | ({"at": before[0], "id": before[1]} if before else {})
        | ({"with_id": with_id} if with_id else {}),
    )


def list_chat_ids(sql: Sql, user_id: int, largest: int = 0) -> list[int]:
    """Returns the chats of a user: all, or those of at most so many members."""
    few = "AND EXISTS (SELECT 1 FROM chats c WHERE c.id = m.chat_id AND c.member_count <= :largest)" if largest else ""
    rows = sql.all(
        f"SELECT chat_id FROM members m WHERE user_id = :user_id {few}", {"user_id": user_id, "largest": largest}
    )
    return [row[0] for row in rows]


def list_crowded(sql: Sql, user_ids: Collection[int], most: int) -> list[int]:
    """Returns those of `user_ids` who are in more chats than that."""
    rows = sql.all(
        f"""SELECT w.id FROM {sql.rowset("w", id="BIGINT")}
        WHERE (SELECT count(*) FROM members m WHERE m.user_id = w.id) > :most ORDER BY w.id""",
        {"w": many([{"id": user_id} for user_id in user_ids]), "most": most},
    )
    return [row[0] for row in rows]


def find_pair(sql: Sql, pair: str) -> int | None:
    """Returns the direct or saved chat of a pair key."""
    row = sql.first("SELECT id FROM chats WHERE pair = :pair", {"pair": pair})
    return row[0] if row else None


def insert_chat(sql: Sql, chat: Mapping[str, Any]) -> bool:
    """Writes a chat; returns `False` when its pair has one already."""
    return (
        sql.run(
            "INSERT INTO chats (id, kind, name, pair, created_by, created_at, member_count)"
            " VALUES (:id, :kind, :name, :pair, :created_by, :created_at, 0)"
            " ON CONFLICT (pair) DO NOTHING",
            chat,
        ).rowcount
        == 1
    )


def update_chat(sql: Sql, chat_id: int, changes: Mapping[str, Any], rev: int | None) -> bool:
    """Changes columns of a chat, at least one; returns `False` when `rev` is not the latest."""
    fresh = "AND rev = :rev" if rev is not None else ""
    columns = ", ".join(f"{name} = :{name}" for name in changes)
    return (
        sql.run(
            f"UPDATE chats SET {columns}, rev = rev + 1 WHERE id = :id {fresh}",
            {**changes, "id": chat_id} | ({"rev": rev} if rev is not None else {}),
        ).rowcount
        == 1
    )


def list_outlines(sql: Sql, ids: Collection[int]) -> Sequence[Record]:
    """Returns rows `(id, kind, member_count)` of chats."""
    return sql.all(
        f"SELECT c.id, c.kind, c.member_count FROM {sql.rowset('w', id='BIGINT')} CROSS JOIN chats c WHERE c.id = w.id",
        {"w": many([{"id": id_} for id_ in sorted(ids)])},
    )


def has_cards(sql: Sql, chat_id: int) -> bool:
    """Returns whether the messages of a chat get cards."""
    row = sql.first("SELECT cards FROM chats WHERE id = :id", {"id": chat_id})
    return bool(row and row.cards)


def find_avatar(sql: Sql, chat_id: int) -> str | None:
    """Returns the avatar of a chat."""
    row = sql.first("SELECT avatar FROM chats WHERE id = :id", {"id": chat_id})
    return row[0] if row else None


def update_avatar(sql: Sql, chat_id: int, avatar: str | None) -> None:
    """Sets another avatar."""
    sql.run("UPDATE chats SET avatar = :avatar, rev = rev + 1 WHERE id = :id", {"id": chat_id, "avatar": avatar})


def insert_members(sql: Sql, members: Sequence[Mapping[str, Any]]) -> list[int]:
    """Writes members, who have read all earlier messages; returns the ids of those who were none yet, rising."""
    shape = sql.rowset("w", chat_id="BIGINT", user_id="BIGINT", role="TEXT", joined_at="BIGINT")
    rows = sql.all(
        f"""INSERT INTO members (chat_id, user_id, role, joined_at, joined_seq, read_seq)
        SELECT w.chat_id, w.user_id, w.role, w.joined_at,
            (SELECT seq FROM streams WHERE kind = 'chat' AND id = w.chat_id),
            (SELECT seq FROM streams WHERE kind = 'chat' AND id = w.chat_id)
        FROM {shape} WHERE true ON CONFLICT (chat_id, user_id) DO NOTHING RETURNING user_id""",
        {"w": many(members)},
    )
    return sorted(row[0] for row in rows)


def find_states(sql: Sql, pairs: Collection[tuple[int, int]]) -> Sequence[Record]:
    """Returns the states of members, for (chat, user) pairs, with the chats' last message and change."""
    return sql.all(
        f"""SELECT m.chat_id, m.user_id, m.joined_seq, s.seq, s.ev,
            m.read_seq, m.level, m.muted_until, m.pin, m.archived, m.unread_from, m.rev AS my_rev
        FROM {sql.rowset("w", chat_id="BIGINT", user_id="BIGINT")} CROSS JOIN members m CROSS JOIN streams s
        WHERE m.chat_id = w.chat_id AND m.user_id = w.user_id AND s.kind = 'chat' AND s.id = m.chat_id""",
        {"w": many([{"chat_id": chat_id, "user_id": user_id} for chat_id, user_id in pairs])},
    )


def update_state(sql: Sql, chat_id: int, user_id: int, change: Mapping[str, int | None]) -> None:
    """Gives columns of a member other values. The names are ours, the values the person's."""
    columns = ", ".join(f"{name} = :{name}" for name in change)
    sql.run(
        f"UPDATE members SET {columns}, rev = rev + 1 WHERE chat_id = :chat_id AND user_id = :user_id",
        {"chat_id": chat_id, "user_id": user_id, **change},
    )


def raise_marks(sql: Sql, marks: Mapping[tuple[int, int], int]) -> set[tuple[int, int]]:
    """Raises the read marks of (chat, user) pairs, also those that others see; returns those that rose.

    PostgreSQL locks the rows in key order first: without an order, batches of several processes deadlock.
    """
    w = sql.rowset("w", chat_id="BIGINT", user_id="BIGINT", seq="BIGINT")
    held, source = "", w
    if sql.locks:
        held = f"""WITH held AS (SELECT w.chat_id, w.user_id, w.seq FROM {w} CROSS JOIN members m
            WHERE m.chat_id = w.chat_id AND m.user_id = w.user_id ORDER BY m.chat_id, m.user_id{sql.locks} OF m)"""
        source = "held AS w"
    raised = sql.all(
        f"""{held} UPDATE members SET read_seq = w.seq, shown_seq = w.seq FROM {source}
        WHERE members.chat_id = w.chat_id AND members.user_id = w.user_id AND members.read_seq < w.seq
        RETURNING members.chat_id, members.user_id""",
        {
            "w": many(
                [{"chat_id": chat_id, "user_id": user_id, "seq": seq} for (chat_id, user_id), seq in marks.items()]
            )
        },
    )
    return {(row[0], row[1]) for row in raised}


def find_others_read(sql: Sql, user_id: int, chat_ids: Collection[int]) -> dict[int, int]:
    """Returns the highest read mark that other members show, per chat."""
    rows = sql.all(
        f"""SELECT m.chat_id, max(m.shown_seq) FROM {sql.rowset("w", id="BIGINT")}
        CROSS JOIN members m WHERE m.chat_id = w.id AND m.user_id <> :user_id GROUP BY m.chat_id""",
        {"w": many([{"id": chat_id} for chat_id in chat_ids]), "user_id": user_id},
    )
    return {row[0]: row[1] for row in rows}


def list_readers(sql: Sql, chat_id: int, seq: int) -> list[int]:
    """Returns the members who show that they have read a message, by rising id. `user_id > 0` selects the index."""
    rows = sql.all(
        "SELECT user_id FROM members WHERE chat_id = :chat_id AND user_id > 0 AND shown_seq >= :seq ORDER BY user_id",
        {"chat_id": chat_id, "seq": seq},
    )
    return [row[0] for row in rows]


def delete_member(sql: Sql, chat_id: int, user_id: int) -> bool:
    """Deletes a member; returns `False` when there was none."""
    params = {"chat_id": chat_id, "user_id": user_id}
    return sql.run("DELETE FROM members WHERE chat_id = :chat_id AND user_id = :user_id", params).rowcount == 1


def lock_chat(sql: Sql, chat_id: int) -> None:
    """Locks the chat's row until the commit, so that changes of its members follow one another."""
    sql.first(f"SELECT id FROM chats WHERE id = :id{sql.locks}", {"id": chat_id})


def change_member_count(sql: Sql, chat_id: int, by: int) -> int:
    """Adds to the number of members that is kept with a chat; returns the number. The chat is locked (`lock_chat`)."""
    change = "UPDATE chats SET member_count = member_count + :by WHERE id = :id RETURNING member_count"
    row = sql.first(change, {"id": chat_id, "by": by})
    return int(row[0]) if row else 0


def update_role(sql: Sql, chat_id: int, user_id: int, role: str) -> None:
    """Gives a member another role."""
    sql.run(
        "UPDATE members SET role = :role WHERE chat_id = :chat_id AND user_id = :user_id",
        {"chat_id": chat_id, "user_id": user_id, "role": role},
    )


def count_owners(sql: Sql, chat_id: int) -> int:
    """Returns how many owners a group has."""
    row = sql.first("SELECT count(*) FROM members WHERE chat_id = :id AND role = 'owner'", {"id": chat_id})
    return int(row[0]) if row else 0


def list_members(sql: Sql, chat_id: int, after: tuple[int, int] | None, most: int) -> Sequence[Record]:
    """Returns rows `(user_id, role, joined_at, joined_seq, shown_seq)` by the time they joined.

    They begin after `(joined_at, user_id)`.
    """
    later = "AND (joined_at, user_id) > (:at, :id)" if after else ""
    return sql.all(
        f"""SELECT user_id, role, joined_at, joined_seq, shown_seq FROM members WHERE chat_id = :chat_id {later}
        ORDER BY joined_at, user_id LIMIT :most""",
        {"chat_id": chat_id, "most": most} | ({"at": after[0], "id": after[1]} if after else {}),
    )


def find_members(sql: Sql, chat_id: int, user_ids: Collection[int]) -> Sequence[Record]:
    """Returns rows `(user_id, role, joined_at, joined_seq, shown_seq)` of the members among `user_ids`.

    They are sorted by the time they joined.
    """
    rows = sql.all(
        f"""SELECT m.user_id, m.role, m.joined_at, m.joined_seq, m.shown_seq
        FROM {sql.rowset("w", chat_id="BIGINT", user_id="BIGINT")}
        CROSS JOIN members m WHERE m.chat_id = w.chat_id AND m.user_id = w.user_id""",
        {"w": many([{"chat_id": chat_id, "user_id": user_id} for user_id in user_ids])},
    )
    # Sorted here: for an order by time, PostgreSQL would rather walk through every member of the chat.
    return sorted(rows, key=lambda row: (row.joined_at, row.user_id))


def list_acquaintances(sql: Sql, user_id: int, user_ids: Collection[int]) -> set[int]:
    """Returns those of `user_ids` who share a chat with the user."""
    rows = sql.all(
        f"""SELECT DISTINCT other.user_id FROM {sql.rowset("w", id="BIGINT")}
        CROSS JOIN members other CROSS JOIN members mine
        WHERE other.user_id = w.id AND mine.chat_id = other.chat_id AND mine.user_id = :user_id""",
        {"w": many([{"id": id_} for id_ in user_ids]), "user_id": user_id},
    )
    return {row[0] for row in rows}
