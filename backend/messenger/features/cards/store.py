"""All SQL of link cards."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from messenger.db.sql import Record, Sql, many

Spot = tuple[int, int]
"""A message: (chat, seq)."""

_CARD: Final = {
    "address_hash": "TEXT",
    "address": "TEXT",
    "state": "TEXT",
    "site": "TEXT",
    "title": "TEXT",
    "summary": "TEXT",
    "picture": "TEXT",
    "size": "BIGINT",
    "width": "BIGINT",
    "height": "BIGINT",
    "thumbhash": "TEXT",
    "expires_at": "BIGINT",
}
_USE: Final = {
    "chat_id": "BIGINT",
    "seq": "BIGINT",
    "place": "BIGINT",
    "address_hash": "TEXT",
    "removed_by": "BIGINT",
    "at": "BIGINT",
}


def insert_cards(sql: Sql, cards: Sequence[Mapping[str, Any]]) -> None:
    """Writes cards; those of addresses that have one already are left out."""
    columns = ", ".join(_CARD)
    sql.run(
        f"""INSERT INTO cards ({columns}) SELECT {columns} FROM {sql.rowset("w", **_CARD)} WHERE true
        ORDER BY address_hash ON CONFLICT (address_hash) DO NOTHING""",
        {"w": many(cards)},
    )


def list_cards(sql: Sql, hashes: Collection[str]) -> Sequence[Record]:
    """Returns the cards of addresses."""
    return _cards(sql, hashes, "")


def hold_cards(sql: Sql, hashes: Collection[str]) -> Sequence[Record]:
    """Returns the cards of addresses, locked until the commit in the order in which all transactions lock them."""
    return _cards(sql, hashes, f"{sql.locks} OF c" if sql.locks else "")


def _cards(sql: Sql, hashes: Collection[str], locks: str) -> Sequence[Record]:
    return sql.all(
        f"""SELECT c.* FROM {sql.rowset("w", address_hash="TEXT")} CROSS JOIN cards c
        WHERE c.address_hash = w.address_hash ORDER BY c.address_hash{locks}""",
        {"w": many([{"address_hash": one} for one in sorted(hashes)])},
    )


def update_cards(sql: Sql, cards: Sequence[Mapping[str, Any]]) -> None:
    """Writes cards over those of the same addresses, which are locked."""
    changes = ", ".join(f"{name} = :{name}" for name in _CARD if name != "address_hash")
    sql.run(f"UPDATE cards SET {changes} WHERE address_hash = :address_hash", list(cards))


def expire_card(sql: Sql, address_hash: str, expires_at: int) -> None:
    """Notes when a card is fetched anew."""
    sql.run(
        "UPDATE cards SET expires_at = :expires_at WHERE address_hash = :address_hash",
        {"address_hash": address_hash, "expires_at": expires_at},
    )


def delete_cards(sql: Sql, hashes: Collection[str]) -> None:
    """Deletes the cards of addresses, which are locked."""
    sql.run("DELETE FROM cards WHERE address_hash = :address_hash", [{"address_hash": one} for one in sorted(hashes)])


def delete_failed(sql: Sql, before: int) -> None:
    """Deletes what is known of pages that failed, once it is no longer used."""
    sql.run("DELETE FROM cards WHERE state = 'failed' AND expires_at < :before", {"before": before})


def list_used(sql: Sql, hashes: Collection[str]) -> set[str]:
    """Returns those of these addresses whose card a message shows."""
    rows = sql.all(
        f"""SELECT DISTINCT u.address_hash FROM {sql.rowset("w", address_hash="TEXT")} CROSS JOIN card_uses u
        WHERE u.address_hash = w.address_hash AND u.removed_by IS NULL""",
        {"w": many([{"address_hash": one} for one in sorted(hashes)])},
    )
    return {row.address_hash for row in rows}


def list_uses(sql: Sql, chat_id: int, seqs: Collection[int]) -> Sequence[Record]:
    """Returns the places of messages of a chat that have or had a card."""
    return sql.all(
        f"""SELECT u.* FROM {sql.rowset("w", seq="BIGINT")} CROSS JOIN card_uses u
        WHERE u.chat_id = :chat_id AND u.seq = w.seq ORDER BY u.seq, u.place""",
        {"w": many([{"seq": seq} for seq in sorted(seqs)]), "chat_id": chat_id},
    )


def list_shown(sql: Sql, chat_id: int, seqs: Collection[int]) -> Sequence[Record]:
    """Returns rows `(seq, place)` with the columns of the cards that messages of a chat show, in order."""
    return sql.all(
        f"""SELECT u.seq, u.place, c.* FROM {sql.rowset("w", seq="BIGINT")} CROSS JOIN card_uses u CROSS JOIN cards c
        WHERE u.chat_id = :chat_id AND u.seq = w.seq AND u.removed_by IS NULL AND c.address_hash = u.address_hash
        ORDER BY u.seq, u.place""",
        {"w": many([{"seq": seq} for seq in sorted(seqs)]), "chat_id": chat_id},
    )


def write_uses(sql: Sql, uses: Sequence[Mapping[str, Any]]) -> None:
    """Writes the cards of messages."""
    sql.insert("card_uses", uses, **_USE)


def remove_use(sql: Sql, spot: Spot, place: int, by: int, now: int) -> None:
    """Notes who removed a card of a message, and the time of the last event about all of its cards."""
    sql.run(
        """UPDATE card_uses SET at = :now, removed_by = CASE WHEN place = :place THEN :by ELSE removed_by END
        WHERE chat_id = :chat_id AND seq = :seq""",
        {"chat_id": spot[0], "seq": spot[1], "place": place, "by": by, "now": now},
    )


def delete_uses(sql: Sql, chat_id: int, seqs: Collection[int]) -> Sequence[Record]:
    """Deletes the cards of messages of a chat; returns rows `(seq, address_hash, at)` of them."""
    return sql.all(
        f"""DELETE FROM card_uses WHERE chat_id = :chat_id
        AND seq IN (SELECT w.seq FROM {sql.rowset("w", seq="BIGINT")}) RETURNING seq, address_hash, at""",
        {"w": many([{"seq": seq} for seq in sorted(seqs)]), "chat_id": chat_id},
    )
