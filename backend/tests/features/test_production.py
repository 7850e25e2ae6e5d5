"""Tests the differences of production: transport, API documents, sign-out."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from messenger.settings import Settings
from tests.server import Served
from tests.world import PASSWORD, client

PRODUCTION = {
    "APP_ENV": "production",
    "PUBLIC_URL": "https://chat.example.org",
    "SECRET_KEY": "x" * 40,
    "RATE_LIMITS": "off",
}
HSTS = "strict-transport-security"
DOCUMENTS = ("/api/openapi.json", "/docs", "/docs/", "/docs/index.html", "/docs/start.js")


def _signed_in(server: Served) -> tuple[dict[str, str], dict[str, str]]:
    """Returns headers by which the first person shows a token, and a cookie."""
    body = {
        "email": "ann@example.org",
        "password": PASSWORD,
        "name": "Ann",
        "transport": "cookie",
        "setup": server.setup_code(),
    }
    answer = client(server).post("/api/auth/register", json=body)
    assert answer.status_code == 201, answer.text
    cookie = next(part for part in answer.headers.get_list("set-cookie") if part.startswith("__Host-rt="))
    return {"authorization": f"Bearer {answer.json()['access_token']}"}, {"cookie": cookie.partition(";")[0]}


def test_documents_are_for_people_who_are_signed_in(serve: Callable[..., Served]) -> None:
    server = serve(**PRODUCTION)
    token, cookie = _signed_in(server)

    def statuses(**headers: str) -> set[int]:
        return {httpx.get(server.url + path, headers=headers).status_code for path in DOCUMENTS if path != "/docs/"}

    assert statuses() == {401}
    assert statuses(cookie="__Host-rt=made-up") == {401}
    assert statuses(authorization="Bearer made-up") == {401}
    assert statuses(**token) == statuses(**cookie) == {200}
    left = httpx.post(f"{server.url}/api/auth/logout", headers=token | cookie)
    assert left.headers["clear-site-data"] == '"cache"'
    assert statuses(**token) == statuses(**cookie) == {401}, "the session is over"


def test_documents_may_be_for_everybody(serve_alone: Callable[..., Served]) -> None:
    server = serve_alone(**PRODUCTION, PUBLIC_DOCS="yes")
    assert httpx.get(f"{server.url}/api/openapi.json").status_code == 200


def test_browsers_come_by_tls_from_then_on(serve_alone: Callable[..., Served]) -> None:
    server = serve_alone(**PRODUCTION)
    for path in ("/", "/api/server", "/api/none", "/sw.js"):
        assert httpx.get(server.url + path, headers={"accept": "text/html"}).headers[HSTS] == "max-age=31536000"


def test_without_tls_nothing_is_said_of_it(server: Served) -> None:
    assert HSTS not in httpx.get(f"{server.url}/api/server").headers


def test_a_program_that_leaves_has_nothing_to_clear(world: Any) -> None:
    assert "clear-site-data" not in world.person("ann").http.post("/api/auth/logout").headers


@pytest.mark.parametrize(
    ("more", "is_refused"),
    [
        ({"public_url": "http://chat.example.org"}, True),
        ({"public_url": "http://chat.example.org", "insecure_public_url": "yes"}, False),
        ({"public_url": "http://localhost:8080"}, False),
        ({"public_url": "http://localhost.example.org"}, True),
        ({"public_url": "https://chat.example.org"}, False),
    ],
)
def test_clear_text_must_be_meant(more: dict[str, Any], is_refused: bool) -> None:
    settings = Settings(app_env="production", secret_key="x" * 40, **more)
    assert ("INSECURE_PUBLIC_URL=yes" in settings._environment()) is is_refused
