"""Makes people and chats in one line each: `ann, bob = world.people("ann", "bob");  den = world.group(ann, bob)`."""

import uuid
from typing import Any

import httpx

from tests.contract import check_answer
from tests.server import Served
from tests.wire import Device

PASSWORD = "correct horse battery"


class Person:
    """Acts as a person signed in over REST; checks every answer against the contract."""

    def __init__(self, server: Served, tokens: dict[str, Any], email: str) -> None:
        self.server, self.tokens, self.email = server, tokens, email
        self.id: int = tokens["user"]["id"]
        self.name: str = tokens["user"]["name"]
        self.http = client(server, tokens["access_token"])

    def get(self, path: str, status: int = 200, **params: Any) -> Any:
        """Sends GET, checks the status, and returns the body."""
        return _body(self.http.get(path, params=params or None), status)

    def post(self, path: str, json: Any = None, status: int = 200, **more: Any) -> Any:
        """Sends POST, checks the status, and returns the body."""
        return _body(self.http.post(path, json=json, **more), status)

    def patch(self, path: str, json: Any, status: int = 200, **more: Any) -> Any:
        """Sends PATCH, checks the status, and returns the body."""
        return _body(self.http.patch(path, json=json, **more), status)

    def put(self, path: str, json: Any, status: int = 200) -> Any:
        """Sends PUT, checks the status, and returns the body."""
        return _body(self.http.put(path, json=json), status)

    def delete(self, path: str, status: int = 204, **params: Any) -> Any:
        """Sends DELETE, checks the status, and returns the body."""
        return _body(self.http.delete(path, params=params), status)

    def say(self, chat_id: int, text: str, **more: Any) -> dict[str, Any]:
        """Sends a message over REST."""
        body = {"text": text, "client_msg_id": str(uuid.uuid4()), **more}
        sent: dict[str, Any] = self.post(f"/api/chats/{chat_id}/messages", body, 201)
        return sent

    def history(self, chat_id: int, **params: Any) -> list[dict[str, Any]]:
        """Returns a page of messages."""
        items: list[dict[str, Any]] = self.get(f"/api/chats/{chat_id}/messages", **params)["items"]
        return items

    def device(self, **hello: Any) -> Device:
        """Opens a socket and says hello; close it, or use it in a `with`."""
        return Device(self.server.socket_url, self.tokens["access_token"], **hello)


class World:
    """Makes the people of one server."""

    def __init__(self, server: Served) -> None:
        self.server = server

    def person(self, name: str, **more: Any) -> Person:
        """Registers a person."""
        email = f"{uuid.uuid4().hex[:12]}@example.org"
        body = {"email": email, "password": PASSWORD, "name": name, **more}
        answer = _body(client(self.server).post("/api/auth/register", json=body), 201)
        return Person(self.server, answer, email)

    def people(self, *names: str) -> list[Person]:
        """Registers several people."""
        return [self.person(name) for name in names]

    def again(self, person: Person) -> Person:
        """Signs the same person in on another device."""
        body = {"email": person.email, "password": PASSWORD}
        return Person(self.server, _body(client(self.server).post("/api/auth/login", json=body), 200), person.email)

    def group(self, owner: Person, *others: Person, name: str = "den") -> int:
        """Makes a group, and returns its id."""
        body = {"kind": "group", "name": name, "member_ids": [other.id for other in others]}
        return int(owner.post("/api/chats", body, 201)["id"])

    def direct(self, one: Person, other: Person) -> int:
        """Makes a direct chat, and returns its id."""
        response = one.http.post("/api/chats", json={"kind": "direct", "user_id": other.id})
        assert response.status_code in (200, 201)
        return int(response.json()["id"])


def client(server: Served, token: str = "") -> httpx.Client:
    """Returns a client whose answers are checked against the contract."""

    def check(response: httpx.Response) -> None:
        response.read()
        check_answer(response)

    headers = {"authorization": f"Bearer {token}"} if token else {}
    # No TLS here: loading every certificate authority for each client took half of the time of all tests.
    return httpx.Client(
        base_url=server.url, headers=headers, event_hooks={"response": [check]}, timeout=30, verify=False
    )


def _body(response: httpx.Response, status: int) -> Any:
    assert response.status_code == status, f"{response.status_code}: {response.text}"
    return response.json() if response.content else None
