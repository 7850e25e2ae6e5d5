"""Tests a stalled database: waiting requests are refused, and a refused request is not done later."""

import asyncio
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from messenger.assembly import migrate
from messenger.db import patience
from tests.inside import Recorder, inside
from tests.postgres import Cluster

Still = tuple[dict[str, Any], Callable[[], AbstractContextManager[None]]]
"""Settings of a server, and the block in which its database answers no writes."""


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Writes into the embedded database from another program, in a transaction that does not end."""
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.rollback()
        holder.close()


@pytest.fixture(params=["embedded", pytest.param("scaled", marks=pytest.mark.scaled)])
def still(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Still]:
    monkeypatch.setattr(patience, "PATIENCE_S", 0.5)
    if request.param == "embedded":
        yield {}, lambda: _held(tmp_path / "messenger.db")
        return
    with Cluster.started() as cluster:
        url = cluster.create_database()
        migrate.upgrade(url)
        yield {"database_url": url}, cluster.frozen


async def _until(looked: Callable[[], Any]) -> Any:
    """Waits for the first truthy answer."""
    for _ in range(1000):
        if found := looked():
            return found
        await asyncio.sleep(0.01)
    raise TimeoutError


async def _say(socket: Recorder, chat: int, text: str, cmid: str) -> dict[str, Any]:
    """Sends a message, and returns the answer."""
    before = len(socket.frames)
    socket.tell("message.send", {"chat_id": chat, "text": text, "client_msg_id": cmid})
    found = await _until(lambda: [one for one in socket.frames[before:] if one["type"] in ("ack", "error")])
    return dict(found[0])


def test_waiting_requests_are_refused(still: Still, tmp_path: Path) -> None:
    settings, stands_still = still

    async def scenario() -> None:
        async with inside(tmp_path, **settings) as app:
            _, token = await app.person("ann")
            chat = (await app.call("POST", "/api/chats", {"kind": "saved"}, token))["id"]
            first, second = await app.socket(token), await app.socket(token)
            await app.idle()
            begun, waiting = str(uuid.uuid4()), str(uuid.uuid4())
            batches = sum(app.platform.db.sizes.counts)
            with stands_still():
                one = asyncio.create_task(_say(first, chat, "begun", begun))
                await _until(lambda: sum(app.platform.db.sizes.counts) > batches)
                two = asyncio.create_task(_say(second, chat, "waiting", waiting))
                groups = [{"kind": "group", "name": f"g{n}"} for n in range(3)]
                refused = await asyncio.gather(
                    *(app.refused("POST", "/api/chats", body, token) for body in groups),
                    app.refused("PUT", f"/api/chats/{chat}/read", {"seq": 1}, token),
                )
                for answer in (await one, await two):
                    assert (answer["data"]["code"], answer["data"]["retry_after_ms"]) == ("server.busy", 1000)
                assert refused == [(503, "server.busy")] * 4
                if settings:  # a reader of the embedded database does not wait for a writer
                    assert await app.refused("GET", "/api/chats", token=token) == (503, "server.busy")
                    letter = {"email": "a@example.org", "password": "x" * 10}
                    login = await app.http.post("/api/auth/login", json=letter)
                    assert (login.status_code, login.headers["retry-after"]) == (503, "1")
            for _ in range(20):
                if (await _say(first, chat, "begun", begun))["type"] == "ack":
                    break
            kept = await app.call("GET", f"/api/chats/{chat}/messages", token=token)
            assert [one["text"] for one in kept["items"]] == ["begun"], "once, and no refused message"
            names = {one["name"] for one in (await app.call("GET", "/api/chats", token=token))["items"]}
            assert "g2" not in names, "at most two lanes had begun"
            assert (await _say(second, chat, "waiting", waiting))["type"] == "ack"
            kept = await app.call("GET", f"/api/chats/{chat}/messages", token=token)
            assert [one["text"] for one in kept["items"]] == ["begun", "waiting"]

    asyncio.run(scenario())
