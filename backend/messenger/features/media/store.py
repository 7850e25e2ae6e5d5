"""All SQL of uploads of avatars."""

from messenger.db.sql import Record, Sql


def want(sql: Sql, kind: str, id_: int, avatar: str, user_id: int) -> None:
    """Writes the upload that counts from now on."""
    sql.run(
        "INSERT INTO avatar_uploads (kind, id, avatar, user_id) VALUES (:kind, :id, :avatar, :user_id)"
        " ON CONFLICT (kind, id) DO UPDATE SET avatar = :avatar, user_id = :user_id",
        {"kind": kind, "id": id_, "avatar": avatar, "user_id": user_id},
    )


def find(sql: Sql, kind: str, id_: int) -> Record | None:
    """Returns the upload that counts, locked until the commit."""
    return sql.first(
        f"SELECT * FROM avatar_uploads WHERE kind = :kind AND id = :id{sql.locks}", {"kind": kind, "id": id_}
    )


def forget(sql: Sql, kind: str, id_: int) -> None:
    """Deletes the upload that counts."""
    sql.run("DELETE FROM avatar_uploads WHERE kind = :kind AND id = :id", {"kind": kind, "id": id_})
