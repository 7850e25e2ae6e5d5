"""Tests that migrations go up, down and up again on both databases, and end with the tables of the models."""

import json

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from messenger.assembly import migrate
from messenger.assembly.features import metadata
from messenger.assembly.migrate import steps
from messenger.db.engine import DatabaseRefused, open_engine
from messenger.kernel.events import data_of, place_of


def test_up_down_up_without_drift(bare: str) -> None:
    migrate.upgrade(bare)
    command.downgrade(steps.configured(bare), "base")
    assert migrate.current(bare) is None
    migrate.upgrade(bare)
    engine = open_engine(bare, writes=True, size=1)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_words_leave_the_streams_of_people(url: str) -> None:
    """Inserts a journal entry from before 20261127: with the last message of the joined chat."""
    command.downgrade(steps.configured(url), "20261126_outbox_request_id")
    data = '{"chat":{"id":1,"name":"den","last_message":{"text":"secret"}}}'
    before = f'{{"type":"chat.joined","topic":"user:7","ev":1,"at":"then","data":{data}}}'
    engine = open_engine(url, writes=True, size=1)
    with engine.begin() as connection:
        entry = {"kind": "user", "id": 7, "ev": 1, "at": 1, "frame": before}
        connection.execute(
            text("INSERT INTO journal (kind, id, ev, at, frame) VALUES (:kind, :id, :ev, :at, :frame)"), entry
        )
    command.upgrade(steps.configured(url), "20261127_chat_joined_words")
    with engine.connect() as connection:
        (after,) = connection.execute(text("SELECT frame FROM journal")).one()
    engine.dispose()
    assert place_of(after) == place_of(before)
    assert json.loads(data_of(after)) == {"chat": {"id": 1, "name": "den", "last_message": None}}


def test_names_of_before_are_spelled_as_new_ones(url: str) -> None:
    command.downgrade(steps.configured(url), "20261127_chat_joined_words")
    names = {1: "An\u200bna", 2: "Bob", 3: "\u3164", 4: "e" + "\u0301" * 9, 5: "\u200b\u2800"}
    engine = open_engine(url, writes=True, size=1)
    with engine.begin() as connection:
        for id_, name in names.items():
            person = {"id": id_, "name": name, "email": f"{id_}@example.org"}
            connection.execute(
                text(
                    "INSERT INTO users (id, name, name_key, email, email_key, password_hash, role, language, created_at, rev)"
                    " VALUES (:id, :name, :name, :email, :email, '', 'member', 'en', 0, 1)"
                ),
                person,
            )
        for id_, name in (6, "Den\u00ad"), (7, ""):
            connection.execute(
                text(
                    "INSERT INTO chats (id, kind, name, created_by, created_at, member_count) VALUES (:id, 'group', :name, 1, 0, 1)"
                ),
                {"id": id_, "name": name},
            )
    migrate.upgrade(url)
    with engine.connect() as connection:
        people = {one.id: one.name for one in connection.execute(text("SELECT id, name FROM users"))}
        chats = {one.id: one.name for one in connection.execute(text("SELECT id, name FROM chats"))}
        found = connection.execute(text("SELECT user_id FROM name_words WHERE word = 'anna'")).scalars().all()
    engine.dispose()
    assert people == {1: "Anna", 2: "Bob", 3: "id3", 4: "\u00e9" + "\u0301" * 4, 5: "id5"}
    assert chats == {6: "Den", 7: ""}
    assert found == [1]


RECEIPT = '{"type":"receipt.read","topic":"chat:1","ev":%d,"seal":"s","at":"then","data":%s}'
JOINED = '{"type":"chat.joined","topic":"user:7","ev":2,"seal":"s","at":"then","data":%s}'
UNSET = {"level": "all", "muted_until": None, "pin": None, "archived": None, "unread_from": None, "rev": 1}


def test_marks_move_to_the_members_and_back(url: str) -> None:
    """Of three members one has read, one joined later, one has read nothing; the mark of a former member is deleted."""
    command.downgrade(steps.configured(url), "20261127_outbox_asked")
    engine = open_engine(url, writes=True, size=1)
    with engine.begin() as connection:
        connection.execute(
            text(
                """INSERT INTO members (chat_id, user_id, role, joined_at, joined_seq)
                VALUES (1, 7, 'owner', 70, 0), (1, 8, 'member', 80, 5), (1, 9, 'member', 90, 0)"""
            )
        )
        connection.execute(
            text("INSERT INTO receipts (chat_id, user_id, seq, at) VALUES (1, 7, 6, 71), (1, 8, 3, 81), (1, 6, 2, 61)")
        )
        add = text(
            """INSERT INTO journal (kind, id, ev, at, frame, owner, owner_extra)
            VALUES (:kind, :id, :ev, 1, :frame, :owner, :extra)"""
        )
        own = RECEIPT % (1, '{"chat_id":1,"user_id":7,"seq":6}')
        large = RECEIPT % (1, '{"chat_id":1,"user_id":7,"seq":6,"unread":2,"at_ev":9}')
        joined = JOINED % '{"chat":{"id":1,"kind":"direct","my_role":"member","at_ev":4,"read_seq":3,"unread":0}}'
        for row in (("chat", 1, 1, own, 7, '"unread":2'), ("user", 7, 1, large, 0, ""), ("user", 7, 2, joined, 0, "")):
            names = ("kind", "id", "ev", "frame", "owner", "extra")
            connection.execute(add, dict(zip(names, row, strict=True)))
    migrate.upgrade(url)
    with engine.connect() as connection:
        states = connection.execute(
            text("SELECT user_id, read_seq, shown_seq, level, unread_from, rev FROM members ORDER BY user_id")
        ).all()
        kept = connection.execute(text("SELECT frame, owner_extra FROM journal ORDER BY kind, ev")).all()
    assert states == [(7, 6, 6, 0, None, 1), (8, 5, 3, 0, None, 1), (9, 0, 0, 0, None, 1)]
    assert kept[0][0] == own
    assert json.loads(f"{{{kept[0][1]}}}") == {"my": {"read_seq": 6, "unread": 2, "at_ev": 1} | UNSET}
    told = [json.loads(frame) for frame, _ in kept[1:]]
    assert [one["type"] for one in told] == ["chat.mine", "chat.joined"]
    assert told[0]["data"] == {"chat_id": 1, "my": {"read_seq": 6, "unread": 2, "at_ev": 9} | UNSET}
    chat = told[1]["data"]["chat"]
    assert chat.pop("my") == {"read_seq": 3, "unread": 0, "at_ev": 4} | UNSET
    rights = ["send", "react", "pin"]
    assert chat == {"id": 1, "kind": "direct", "my_role": "member", "my_rights": rights, "at_ev": 4}
    command.downgrade(steps.configured(url), "20261127_outbox_asked")
    with engine.connect() as connection:
        marks = connection.execute(text("SELECT user_id, seq, at FROM receipts ORDER BY user_id")).all()
    engine.dispose()
    assert marks == [(7, 6, 70), (8, 5, 80)]
    migrate.upgrade(url)
    engine = open_engine(url, writes=True, size=1)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT frame, owner_extra FROM journal ORDER BY kind, ev")).all() == kept
    engine.dispose()


def test_the_bytes_of_all_people_are_summed(url: str) -> None:
    command.downgrade(steps.configured(url), "20261128_photos")
    engine = open_engine(url, writes=True, size=1)
    with engine.begin() as connection:
        for id_, used in {15: 100, 16: 20, 32: 3}.items():
            row = {"id": id_, "used": used}
            connection.execute(text("INSERT INTO storage_used (user_id, used, reserved) VALUES (:id, :used, 1)"), row)
    command.upgrade(steps.configured(url), "20261128_storage_total")
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT shard, used, reserved FROM storage_total ORDER BY shard")).all()
    engine.dispose()
    assert [tuple(row) for row in rows] == [(0, 23, 2), (15, 100, 1)]


def test_messages_of_before_that_link_to_the_web_are_noted(url: str) -> None:
    command.downgrade(steps.configured(url), "20261128_pages")
    links = {1: "", 2: "https://site.example/a", 3: "HTTP://site.example", 4: "mailto:ann@site.example"}
    engine = open_engine(url, writes=True, size=1)
    with engine.begin() as connection:
        for seq, href in links.items():
            entities = f'[{{"type":"link","offset":0,"length":9,"href":"{href}"}}]' if href else "[]"
            connection.execute(
                text(
                    "INSERT INTO messages (chat_id, seq, sender_id, kind, text, entities, sent_at, digest, has)"
                    " VALUES (1, :seq, 1, 'text', 'x', :entities, 0, '', 1)"
                ),
                {"seq": seq, "entities": entities},
            )
    migrate.upgrade(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT seq, has FROM messages ORDER BY seq")).all() == [
            (1, 1), (2, 513), (3, 513), (4, 1),
        ]  # fmt: skip
    engine.dispose()


def test_a_newer_database_is_refused(url: str) -> None:
    engine = open_engine(url, writes=True, size=1)
    with engine.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '29991231_future'"))
        connection.commit()
    engine.dispose()
    with pytest.raises(DatabaseRefused, match="newer version"):
        migrate.upgrade(url)
