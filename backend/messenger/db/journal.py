"""Streams and their journal.

Numbers changes without gaps, appends, reads after a position, prunes, and keeps the epoch.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

from messenger.db.sql import Sql, many
from messenger.kernel import clock, codec
from messenger.kernel.events import NO_EFFECT, Effect, Envelope, Topic, author_frame, data_of, type_of, with_data


class Numbers(NamedTuple):
    """The first numbers given to a stream by one numbering."""

    seq: int
    ev: int


class Missed(NamedTuple):
    """The changes that a reader missed, in rising `ev` per stream, and the streams that must be loaded anew.

    `behind`: streams that are not as far as the reader: the database was rewound.
    """

    rows: list[Envelope]
    pruned: set[Topic]
    too_many: set[Topic]
    behind: frozenset[Topic] = frozenset()


PRUNE_MOST: Final = 2_000
"""The most rows deleted in one commit."""
_KEYS: Final = {"kind": "TEXT", "id": "BIGINT"}
_FRAMES: Final = {
    "ev": "BIGINT",
    "at": "BIGINT",
    "frame": "TEXT",
    "owner": "BIGINT",
    "owner_extra": "TEXT",
    "marks": "TEXT",
}


def open_streams(sql: Sql, topics: Collection[Topic], now: int) -> None:
    """Begins streams at 0, active `now` (ms).

    Numbering a stream that was never opened is a mistake and raises `LookupError`.
    """
    sql.run(
        "INSERT INTO streams (kind, id, active_at) VALUES (:kind, :id, :now)",
        [{"kind": topic.kind, "id": topic.id, "now": now} for topic in topics],
    )


def hold(sql: Sql, topics: Collection[Topic]) -> None:
    """Locks streams until the commit, as numbering them will.

    Transactions call it that write other rows of the streams before.
    """
    if sql.locks:
        sql.all(
            f"""SELECT s.ev FROM {sql.rowset("w", **_KEYS)} CROSS JOIN streams s WHERE s.kind = w.kind AND s.id = w.id
            ORDER BY s.kind, s.id{sql.locks} OF s""",
            {"w": many([{"kind": topic.kind, "id": topic.id} for topic in topics])},
        )


def number(sql: Sql, evs: Mapping[Topic, int], seqs: Mapping[Topic, int], now: int) -> dict[Topic, Numbers]:
    """Takes `evs[topic]` change numbers and `seqs[topic]` message numbers of each stream, in one statement (R3).

    A stream that gets messages was last active `now` (ms).

    PostgreSQL locks the rows in id order first: without an order, batches of several processes deadlock.
    """
    wants = many([{"kind": t.kind, "id": t.id, "evs": n, "seqs": seqs.get(t, 0)} for t, n in evs.items()])
    w = sql.rowset("w", kind="TEXT", id="BIGINT", evs="BIGINT", seqs="BIGINT")
    change = f"""
        UPDATE streams SET ev = streams.ev + w.evs, seq = streams.seq + w.seqs,
            active_at = CASE WHEN w.seqs > 0 THEN :now ELSE streams.active_at END
        FROM {w}{", held" if sql.dialect == "postgresql" else ""}
        WHERE streams.kind = w.kind AND streams.id = w.id {
        "AND held.kind = w.kind AND held.id = w.id" if sql.dialect == "postgresql" else ""
    }
        RETURNING streams.kind, streams.id, streams.seq, streams.ev"""
    if sql.dialect == "postgresql":
        change = (
            f"""
        WITH held AS (SELECT streams.kind, streams.id FROM {w}
            JOIN streams ON streams.kind = w.kind AND streams.id = w.id
            ORDER BY streams.kind, streams.id FOR NO KEY UPDATE OF streams)"""
            + change
        )
    numbers: dict[Topic, Numbers] = {}
    for kind, id_, seq, ev in sql.all(change, {"w": wants, "now": now}):
        topic = Topic(kind, id_)
        numbers[topic] = Numbers(seq - seqs.get(topic, 0) + 1, ev - evs[topic] + 1)
    if len(numbers) != len(evs):
        raise LookupError(f"streams that were never opened: {evs.keys() - numbers.keys()}")
    return numbers


def append(sql: Sql, envelopes: Sequence[Envelope], extras: Sequence[str], at: int) -> None:
    """Writes finished frames; `extras` are the authors' fields, one for each envelope; `at` in ms."""
    rows = [
        {
            "kind": e.kind,
            "id": e.id,
            "ev": e.ev,
            "at": at,
            "frame": e.frame,
            "owner": e.author,
            "owner_extra": extra,
            "marks": _text_of(e) if e.joined or e.left or e.opens or e.ends else "",
        }
        for e, extra in zip(envelopes, extras, strict=True)
    ]
    sql.insert("journal", rows, **_KEYS, **_FRAMES)


def _text_of(envelope: Envelope) -> str:
    """Returns the effect as two lists, for either kind of stream.

    A process of the previous version reads them while it is replaced.
    """
    is_chat = envelope.kind == "chat"
    return codec.encode_text((envelope.joined, envelope.left) if is_chat else (envelope.opens, envelope.ends))


def heads(sql: Sql, topics: Collection[Topic]) -> dict[Topic, int]:
    """Returns the last change number of each stream; streams that do not exist are missing."""
    wants = many([{"kind": topic.kind, "id": topic.id} for topic in topics])
    rows = sql.all(
        f"SELECT s.kind, s.id, s.ev FROM {sql.rowset('w', **_KEYS)} CROSS JOIN streams s WHERE s.kind = w.kind AND s.id = w.id",
        {"w": wants},
    )
    return {Topic(kind, id_): ev for kind, id_, ev in rows}


def head(sql: Sql, topic: Topic) -> tuple[int, int | None]:
    """Returns the last change number of a stream (0 without one), and its time (ms, `None` when not kept)."""
    row = sql.first(
        """SELECT s.ev, j.at FROM streams s LEFT JOIN journal j ON j.kind = s.kind AND j.id = s.id AND j.ev = s.ev
        WHERE s.kind = :kind AND s.id = :id""",
        {"kind": topic.kind, "id": topic.id},
    )
    return (row.ev, row.at) if row else (0, None)


def newest(sql: Sql, topics: Collection[Topic]) -> dict[Topic, tuple[int, int | None]]:
    """Returns the last change number of each stream, and the time of that change (ms, `None` when not kept)."""
    rows = sql.all(
        f"""SELECT s.kind, s.id, s.ev, j.at FROM streams s
        JOIN {sql.rowset("w", **_KEYS)} ON s.kind = w.kind AND s.id = w.id
        LEFT JOIN journal j ON j.kind = s.kind AND j.id = s.id AND j.ev = s.ev""",
        {"w": many([{"kind": topic.kind, "id": topic.id} for topic in topics])},
    )
    return {Topic(kind, id_): (ev, at) for kind, id_, ev, at in rows}


def times(sql: Sql, places: Mapping[Topic, int]) -> dict[Topic, int]:
    """Returns the time of the named change of each stream (ms); missing where the journal has no such change."""
    if not places:
        return {}
    rows = sql.all(
        f"""SELECT j.kind, j.id, j.at FROM {sql.rowset("w", ev="BIGINT", **_KEYS)} CROSS JOIN journal j
        WHERE j.kind = w.kind AND j.id = w.id AND j.ev = w.ev""",
        {"w": many([{"kind": t.kind, "id": t.id, "ev": ev} for t, ev in places.items()])},
    )
    return {Topic(kind, id_): at for kind, id_, at in rows}


def _elsewhere(sql: Sql, after: Mapping[Topic, int]) -> dict[Topic, int]:
    """Returns the heads of those streams that are not at the given position."""
    rows = sql.all(
        f"""SELECT s.kind, s.id, s.ev FROM {sql.rowset("w", ev="BIGINT", **_KEYS)} CROSS JOIN streams s
        WHERE s.kind = w.kind AND s.id = w.id AND s.ev <> w.ev""",
        {"w": many([{"kind": t.kind, "id": t.id, "ev": ev} for t, ev in after.items()])},
    )
    return {Topic(kind, id_): ev for kind, id_, ev in rows}


def read_after(sql: Sql, after: Mapping[Topic, int], most: int) -> Missed:
    """Returns the changes of each stream after a position.

    Returns at most `most` a stream. A stream with more is named in `too_many`, one whose oldest missed change is no
    longer kept in `pruned`. Where nothing was missed, this takes one statement.
    """
    found_at = _elsewhere(sql, after)
    current = {topic: ev for topic, ev in found_at.items() if ev > after[topic]}
    behind = frozenset(found_at.keys() - current.keys())
    if not current:
        return Missed([], set(), set(), behind)
    gaps = {t: after[t] for t in current}
    too_many = {t for t, ev in gaps.items() if current[t] - ev > most}
    wants = many([{"kind": t.kind, "id": t.id, "ev": ev} for t, ev in gaps.items() if t not in too_many])
    rows = sql.all(
        f"""SELECT j.kind, j.id, j.ev, j.frame, j.owner, j.owner_extra, j.marks
        FROM {sql.rowset("w", ev="BIGINT", **_KEYS)} CROSS JOIN journal j
        WHERE j.kind = w.kind AND j.id = w.id AND j.ev > w.ev ORDER BY j.n""",
        {"w": wants},
    )
    found = Counter(Topic(row.kind, row.id) for row in rows)
    pruned = {t for t, ev in gaps.items() if t not in too_many and found[t] < current[t] - ev}
    kept = [_envelope(row) for row in rows if Topic(row.kind, row.id) not in pruned]
    return Missed(kept, pruned, too_many, behind)


def _envelope(row: Sequence[Any]) -> Envelope:
    kind, id_, ev, frame, author, extra, effect_text = row
    effect = _effect(kind, effect_text) if effect_text else NO_EFFECT
    mine = author_frame(frame, extra) if extra else ""
    return Envelope(kind, id_, ev, type_of(frame), frame, author, mine, *effect)


def _effect(kind: str, effect_text: str) -> Effect:
    one, other = codec.decode(effect_text, list[tuple[int, ...]])
    return Effect(one, other) if kind == "chat" else Effect(opens=one, ends=other)


def rewrite(sql: Sql, topic: Topic, at: Collection[int], change: Callable[[str, str], str | None]) -> None:
    """Replaces the data of kept changes of a stream: of those at the times `at` (ms) for which `change(type, data)`
    returns new data.

    This removes texts that must not be read again. Numbers, types and times stay, so that readers find no hole.
    """
    # Selected by time: one chat may have hundreds of thousands of changes. The two expressions keep the planner from
    # the index of chats.
    rows = sql.all(
        f"""SELECT j.n, j.frame FROM {sql.rowset("w", at="BIGINT")} CROSS JOIN journal j
        WHERE j.at = w.at AND j.kind || '' = :kind AND j.id + 0 = :id""",
        {"w": many([{"at": one} for one in set(at)]), "kind": topic.kind, "id": topic.id},
    )
    changed = [
        {"frame": with_data(frame, data), "n": n}
        for n, frame in sorted(rows)
        if (data := change(type_of(frame), data_of(frame))) is not None
    ]
    if changed:
        sql.run("UPDATE journal SET frame = :frame WHERE n = :n", changed)


def stale(sql: Sql, before: int) -> list[int]:
    """Returns row numbers of changes older than `before` (ms), at most `PRUNE_MOST`, which the journal may delete.

    Changes are deleted only by age (R7), and never the newest one of a stream: it shows how far the stream is, and that
    nothing was rewound. This reads apart from `forget`: with many quiet chats it looks at all of them, and sends must
    not wait for that.
    """
    rows = sql.all(
        """SELECT j.n FROM journal j JOIN streams s ON s.kind = j.kind AND s.id = j.id
        WHERE j.at < :before AND j.ev < s.ev ORDER BY j.at LIMIT :most""",
        {"before": before, "most": PRUNE_MOST},
    )
    return [row.n for row in rows]


def forget(sql: Sql, rows: Collection[int]) -> None:
    """Deletes changes by their row numbers. Clients that need deleted ones load anew."""
    wants = many([{"n": n} for n in rows])
    sql.run(f"DELETE FROM journal WHERE n IN (SELECT n FROM {sql.rowset('w', n='BIGINT')})", {"w": wants})


def epoch(sql: Sql) -> int:
    """Returns the epoch of the server's history line."""
    row = sql.first("SELECT value FROM facts WHERE key = 'epoch'")
    return int(row[0]) if row else 0


def raise_epoch(sql: Sql, above: int, known: int = 0) -> int:
    """Begins a new history line with an epoch above `above` and `known`, unless one above `above` has begun already.

    Returns the epoch. Clients load everything anew. If several processes find the same rewind, one new line begins.
    """
    here, raised = epoch(sql), max(above, known) + 1
    changed = "UPDATE facts SET value = :raised WHERE key = 'epoch' AND value = :here"
    if here > above or not sql.run(changed, {"raised": str(raised), "here": str(here)}).rowcount:
        return epoch(sql)
    sql.run(
        "INSERT INTO facts (key, value) VALUES ('rewound_at', :at) ON CONFLICT (key) DO UPDATE SET value = :at",
        {"at": str(clock.now_ms())},
    )
    return raised


def rewound_at(sql: Sql) -> int:
    """Returns when the present history line began because history had been rewound (ms); 0 when it never was."""
    row = sql.first("SELECT value FROM facts WHERE key = 'rewound_at'")
    return int(row[0]) if row else 0


def last_entry(sql: Sql) -> tuple[int, str]:
    """Returns row number and frame of the newest entry; `(0, "")` for an empty journal."""
    row = sql.first("SELECT n, frame FROM journal ORDER BY n DESC LIMIT 1")
    return (row[0], row[1]) if row else (0, "")
