"""Runs random histories of uploads: what the server says and stores is what a model of them says after each step."""

import asyncio
import base64
import hashlib
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from messenger.features.media import store
from messenger.features.media.flows import uploads as flow
from messenger.kernel import clock
from tests.features.test_uploads import BYTES, Uploader, body, kept, settled, until
from tests.inside import Inside, Reply, inside

PIECE, LEAST = 20_000, 1000
"""Instead of 5 MiB and 64 KiB, so that an upload of many pieces is soon there."""
LIFE_MS = 86_400_000
places, counts = st.integers(0, 99), st.sampled_from([1, LEAST - 1, LEAST, LEAST + 1, PIECE, 2 * PIECE + 7, 10**6])


@dataclass
class Sent:
    """Keeps the model's view of an upload: its bytes, how many the server took, its state, its file."""

    place: str
    data: bytes
    key: str
    taken: int = 0
    state: Literal["open", "done", "failed"] = "open"
    file: int = 0
    is_deleted: bool = False


class Uploads(RuleBasedStateMachine):
    """Runs one person's uploads on real files and a real SQLite file; pieces are small."""

    def __init__(self) -> None:
        super().__init__()
        self.loop, self.stack = asyncio.new_event_loop(), AsyncExitStack()
        self.folder = tempfile.TemporaryDirectory()
        self.small = pytest.MonkeyPatch()
        self.sent: list[Sent] = []
        self.ahead, self.turn, self.agrees = 0, 0, False
        self.app: Inside

    @initialize()
    def start(self) -> None:
        self.small.setattr(flow, "PIECE", PIECE)
        self.small.setattr(flow, "PIECE_LEAST", LEAST)
        clock.replace_source(lambda: int(time.time() * 1000) + self.ahead)
        self._do(self._open())

    async def _open(self) -> None:
        folder = Path(self.folder.name)
        lives = {"access_token_ttl": 40 * 86_400, "refresh_token_ttl": 60 * 86_400}
        self.app = await self.stack.enter_async_context(inside(folder, **lives))
        _, token = await self.app.person("ann")
        self.ann = Uploader(self.app, token)

    def _do(self, work: Any) -> Any:
        self.agrees = False
        return self.loop.run_until_complete(work)

    async def _ask(self, method: str, path: str, content: bytes | None = None, **said: str) -> Reply:
        headers = {name.replace("_", "-"): value for name, value in said.items()}
        headers["authorization"] = f"Bearer {self.ann.token}"
        return await self.app.http.request(method, path, content=content, headers=headers)

    async def _break(self, one: Sent, count: int) -> None:
        """Sends the beginning of a body whose rest never comes."""
        messages = [
            {"type": "http.request", "body": one.data[one.taken : one.taken + count], "more_body": True},
            {"type": "http.disconnect"},
        ]
        headers = {
            "host": "127.0.0.1:8000",
            "authorization": f"Bearer {self.ann.token}",
            "content-type": BYTES,
            "content-length": str(len(one.data) - one.taken),
            "upload-offset": str(one.taken),
        }
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "PATCH", "scheme": "http",
            "path": one.place, "raw_path": one.place.encode(), "query_string": b"", "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
        }  # fmt: skip

        async def receive() -> Any:
            return messages.pop(0) if len(messages) > 1 else messages[0]

        async def send(_: Any) -> None:
            return

        await self.app.app(scope, receive, send)

    def _pick(self, place: int, state: str) -> Sent | None:
        found = [one for one in self.sent if one.state == state and not one.is_deleted]
        return found[place % len(found)] if found else None

    def _took(self, one: Sent, size: int) -> None:
        one.taken += size
        if one.taken == len(one.data):
            self._finish(one)

    def _finish(self, one: Sent) -> None:
        view = self._do(self.ann.ended(one.place))
        assert view["state"] == "done", view
        one.state, one.file = "done", view["file"]["id"]

    @rule(size=st.sampled_from([0, 1, LEAST, PIECE - 1, PIECE, 3 * PIECE + 11]))
    def begin(self, size: int) -> None:
        if len([one for one in self.sent if one.state == "open"]) > 20:
            return
        one = Sent("", body(size, len(self.sent) % 256), f"key-{len(self.sent)}")
        one.place = self._do(self.ann.begin(size, key=one.key))
        self.sent.append(one)
        if not size:
            self._finish(one)

    @precondition(lambda self: self.sent)
    @rule(place=places)
    def repeat(self, place: int) -> None:
        """Begins an upload again whose answer was lost."""
        one = self._pick(place, "open")
        if one:
            assert self._do(self.ann.begin(len(one.data), key=one.key)) == one.place

    @rule(place=places, count=counts)
    def append(self, place: int, count: int) -> None:
        one = self._pick(place, "open")
        if one is None:
            return
        piece = one.data[one.taken : one.taken + count]
        answer = self._do(self.ann.patch(one.place, one.taken, piece))
        rest = len(piece) % PIECE
        is_short = one.taken + len(piece) < len(one.data) and 0 < rest < LEAST
        assert answer.status_code == (400 if is_short else 204), answer.text
        self._took(one, len(piece) - (rest if is_short else 0))

    @rule(place=places, count=counts, is_right=st.booleans())
    def append_checked(self, place: int, count: int, is_right: bool) -> None:
        one = self._pick(place, "open")
        if one is None:
            return
        piece = one.data[one.taken : one.taken + count]
        digest = hashlib.sha256(piece if is_right else piece + b"!").digest()
        said = {"upload_offset": str(one.taken), "upload_checksum": f"sha256 {base64.b64encode(digest).decode()}"}
        answer = self._do(self._ask("PATCH", one.place, piece, content_type=BYTES, **said))
        assert answer.status_code == (204 if is_right else 460), answer.text
        if is_right:
            self._took(one, len(piece))

    @rule(place=places, count=counts)
    def break_off(self, place: int, count: int) -> None:
        one = self._pick(place, "open")
        if one is None or one.taken + count >= len(one.data):
            return
        self._do(self._break(one, count))
        rest = count % PIECE
        self._took(one, count - (rest if rest < LEAST else 0))

    @rule(place=places, by=st.sampled_from([-1, 1, 10**9]))
    def append_elsewhere(self, place: int, by: int) -> None:
        one = self._pick(place, "open")
        if one is not None and one.taken + by >= 0:
            answer = self._do(self.ann.patch(one.place, one.taken + by, b"x" * LEAST))
            assert (answer.status_code, answer.json()["code"]) == (409, "upload.moved")

    @rule(place=places)
    def cancel(self, place: int) -> None:
        one = self._pick(place, "open")
        if one is not None:
            assert self._do(self._ask("DELETE", one.place)).status_code == 204
            one.state = "failed"

    @rule(place=places)
    def delete(self, place: int) -> None:
        one = self._pick(place, "done")
        if one is not None:
            assert self._do(self._ask("DELETE", f"/api/files/{one.file}")).status_code == 204
            one.is_deleted = True

    @precondition(lambda self: self.sent and self.ahead < 5 * LIFE_MS)
    @rule()
    def wait_a_day(self) -> None:
        self._wait(LIFE_MS + 1000)

    def _wait(self, ms: int) -> None:
        self.ahead += ms
        self._do(settled(self.app))
        for one in self.sent:
            one.state = "failed" if one.state == "open" else one.state

    def _compare(self, one: Sent) -> None:
        head = self._do(self._ask("HEAD", one.place))
        if one.state == "failed":
            assert head.status_code == 410
        else:
            assert (head.status_code, head.headers["upload-offset"]) == (200, str(one.taken))
        if one.file:
            file = self._do(self._ask("GET", f"/api/files/{one.file}/o"))
            assert (file.status_code, file.content) == ((404, file.content) if one.is_deleted else (200, one.data))

    @invariant()
    def the_server_says_the_same(self) -> None:
        """Compares one upload after each step, in turns, and the sums; all of them at the end."""
        if self.sent:
            self.turn += 1
            self._compare(self.sent[self.turn % len(self.sent)])
            storage = self._do(self._ask("GET", "/api/users/me/storage")).json()
            whole = [one for one in self.sent if one.state == "done" and not one.is_deleted]
            assert storage["used"] == sum(len(one.data) for one in whole)
            kinds = [{"kind": "file", "files": len(whole), "used": storage["used"]}] if whole else []
            assert storage["kinds"] == kinds
            assert storage["reserved"] == sum(len(one.data) for one in self.sent if one.state == "open")
            total = self._do(self.app.platform.db.read(store.sum_storage))
            assert total == (storage["used"], storage["reserved"]), "there is only one person"
        self.agrees = True

    def teardown(self) -> None:
        """Checks that nothing is left of uploads that ended and of files that were never sent."""
        try:
            if self.sent and self.agrees:
                for one in self.sent:
                    self._compare(one)
                self._wait(9 * LIFE_MS)
                self._wait(LIFE_MS)
                self._do(until(self.app, lambda: kept(Path(self.folder.name)) == []))
        finally:
            self._do(self.stack.aclose())
            self.loop.close()
            clock.replace_source(None)
            self.small.undo()
            self.folder.cleanup()


TestUploads = Uploads.TestCase
TestUploads.settings = settings(
    max_examples=12,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # a smaller history would take longer to find than a test may
    suppress_health_check=list(HealthCheck),
)
