"""All SQL of invites."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from messenger.db.sql import Record, Sql

_VALID: Final = "revoked_at IS NULL AND expires_at > :now AND (max_uses IS NULL OR uses < max_uses)"


def insert_invite(sql: Sql, invite: Mapping[str, Any]) -> None:
    """Writes an invite."""
    sql.run(
        "INSERT INTO invites (code, chat_id, created_by, created_at, expires_at, max_uses)"
        " VALUES (:code, :chat_id, :created_by, :created_at, :expires_at, :max_uses)",
        invite,
    )


def find_link(sql: Sql, code: str) -> Record | None:
    """Returns an invite, valid or not."""
    return sql.first("SELECT * FROM invites WHERE code = :code", {"code": code})


def find_invite(sql: Sql, code: str, now: int) -> Record | None:
    """Returns a valid invite."""
    return sql.first(f"SELECT * FROM invites WHERE code = :code AND {_VALID}", {"code": code, "now": now})


def use_invite(sql: Sql, code: str, now: int) -> bool:
    """Counts one use; returns `False` when the invite is not valid (any more).

    That may also be because the last use was taken meanwhile.
    """
    return (
        sql.run(
            f"UPDATE invites SET uses = uses + 1 WHERE code = :code AND {_VALID}",
            {"code": code, "now": now},
        ).rowcount
        == 1
    )


def list_invites(sql: Sql, chat_id: int, now: int) -> Sequence[Record]:
    """Returns valid invites of a chat, newest first."""
    return sql.all(
        f"SELECT * FROM invites WHERE chat_id = :chat_id AND {_VALID} ORDER BY created_at DESC LIMIT 200",
        {"chat_id": chat_id, "now": now},
    )


def revoke_invites_of(sql: Sql, chat_id: int, user_id: int, now: int) -> None:
    """Ends the links into a chat of a maker who may make none any more: they must not be a way back."""
    sql.run(
        "UPDATE invites SET revoked_at = :now WHERE chat_id = :chat_id AND created_by = :user_id AND revoked_at IS NULL",
        {"chat_id": chat_id, "user_id": user_id, "now": now},
    )


def revoke_invite(sql: Sql, code: str, now: int) -> None:
    """Ends an invite."""
    sql.run("UPDATE invites SET revoked_at = :now WHERE code = :code", {"code": code, "now": now})
