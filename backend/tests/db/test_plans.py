"""What a send and a list of chats cost follows what they touch: SQLite without statistics walks over no table of the server."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from messenger.assembly import migrate
from messenger.db import journal
from messenger.db.sql import Sql
from messenger.features.chats import store as chats
from messenger.features.messages import store as messages
from messenger.features.receipts import store as receipts
from messenger.kernel.events import chat
from tests.database import Explaining

STATEMENTS: dict[str, Callable[[Sql], Any]] = {
    "seats": lambda sql: chats.find_seats(sql, [(1, 2)]),
    "chats": lambda sql: chats.list_chats(sql, 2, None, 50),
    "chats further": lambda sql: chats.list_chats(sql, 2, (3, 4), 50),
    "sent": lambda sql: messages.find_sent(sql, [(1, 2, "x")]),
    "last messages": lambda sql: messages.find_many(sql, [(1, 2)]),
    "heads": lambda sql: journal.heads(sql, [chat(1)]),
    "newest": lambda sql: journal.newest(sql, [chat(1)]),
    "times": lambda sql: journal.times(sql, {chat(1): 1}),
    "marks": lambda sql: receipts.find_marks(sql, [(1, 2)]),
    "marks of others": lambda sql: receipts.find_others(sql, 2, [1]),
}


class Plan(Explaining):
    """Keeps the steps of the plan, and answers no rows."""

    steps: tuple[str, ...] = ()

    def all(self, statement: Any, params: Any = None) -> Any:
        self.steps += tuple(str(row[-1]) for row in super().all(statement, params))
        return []


@pytest.mark.parametrize("name", STATEMENTS)
def test_nothing_is_walked_over(name: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/messenger.db"
    migrate.upgrade(url)
    with create_engine(url).connect() as connection:
        plan = Plan(connection)
        STATEMENTS[name](plan)
    first, *others = [step for step in plan.steps if "TEMP B-TREE" not in step]
    assert first.startswith("SCAN json_each") or "user_id=?" in first, plan.steps
    for step in others:
        assert step.startswith("SEARCH"), plan.steps
        assert "(kind=?)" not in step, plan.steps
