"""Records every statement of every store: calls each function with values that a large database has."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

from sqlalchemy import Connection

import messenger.features
from messenger.db import journal, outbox, repeats
from messenger.db.sql import Cursor, Sql
from messenger.kernel.events import Envelope, Topic
from tests.plans.large import START

GROUND: Final = (journal, outbox, repeats)
USER, CHAT, SEQ = 3, 3, 50
NOW: Final = START + 5_000_000_000
CHAT_TOPIC, USER_TOPIC = Topic("chat", CHAT), Topic("user", USER)

VALUES: Final[Mapping[str, tuple[Any, ...]]] = {
    # A name means the same in all stores; `function.name` where it does not.
    "user_id": (USER,), "user_ids": ([USER, 8, 9],), "by": (1,), "former": ("-",), "password_hash": ("x",),
    "user": ({"id": 900_001, "name": "A", "name_key": "a", "email": "a@b", "email_key": "a@b", "password_hash": "-",
              "role": "member", "language": "en", "created_at": NOW},),
    "email_key": (f"{USER}@example.org",), "words": (["anna", "zz"],), "queries": ([["anna", "000003"], ["0000"]],),
    "change": ({"name": "B", "name_key": "b"},), "rev": (1, None), "most": (50,), "after": (None, ("anna 000004", 4)),
    "session_id": (USER,), "session_ids": ([USER, 8],), "ending": ("ended",), "hash_": (f"d{USER}",), "now": (NOW,), "before": (START,),
    "session": ({"id": 900_001, "user_id": USER, "device": "", "address": "", "created_at": NOW, "expires_at": NOW,
                 "in_cookie": True},),
    "key": ("name",), "value": ("x",), "purpose": ("verify",), "tally": (f"g{USER}",), "window": ((NOW, 1),),
    "free_at": (NOW,), "least": (10,), "pause_ms": (1,), "link.insert": (), "list_audit.before": (None, 40),
    "link": ({"hash": "new", "user_id": USER, "purpose": "verify", "email_key": "", "expires_at": NOW},),
    "line": ({"at": NOW, "kind": "signed_in", "user_id": USER, "by_id": None, "chat_id": None, "device": "",
              "address": "", "detail": ""},),
    "list_audit.user_id": (USER, None), "chat_id": (CHAT,), "chat_ids": ([CHAT, 4, 5],), "wishes": ([(CHAT, USER)],),
    "list_chats.before": (None, (START + 5, 5)), "with_id": (None, 8), "pair": ("1:2",), "name": ("Den",),
    "avatar": ("x",), "code": ("i3",),
    "chat": ({"id": 900_001, "kind": "group", "name": "x", "pair": None, "created_by": USER, "created_at": NOW},),
    "members": ([{"chat_id": CHAT, "user_id": 900_001, "role": "member", "joined_at": NOW}],), "role": ("admin",),
    "list_members.after": (None, (START + 5, 5)), "seq": (SEQ,), "first": (SEQ,), "list_before.before": (SEQ,),
    "invite": ({"code": "new", "chat_id": CHAT, "created_by": USER, "created_at": NOW, "expires_at": NOW,
                "max_uses": None},),
    "keys": ([(CHAT, USER, "c9"), (4, 8, "c8")],), "places": ([(CHAT, SEQ), (4, 9)],), "place": ((CHAT, SEQ),),
    "rows": ([{"chat_id": CHAT, "seq": 900_001, "sender_id": USER, "kind": "text", "text": "x", "entities": "[]",
               "service": None, "sent_at": NOW, "reply_to": None, "cmid": "new", "digest": "", "has": 0}],),
    "words.text": (), "update_text.words": (("x", "[]", 512),), "list_linked.before": (None, SEQ), "revs": (range(1, 3),), "list_versions.after": (0,),
    "wants": ([(CHAT, USER, 80, 90), (4, USER, 80, 80)],), "marks": ({(CHAT, USER): 99, (4, USER): 99},),
    "update_state.change": ({"level": 2, "pin": None},),
    "pairs": ([(CHAT, USER), (4, 8)],), "largest": (0, 100), "kind": ("user",), "id_": (USER,),
    "mark_deleted.seqs": ([SEQ, SEQ + 1],), "forget_versions.seqs": ([SEQ, SEQ + 1],),
    "bit": (1,), "list_mentions.after": (0,), "mentions": ([(USER, CHAT, 900_001)],),
    "topics": ([CHAT_TOPIC, USER_TOPIC],), "open_streams.topics": ([Topic("chat", 900_001)],), "topic": (CHAT_TOPIC,),
    "evs": ({CHAT_TOPIC: 1, USER_TOPIC: 1},), "seqs": ({CHAT_TOPIC: 1},), "times.places": ({CHAT_TOPIC: 95},),
    "envelopes": ([Envelope("chat", CHAT, 900_001, "x", "{}", 0, "", (), ())],), "extras": ([""],), "append.at": (NOW,),
    "read_after.after": ({CHAT_TOPIC: 90, USER_TOPIC: 1},), "rewrite.at": ([START + 99 * 1_000_000 + CHAT],),
    "rewrite.change": (lambda type_, data: data,), "forget.rows": ([1, 2, 3],), "above": (0,), "known": (0,),
    "work": ([outbox.Staged("probe", {}, "new", NOW)],), "heavy": (False, True), "n": (5,), "attempts": (1,), "cancel.keys": (["o5", "o6"],),
    "stale.before": (START + 82 * 1_000_000,),
    "lookers": ([(CHAT, SEQ, USER), (4, 9, 8)],), "emoji": (None, "👍"), "beyond": (("", 0), ("👍", 8)),
    "choices": ([(CHAT, SEQ, "🎉", USER), (4, 9, "🎉", 8)],), "chosen": ({(CHAT, SEQ, "👍"): 3, (4, 9, "🎉"): 1},),
    "upload": ({"id": 900_001, "user_id": USER, "client_key": "new", "wanted": "file", "name": "a", "claimed_type": "",
                "size": 5, "taken": 0, "turn": 0, "state": "open", "file_id": None, "expires_at": NOW},),
    "upload_id": (USER,), "client_key": (f"k{USER}",), "taken": (0,), "file_id": (USER,), "state": ("done",), "error": (None,),
    "piece": ({"upload_id": USER, "turn": 1, "n": 1, "start": 0, "size": 5},), "expires_at": (NOW,), "used": (5,),
    "reserved": (-5,), "ids": ([USER, 8],), "since": (START,), "day": (20_000,), "list_strays.keys": ([f"s{USER}", "s8"],),
    "insert_strays.keys": (["new"],), "delete_strays.keys": ([f"s{USER}", "s8"],),
    "file": ({"id": 900_001, "user_id": USER, "kind": "file", "name": "a", "type": "-", "size": 5, "sha256": "-",
              "width": None, "height": None, "thumbhash": None, "duration_ms": None, "peaks": None, "pages": None, "variants": None, "stored": 5, "unused_since": NOW,
              "created_at": NOW},),
    "list_in_chat.kind": ("file",), "list_in_chat.beyond": (None, (SEQ, 0)), "rising": (False, True), "alts": (["a", "b"],), "locked": (False, True),
    "counts": ({USER: 1, 8: 2},), "list_chats.ids": ([USER, 8],),
    "uses": ([{"chat_id": CHAT, "seq": 900_001, "place": 0, "file_id": USER, "kind": "file", "alt": ""}],), "delete_uses.seqs": ([SEQ, SEQ + 1],),
    "quota": (None, 5), "below": (None, (10, 8)), "files": (1,), "added": (5,), "removed": (5,), "sum_kinds.user_id": (None, USER),
    "sum_days.since": (20_000,), "count_uploads.state": ("full",), "forget_days.day": (1,), "count_kind.kind": ("file",),
    "kinds": ([(CHAT, SEQ, "👍"), (4, 9, "👍")],), "forget_reactions.seqs": ([SEQ, SEQ + 1],),
    "forget_tallies.seqs": ([SEQ, SEQ + 1],), "list_listened.seqs": ([SEQ, SEQ + 1],), "author_id": (USER, 0),
    "heard": ({"chat_id": CHAT, "seq": 900_001, "user_id": USER, "author_id": 8, "at": NOW},),
    "hashes": (["h1", f"h{USER}"],), "address_hash": ("h1",), "write_uses.uses": ([{"chat_id": CHAT, "seq": 900_001, "place": 0,
        "address_hash": "h1", "removed_by": None, "at": NOW}],), "spot": ((CHAT, SEQ),), "remove_use.place": (0,),
    "cards": ([{"address_hash": "new", "address": "", "state": "ready", "site": "", "title": "a", "summary": "", "picture": None,
                "size": None, "width": None, "height": None, "thumbhash": None, "expires_at": NOW}],),
    "list_uses.seqs": ([SEQ, SEQ + 1],), "list_shown.seqs": ([SEQ, SEQ + 1],), "delete_failed.before": (1,),
    "changes": ({"name": "Den", "cards": False},),
    "forget_listened.seqs": ([SEQ, SEQ + 1],),
}  # fmt: skip


@dataclass
class Asked:
    """Holds a statement as the driver took it, and its store function; `steps`: instructions of SQLite's machine."""

    function: str
    text: str
    params: Any
    steps: int = 0


class Recording(Sql):
    """Runs statements and records them."""

    __slots__ = ("asked", "function")

    def __init__(self, conn: Connection) -> None:
        super().__init__(conn)
        self.asked: list[Asked] = []
        self.function = ""
        if self.dialect == "sqlite":
            driver: Any = conn.connection.driver_connection
            driver.set_progress_handler(self._step, 1)

    def run(self, statement: str, params: Any = None) -> Cursor:
        prepared = self._prepare(statement)
        bound = prepared.bound((params[0] if isinstance(params, list) else params) or {})
        self.asked.append(Asked(self.function, prepared.text, bound))
        return super().run(statement, params)

    def _step(self) -> int:
        if self.asked:
            self.asked[-1].steps += 1
        return 0


def stores() -> list[ModuleType]:
    """Returns all modules with SQL of their own."""
    packages = pkgutil.walk_packages(messenger.features.__path__, "messenger.features.")
    return [*GROUND, *(importlib.import_module(one.name) for one in packages if one.name.endswith(".store"))]


def ask_everything(sql: Recording) -> None:
    """Calls every public function of every store with each of its values, and undoes its writes."""
    for name, function in _functions():
        sql.function = name
        for params in _calls(function):
            before = sql.conn.begin_nested()
            function(sql, **params)
            before.rollback()


def _functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    for store in stores():
        for name, function in inspect.getmembers(store, inspect.isfunction):
            if (
                function.__module__ == store.__name__
                and name[0] != "_"
                and next(iter(inspect.signature(function).parameters)) == "sql"
            ):
                yield f"{store.__name__.removeprefix('messenger.')}.{name}", function


def _calls(function: Callable[..., Any]) -> Iterator[dict[str, Any]]:
    """Yields the parameters of each call: as many as the parameter with the most values has."""
    names = list(inspect.signature(function).parameters)[1:]
    values = {name: VALUES.get(f"{function.__name__}.{name}") or VALUES[name] for name in names}
    for turn in range(max((len(some) for some in values.values()), default=1)):
        yield {name: some[turn % len(some)] for name, some in values.items()}
