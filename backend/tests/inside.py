"""Runs the application in the test's own process, to plant faults inside and to count statements."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from messenger.assembly.app import create_app
from messenger.assembly.variables import Variables
from messenger.doors.platform import Platform
from tests import migrated
from tests.contract import check_answer
from tests.world import PASSWORD


class Inside:
    """Calls a running application without a network."""

    def __init__(self, app: Any, http: httpx.AsyncClient) -> None:
        self.app, self.http = app, http

    @property
    def platform(self) -> Platform:
        """Returns the objects that the application holds open."""
        platform: Platform = self.app.state.platform
        return platform

    async def call(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        """Returns the body of an answer; an answer other than success fails the test."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        answer = await self.http.request(method, path, json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def refused(self, method: str, path: str, body: Any = None, token: str = "") -> tuple[int, str]:
        """Returns status and code of a refusal."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        answer = await self.http.request(method, path, json=body, headers=headers)
        assert not answer.is_success, answer.text
        return answer.status_code, answer.json()["code"]

    async def person(self, name: str) -> tuple[int, str]:
        """Registers a person; returns their id and access token."""
        body = {"email": f"{uuid.uuid4().hex}@example.org", "password": PASSWORD, "name": name}
        answer = await self.call("POST", "/api/auth/register", body)
        return answer["user"]["id"], answer["access_token"]

    async def idle(self) -> None:
        """Waits until no background job is left."""
        for _ in range(1000):
            left = await self.platform.db.read(lambda tx: tx.first("SELECT count(*) FROM outbox"))
            if left == (0,):
                return
            await asyncio.sleep(0.01)
        raise TimeoutError("later work is left")

    def dial(self) -> "Recorder":
        """Opens a socket that has not said hello."""
        socket = Recorder(self.app.state.entry.gateway.session())
        socket.session.opened(socket)
        return socket

    async def socket(self, token: str, **hello: Any) -> "Recorder":
        """Opens a socket and says hello."""
        socket = self.dial()
        socket.tell("hello", {"token": token, **hello})
        await socket.until("resumed")
        return socket


class Recorder:
    """Keeps everything that is sent, as a driver of `kernel.ports.socket.Socket`."""

    address, device = "127.0.0.1", "test"

    def __init__(self, session: Any) -> None:
        self.session = session
        self.frames: list[dict[str, Any]] = []
        self.code = 0
        self.unread = 0

    def tell(self, type_: str, data: Any) -> None:
        """Passes a frame from the client to the session."""
        frame = json.dumps({"type": type_, "ref": "r", "data": data}).encode()
        self.session.heard(len(frame))
        self.session.frame(frame)

    def send(self, data: bytes) -> int:
        while data:
            size, start = data[1], 2
            if size >= 126:
                start = 4 if size == 126 else 10
                size = int.from_bytes(data[2:start], "big")
            frame = json.loads(data[start : start + size])
            self.frames.extend(frame["frames"] if frame["type"] == "batch" else [frame])
            data = data[start + size :]
        return self.unread

    async def taken(self) -> None:
        await asyncio.sleep(0)

    def close(self, code: int, reason: str = "") -> None:
        self.code = self.code or code

    def abort(self) -> None:
        self.code = self.code or 1006

    def buffered(self) -> int:
        return self.unread

    async def until(self, type_: str, count: int = 1) -> list[dict[str, Any]]:
        """Waits until `count` frames of a type have come."""
        for _ in range(1000):
            found = [frame for frame in self.frames if frame["type"] == type_]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.01)
        raise TimeoutError(f"{type_} did not come; seen: {[frame['type'] for frame in self.frames]}")


Within = Callable[..., AbstractAsyncContextManager[Inside]]
"""`inside` with the wiring of a mode: the fixture `within`."""


async def _check(response: httpx.Response) -> None:
    """Checks each answer against the contract; 500 is the answer to a planted fault."""
    await response.aread()
    if response.status_code != 500:
        check_answer(response)


@asynccontextmanager
async def inside(folder: Path, **settings: Any) -> AsyncIterator[Inside]:
    """Opens the application with settings, until the block ends."""
    quick: dict[str, Any] = {"rate_limits": "off", "password_memory_kib": 64}
    if "database_url" not in settings:
        migrated.embedded(folder)
    app = create_app(Variables(data_dir=folder, **(quick | settings)))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        hooks = {"response": [_check]}
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", event_hooks=hooks) as http:
            yield Inside(app, http)
