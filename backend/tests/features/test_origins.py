"""Tests which pages may send requests to this server, and its accepted host names."""

import asyncio
from pathlib import Path

import httpx
import pytest

from messenger.kernel.origin import Origins
from tests.inside import inside
from tests.server import Served

LOCAL = Origins("http://127.0.0.1:8000", ["https://other.example"], is_local=True)
PUBLIC = Origins("https://Chat.Example.org", is_local=False)
NAMED = Origins("http://box.lan", is_local=True)


@pytest.mark.parametrize(
    ("origins", "said", "is_ours"),
    [
        (LOCAL, "http://127.0.0.1:8000", True),
        (LOCAL, "http://localhost:5173", True),
        (LOCAL, "https://[::1]:8443", True),
        (LOCAL, "http://LOCALHOST", True),
        (LOCAL, "https://127.0.0.1:8204.evil.example", False),
        (LOCAL, "http://127.0.0.1.evil.example", False),
        (LOCAL, "http://evil.example@127.0.0.1", False),
        (LOCAL, "http://127.0.0.1@evil.example", False),
        (LOCAL, "http://127.0.0.1/", False),
        (LOCAL, "http://127.0.0.1:", False),
        (LOCAL, "http://127.0.0.1\n", False),
        (LOCAL, "http://[::1", False),
        (LOCAL, "ftp://127.0.0.1", False),
        (LOCAL, "https://other.example", False),
        (LOCAL, "null", False),
        (LOCAL, "", False),
        (PUBLIC, "https://chat.example.org", True),
        (PUBLIC, "https://chat.example.org:443", True),
        (PUBLIC, "http://chat.example.org", False),
        (PUBLIC, "https://chat.example.org:8443", False),
        (PUBLIC, "https://chat.example.org.evil.example", False),
        (PUBLIC, "http://127.0.0.1", False),
        (NAMED, "http://box.lan", True),
    ],
)
def test_origins(origins: Origins, said: str, is_ours: bool) -> None:
    assert origins.is_ours([said]) is is_ours
    assert origins.is_ours([])
    assert not origins.is_ours([said, said]), "two hosts are none"


def test_other_clients_may_call_but_their_cookies_count_for_nothing() -> None:
    assert LOCAL.may_call(["https://other.example"])
    assert not LOCAL.is_ours(["https://other.example"])
    assert not LOCAL.may_call(["https://other.example", "https://other.example"])


@pytest.mark.parametrize(
    ("origins", "said", "is_host"),
    [
        (LOCAL, ["127.0.0.1:8000"], True),
        (LOCAL, ["localhost"], True),
        (LOCAL, ["[::1]:8000"], True),
        (LOCAL, ["rebound.example:8000"], False),
        (LOCAL, ["127.0.0.1.rebound.example"], False),
        (LOCAL, ["localhost:8000 "], False),
        (LOCAL, [], False),
        (LOCAL, ["localhost", "localhost"], False),
        (NAMED, ["box.lan"], True),
        (NAMED, ["BOX.lan:80"], True),
        (NAMED, ["box.lan:8000"], False),
        (PUBLIC, ["10.0.0.7:8000"], True),
    ],
)
def test_hosts(origins: Origins, said: list[str], is_host: bool) -> None:
    assert origins.is_host(said) is is_host


@pytest.mark.parametrize(
    "path", ["/", "/api/server", "/api/healthz", "/api/auth/register", "/docs", "/sw.js", "/chat/1"]
)
def test_a_rebound_name_opens_no_door(server: Served, path: str) -> None:
    """A page of `rebound.example`, once that name leads to this address, could otherwise read and write everything."""
    for method in ("GET", "POST", "HEAD", "OPTIONS"):
        url = httpx.URL(server.url + path)  # one of the two servers
        answer = httpx.request(method, url, headers={"host": f"rebound.example:{url.port}"})
        assert answer.status_code == 421
        assert method == "HEAD" or answer.json()["code"] == "request.misdirected"


def test_the_application_of_another_server_knows_its_name_too(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with inside(tmp_path, public_url="http://box.lan") as app:
            for host, status in (("box.lan", 200), ("rebound.example", 421)):
                assert (await app.http.get("/api/healthz", headers={"host": host})).status_code == status

    asyncio.run(scenario())
