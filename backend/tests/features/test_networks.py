"""Tests that limits and the guard count networks, not addresses."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from messenger.assembly.app import create_app
from messenger.assembly.variables import Variables
from messenger.kernel.address import Proxies, network
from messenger.settings import Settings, SettingsError
from messenger.web.guard import Guard


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:a:b:c:d", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_an_ipv6_network_is_one(address: str, counted: str) -> None:
    assert network(address) == counted


@pytest.mark.parametrize(
    ("named", "peer", "forwarded", "client"),
    [
        ([], "192.0.2.1", ["203.0.113.7"], "192.0.2.1"),
        (["192.0.2.1"], "192.0.2.1", [], "192.0.2.1"),
        (["192.0.2.1"], "192.0.2.1", ["203.0.113.7"], "203.0.113.7"),
        (["192.0.2.1"], "192.0.2.9", ["203.0.113.7"], "192.0.2.9"),
        (["192.0.2.1"], "192.0.2.1", ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        (["192.0.2.1"], "192.0.2.1", ["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
        (["192.0.2.0/24"], "192.0.2.1", ["198.51.100.1, 203.0.113.7, 192.0.2.2"], "203.0.113.7"),
        (["192.0.2.0/24"], "192.0.2.1", ["192.0.2.3, 192.0.2.2"], "192.0.2.3"),
        (["192.0.2.1"], "::ffff:192.0.2.1", ["203.0.113.7:4711"], "203.0.113.7"),
        (["2001:db8::1"], "2001:DB8::1", ["[2001:db8:5::7]:4711"], "2001:db8:5::7"),
        (["192.0.2.1"], "192.0.2.1", ["2001:db8:5::7"], "2001:db8:5::7"),
        (["192.0.2.1"], "192.0.2.1", ["203.0.113.7, unknown"], "192.0.2.1"),
        (["192.0.2.1"], "192.0.2.1", [""], "192.0.2.1"),
        (["192.0.2.1"], "192.0.2.1", ["fe80::1%a\nb"], "fe80::1"),
        (["*"], "192.0.2.1", ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        (["*"], "192.0.2.1", [], "192.0.2.1"),
    ],
)
def test_only_proxies_name_the_client(named: list[str], peer: str, forwarded: list[str], client: str) -> None:
    assert Proxies(named).client(peer, forwarded) == client


@pytest.mark.parametrize("named", ["nginx", "10.0.0.0/33", "10.0.0.1:80"])
def test_what_names_no_proxy_is_refused(named: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES"):
        Settings(data_dir=tmp_path, trusted_proxies=[named]).check()


def test_a_network_has_so_many_connections() -> None:
    guard = Guard(2, Proxies([]))
    assert guard.admit("2001:db8::1", 1)
    assert guard.admit("2001:db8::2", 2)
    assert not guard.admit("2001:db8::3", 3)
    assert guard.admit("2001:db8:0:1::3", 3)
    guard.leave("2001:db8::1")
    assert guard.admit("2001:db8::3", 3)


def test_guesses_from_one_network_are_counted_together(tmp_path: Path) -> None:
    async def scenario() -> None:
        app = create_app(Variables(data_dir=tmp_path))
        async with app.router.lifespan_context(app):
            assert await _guess(app, "2001:db8::1", 3) == [401] * 3
            assert await _guess(app, "2001:db8::2", 3) == [401, 401, 429]
            assert await _guess(app, "2001:db8:0:1::1", 1) == [401]

    asyncio.run(scenario())


async def _guess(app: Any, address: str, times: int) -> list[int]:
    """Returns the answers to repeated sign-ins with a wrong password from an address."""
    transport = httpx.ASGITransport(app=app, client=(address, 1))
    body = {"email": "nobody@example.org", "password": "a wrong one"}
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        return [(await http.post("/api/auth/login", json=body)).status_code for _ in range(times)]
