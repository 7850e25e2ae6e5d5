"""All SQL of uploads of avatars."""

from messenger.db.sql import Record, Sql


def want(sql: Sql, kind: str, id_: int, avatar: str, user_id: int) -> None:
    """The upload that counts from now on."""
    sql.run(
        "INSERT INTO avatar_uploads (kind, id, avatar, user_id) VALUES (:kind, :id, :avatar, :user_id)"
        " ON CONFLICT (kind, id) DO UPDATE SET avatar = :avatar, user_id = :user_id",
        {"kind": kind, "id": id_, "avatar": avatar, "user_id": user_id},
    )


def find(sql: Sql, kind: str, id_: int) -> Record | None:
    """The upload that counts, held until the commit."""
    return sql.first(
        f"SELECT * FROM avatar_uploads WHERE kind = :kind AND id = :id{sql.locks}", {"kind": kind, "id": id_}
    )


def forget(sql: Sql, kind: str, id_: int) -> None:
    """No upload counts any more."""
    sql.run("DELETE FROM avatar_uploads WHERE kind = :kind AND id = :id", {"kind": kind, "id": id_})
