"""Sends people's requests: each has an outcome, noted as the checker needs it."""

import asyncio
import json
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.light import Light
from tests.torture.notes import Notes
from tests.world import PASSWORD

PATIENCE_S = 5.0
"""How long a device waits for an answer before it calls the outcome unknown."""
UNSETTLED = {0, 401, 408, 429}
"""Statuses besides 5xx that are no final refusal; 0 is no answer at all."""


class Answer(NamedTuple):
    """Holds status (0: none came) and body."""

    status: int
    body: Any

    @property
    def outcome(self) -> str:
        """Returns `ok`, `fail` or `info`."""
        if 200 <= self.status < 300:
            return "ok"
        return "info" if self.status in UNSETTLED or self.status >= 500 else "fail"

    @property
    def code(self) -> str:
        """Returns the code of a refusal."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""


class Http:
    """Sends requests over the proxies `urls`, or directly to the servers `straight` when the run is over."""

    def __init__(self, notes: Notes, urls: Sequence[str], chance: random.Random) -> None:
        self._notes, self.urls, self._chance = notes, urls, chance
        self._light = Light()

    @property
    def url(self) -> str:
        """Returns one of the servers."""
        return self._chance.choice(self.urls)

    async def __call__(self, token: str, method: str, path: str, body: Any = None, wait: float = 0) -> Answer:
        """Returns the answer to a request, whatever it is."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        if method == "POST" and path == "/chats":
            headers["idempotency-key"] = uuid.uuid4().hex
        try:
            async with asyncio.timeout(PATIENCE_S + wait):
                status, content = await self._light(method, f"{self.url}/api{path}", body, headers)
            answer = Answer(status, json.loads(content) if content else {})
        except (OSError, TimeoutError, ValueError):
            return Answer(0, {})
        self.note_trouble(answer.status, answer.code, f"{method} {path}")
        return answer

    def note_trouble(self, status: int, code: str, asked: str) -> None:
        """Notes a 5xx other than 503: a server in trouble says 503, and each other one is a fault."""
        if status >= 500 and status != 503:
            self._notes("trouble", status=status, code=code, asked=asked)

    async def settled(self, token: str, method: str, path: str, body: Any = None) -> Answer:
        """Returns the definite answer to a request that may be repeated."""
        while True:
            answer = await self(token, method, path, body)
            if answer.outcome != "info" or answer.status == 401:
                return answer
            await asyncio.sleep(0.1)

    def close(self) -> None:
        """Closes every connection."""
        self._light.close()


@dataclass
class Person:
    """Holds a person with an account; their devices sign in with it."""

    id: int
    email: str
    token: str
    """The token of a session that no device uses, for the driver."""

    async def sign_in(self, http: Http) -> tuple[int, str]:
        """Returns the id and access token of a new session."""
        answer = await http.settled("", "POST", "/auth/login", {"email": self.email, "password": PASSWORD})
        assert answer.outcome == "ok", answer
        return answer.body["session_id"], answer.body["access_token"]


@dataclass
class Said:
    """Describes a message as its author knows it."""

    who: int
    cmid: str
    text: str
    seq: int


@dataclass
class Chat:
    """Holds a chat, its owner, and its presumed members. `recent`: the last messages."""

    id: int
    owner: Person
    people: set[int]
    recent: list[Said] = field(default_factory=list)
    head: int = 0

    def note(self, said: Said) -> None:
        """Notes a message."""
        self.head = max(self.head, said.seq)
        self.recent = [*self.recent[-29:], said]
