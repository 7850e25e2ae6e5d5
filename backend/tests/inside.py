"""Runs the application in the test's own process, to plant faults inside and to count statements."""

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partialmethod
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

import pytest
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message

from messenger.assembly.app import create_app
from messenger.assembly.variables import Variables
from messenger.db import patience
from messenger.doors.platform import Platform
from tests import migrated
from tests.contract import check_answer_to
from tests.world import PASSWORD

PATIENCE_S: Final = 60
"""Seconds for what background jobs do, with decoders that give way to all other processes of a busy machine."""
USUAL_S: Final = patience.PATIENCE_S
"""Seconds after which a database without an answer is busy, unless a test sets its own."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Holds an answer of the application."""

    status_code: int
    headers: Headers
    content: bytes

    @property
    def is_success(self) -> bool:
        """Returns whether the application did what it was asked for."""
        return 200 <= self.status_code < 300

    @property
    def text(self) -> str:
        """Returns the body as text."""
        return self.content.decode()

    def json(self) -> Any:
        """Returns the value that the body holds."""
        return json.loads(self.content)


class Calls:
    """Sends requests to an application in the same process, as `httpx` does for five times the work.

    It keeps no cookies. Each answer is checked against the contract, except 500, which planted faults bring.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def request(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Returns the answer to a request; `json` or `content` is its body. Raises what the application raises."""
        path, _, query = url.partition("?")
        body = _encoded(json) if content is None else content
        sent = {"host": "127.0.0.1:8000", "accept": "*/*"}
        sent |= {"content-length": str(len(body))} if body or method in ("POST", "PUT", "PATCH") else {}
        sent |= {"content-type": "application/json"} if json is not None else {}
        sent |= headers or {}
        scope: dict[str, Any] = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": unquote(path), "raw_path": quote(path, safe="/%:@").encode(), "root_path": "",
            "query_string": quote(query, safe="/%:@=&,+").encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
            "client": ("127.0.0.1", 123), "server": ("127.0.0.1", 8000),
        }  # fmt: skip
        reply = await self._answer(scope, body)
        if reply.status_code != 500:
            check_answer_to(method, scope["path"], reply)
        return reply

    async def _answer(self, scope: Any, body: bytes) -> Reply:
        is_over = asyncio.Event()
        parts: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        said: list[Message] = []

        async def receive() -> Message:
            if parts:
                return parts.pop()
            await is_over.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            said.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                is_over.set()

        await self._app(scope, receive, send)
        assert is_over.is_set(), "the answer has no end"
        content = b"".join(part.get("body", b"") for part in said[1:]) if scope["method"] != "HEAD" else b""
        return Reply(said[0]["status"], Headers(raw=list(said[0]["headers"])), content)

    get = partialmethod(request, "GET")
    post = partialmethod(request, "POST")
    put = partialmethod(request, "PUT")
    patch = partialmethod(request, "PATCH")
    delete = partialmethod(request, "DELETE")


def _encoded(value: Any) -> bytes:
    return b"" if value is None else json.dumps(value, ensure_ascii=False).encode()


class Inside:
    """Calls a running application without a network."""

    def __init__(self, app: Any) -> None:
        self.app, self.http = app, Calls(app)

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
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            left = await self.platform.db.read(lambda tx: tx.first("SELECT count(*) FROM outbox"))
            if left == (0,):
                return
            await asyncio.sleep(0.01)
        raise TimeoutError("later work is left")

    async def kept(self) -> None:
        """Waits until the upkeep that follows a start is over: it sleeps until the next one."""
        works: list[Any] = [task.get_coro() for task in asyncio.all_tasks()]
        (upkeep,) = [one for one in works if getattr(one, "__name__", "") == "_keep_house"]
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if getattr(upkeep.cr_await, "__name__", "") == "sleep":
                return
            await asyncio.sleep(0.01)
        raise TimeoutError("the upkeep has no end")

    async def still(self) -> None:
        """Waits until nothing runs beside the test, and begins no job any more: statements can be counted."""
        await self.kept()
        await self.idle()
        await self.platform.jobs.close()

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
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            found = [frame for frame in self.frames if frame["type"] == type_]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.01)
        raise TimeoutError(f"{type_} did not come; seen: {[frame['type'] for frame in self.frames]}")


Within = Callable[..., AbstractAsyncContextManager[Inside]]
"""`inside` with the wiring of a mode: the fixture `within`."""


@asynccontextmanager
async def inside(folder: Path, **settings: Any) -> AsyncIterator[Inside]:
    """Opens the application with settings, until the block ends."""
    quick: dict[str, Any] = {"rate_limits": "off", "password_memory_kib": 64, "cards": "off"}
    if "database_url" not in settings:
        migrated.embedded(folder)
    app = create_app(Variables(data_dir=folder, **(quick | settings)))
    with pytest.MonkeyPatch.context() as patch:
        if patience.PATIENCE_S == USUAL_S:
            # Beside other tests on a busy machine, forty writes of one row take longer than a person waits.
            patch.setattr(patience, "PATIENCE_S", float(PATIENCE_S))
        async with app.router.lifespan_context(app):
            yield Inside(app)
