"""Moves the state of a member into `members`: read marks, notifications, place in the list."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261127_member_state"
down_revision = "20261127_outbox_asked"
branch_labels = None
depends_on = None

COUNTS = ("read_seq", "shown_seq", "got_seq")
OPTIONAL = ("muted_until", "pin", "archived", "unread_from")
UNSET = {"level": "all", "muted_until": None, "pin": None, "archived": None, "unread_from": None, "rev": 1}


def upgrade() -> None:
    for name in COUNTS:
        op.add_column("members", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("members", sa.Column("level", sa.SmallInteger(), server_default="0", nullable=False))
    for name in OPTIONAL:
        op.add_column("members", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("members", sa.Column("rev", sa.BigInteger(), server_default="1", nullable=False))
    op.execute(
        """UPDATE members SET shown_seq = COALESCE((SELECT r.seq FROM receipts r
            WHERE r.chat_id = members.chat_id AND r.user_id = members.user_id), 0)"""
    )
    op.execute("UPDATE members SET read_seq = CASE WHEN shown_seq > joined_seq THEN shown_seq ELSE joined_seq END")
    op.drop_table("receipts")
    _rewrite_journal()


def _rewrite_journal() -> None:
    """Gives the kept events their new form: a device that was away must not miss their marks."""
    connection = op.get_bind()
    seq = (
        "json_extract(frame, '$.data.seq')" if connection.dialect.name == "sqlite" else "(frame::json->'data'->>'seq')"
    )
    rest = json.dumps(UNSET, separators=(",", ":"))[1:]
    connection.execute(
        sa.text(
            f"""UPDATE journal SET owner_extra = '"my":{{"read_seq":' || {seq} || ',' || owner_extra || ',"at_ev":' || ev || :rest
            WHERE kind = 'chat' AND owner_extra LIKE '"unread":%' AND frame LIKE '{{"type":"receipt.read"%'"""
        ),
        {"rest": f",{rest}"},
    )
    for type_, change in (("receipt.read", _mine), ("chat.joined", _joined)):
        rows: Sequence[sa.Row[tuple[int, str]]] = ()
        while rows := _next(connection, type_, rows[-1].n if rows else 0):
            connection.execute(
                sa.text("UPDATE journal SET frame = :frame WHERE n = :n"),
                [{"frame": _changed(frame, change), "n": n} for n, frame in rows],
            )


def _next(connection: sa.Connection, type_: str, after: int) -> Sequence[sa.Row[tuple[int, str]]]:
    """Returns the next kept events of a type: a busy server has more of them than memory should hold."""
    return connection.execute(
        sa.text(
            "SELECT n, frame FROM journal WHERE n > :after AND kind = 'user' AND frame LIKE :type ORDER BY n LIMIT 1000"
        ),
        {"after": after, "type": f'{{"type":"{type_}"%'},
    ).all()


def _changed(frame: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> str:
    place, mark, data = frame.partition(',"data":')
    changed = json.dumps(change(json.loads(data[:-1])), ensure_ascii=False, separators=(",", ":"))
    place = place.replace('"receipt.read"', '"chat.mine"', 1)
    return f"{place}{mark}{changed}}}"


_WORDS = ["send", "react"]
_MANAGE = ["pin", "mention_all", "invite", "add", "info", "delete", "restrict"]
_ALL = [*_WORDS, *_MANAGE, "promote", "leave"]


def _rights(kind: str, role: str) -> list[str]:
    if kind != "group":
        return [*_WORDS, "pin"]
    wanted = (
        {*_WORDS, "leave"} | (set() if role == "member" else {*_MANAGE}) | ({"promote"} if role == "owner" else set())
    )
    return [one for one in _ALL if one in wanted]


def _mine(data: dict[str, Any]) -> dict[str, Any]:
    counted = {"read_seq": data["seq"], "unread": data.get("unread", 0), "at_ev": data.get("at_ev", 0)}
    return {"chat_id": data["chat_id"], "my": counted | UNSET}


def _joined(data: dict[str, Any]) -> dict[str, Any]:
    chat = data["chat"]
    if "my" in chat:
        return data  # the second time, after a downgrade
    counted = {"read_seq": chat.pop("read_seq", 0), "unread": chat.pop("unread", 0), "at_ev": chat.get("at_ev", 0)}
    rights = _rights(chat.get("kind", "group"), chat.get("my_role", "member"))
    return {"chat": chat | {"my": counted | UNSET, "my_rights": rights}}


def downgrade() -> None:
    """Restores the old tables. Marks of people who left are lost, the time of a mark becomes that of joining, and kept
    events stay.
    """
    op.create_table(
        "receipts",
        sa.Column("chat_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "user_id", name="pk_receipts"),
    )
    op.execute(
        """INSERT INTO receipts (chat_id, user_id, seq, at)
        SELECT chat_id, user_id, read_seq, joined_at FROM members WHERE shown_seq > 0"""
    )
    op.create_index("ix_receipts_user_id", "receipts", ["user_id"])
    for name in ("rev", *OPTIONAL, "level", *COUNTS):
        op.drop_column("members", name)
