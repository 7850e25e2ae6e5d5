"""People and their requests: each has an outcome, noted as the checker wants it."""

import asyncio
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx

from tests.torture.notes import Notes
from tests.world import PASSWORD

PATIENCE_S = 5.0
"""How long a device waits for an answer before it calls the outcome unknown."""
UNSETTLED = {0, 401, 408, 429}
"""Statuses that refuse nothing for good, beside 5xx; 0 is no answer at all."""


class Answer(NamedTuple):
    """Status (0: none came) and body."""

    status: int
    body: Any

    @property
    def outcome(self) -> str:
        """`ok`, `fail` or `info`."""
        if 200 <= self.status < 300:
            return "ok"
        return "info" if self.status in UNSETTLED or self.status >= 500 else "fail"

    @property
    def code(self) -> str:
        """The code of a refusal."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""


class Http:
    """Requests over the proxies `urls`, or straight to the servers `straight` when the run is over."""

    def __init__(self, notes: Notes, urls: Sequence[str], chance: random.Random) -> None:
        self._notes, self.urls, self._chance = notes, urls, chance
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=20)
        self._client = httpx.AsyncClient(verify=False, timeout=PATIENCE_S, limits=limits)

    @property
    def url(self) -> str:
        """One of the servers."""
        return self._chance.choice(self.urls)

    async def __call__(self, token: str, method: str, path: str, body: Any = None, wait: float = 0) -> Answer:
        """The answer to a request, whatever became of it."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        if method == "POST" and path == "/chats":
            headers["idempotency-key"] = uuid.uuid4().hex
        try:
            got = await self._client.request(
                method, f"{self.url}/api{path}", json=body, headers=headers, timeout=PATIENCE_S + wait
            )
            answer = Answer(got.status_code, got.json() if got.content else {})
        except (httpx.HTTPError, ValueError):
            return Answer(0, {})
        self.note_trouble(answer.status, answer.code, f"{method} {path}")
        return answer

    def note_trouble(self, status: int, code: str, asked: str) -> None:
        """A server in trouble says 503; another 5xx is a fault."""
        if status >= 500 and status != 503:
            self._notes("trouble", status=status, code=code, asked=asked)

    async def settled(self, token: str, method: str, path: str, body: Any = None) -> Answer:
        """The definite answer to a request that may be repeated."""
        while True:
            answer = await self(token, method, path, body)
            if answer.outcome != "info" or answer.status == 401:
                return answer
            await asyncio.sleep(0.1)

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()


@dataclass
class Person:
    """Somebody with an account; their devices sign in with it."""

    id: int
    email: str
    token: str
    """Of a session that no device uses, for the driver."""

    async def sign_in(self, http: Http) -> tuple[int, str]:
        """A new session: its id and access token."""
        answer = await http.settled("", "POST", "/auth/login", {"email": self.email, "password": PASSWORD})
        assert answer.outcome == "ok", answer
        return answer.body["session_id"], answer.body["access_token"]


@dataclass
class Said:
    """A message as its author knows it."""

    who: int
    cmid: str
    text: str
    seq: int


@dataclass
class Chat:
    """A chat, who its owner is, and who is believed to be in it. `recent`: what was said lately."""

    id: int
    owner: Person
    people: set[int]
    recent: list[Said] = field(default_factory=list)
    head: int = 0

    def note(self, said: Said) -> None:
        """Something was said."""
        self.head = max(self.head, said.seq)
        self.recent = [*self.recent[-29:], said]
