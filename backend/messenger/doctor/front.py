"""Checks the public address: health, certificate and sockets, as a browser reaches them through the proxy."""

import json
import socket
import ssl
import time
import urllib.error
import urllib.request
from typing import Any, Final
from urllib.parse import urlsplit

from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from messenger.doctor.check import Finding, failed, ok, warning, why
from messenger.kernel.ports.socket import PATH, SUBPROTOCOL
from messenger.settings import Settings

ANSWER_S: Final = 4.0
DAYS_LEFT: Final = 14
FRONT_UNNAMED: Final = "127.0.0.1"
"""FRONT_PROXY as docker-compose.yml has it until `.env` names a proxy.

No connection comes to a container from there.
"""
AGENT: Final = "web-messenger doctor"


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: its target is the finding."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)


def check_address(settings: Settings) -> Finding:
    """Returns the finding of `GET PUBLIC_URL/api/healthz`."""
    address = settings.address
    request = urllib.request.Request(f"{address}/api/healthz", headers={"User-Agent": AGENT})  # noqa: S310
    try:
        with _opener.open(request, timeout=ANSWER_S) as answer:
            said = answer.read(1024)
    except urllib.error.HTTPError as error:
        error.close()
        return _status(address, error.code, error.headers.get("location", ""))
    except (urllib.error.URLError, OSError) as error:
        return _unreachable(address, error)
    if not _is_health(said):
        return failed(
            f"Something else answers at {address}.",
            "Let the proxy pass this address on to the server, or set PUBLIC_URL to the address that it passes on.",
        )
    if address.startswith("https") and not settings.trusted_proxies:
        return warning(
            f"{address} answers, but the server trusts no proxy: all people seem to come from one address.",
            "Set TRUSTED_PROXIES to the address of the proxy, or limits will count all people as one.",
        )
    if address.startswith("https") and settings.front_proxy == FRONT_UNNAMED:
        return warning(
            f"{address} answers, but the front trusts no other proxy: all people seem to come from one address.",
            "Set FRONT_PROXY in .env to the address from which the proxy's connections come (docs/self-hosting.md), or limits "
            "will count all people as one.",
        )
    return ok(f"{address} answers.")


def _status(address: str, status: int, location: str) -> Finding:
    if location:
        return failed(
            f"{address} leads on to {location[:100]}.", "Set PUBLIC_URL to the address that people end up at."
        )
    if status in (502, 503, 504):
        return failed(
            f"The proxy at {address} answers {status}: it does not reach the server.",
            "Start the server, and check that the proxy passes requests on to its HOST and PORT.",
        )
    return failed(f"{address}/api/healthz answers {status}.", "Let the proxy pass /api/ on to the server.")


def _unreachable(address: str, error: BaseException) -> Finding:
    reason = getattr(error, "reason", error)
    return failed(
        f"{address} cannot be reached from here: {why(reason if isinstance(reason, BaseException) else error)}.",
        "Start the server (and the proxy before it), or set PUBLIC_URL to the address people open.",
    )


def _is_health(said: bytes) -> bool:
    try:
        return bool(json.loads(said) == {"status": "ok"})
    except ValueError:
        return False


def check_socket(settings: Settings) -> Finding:
    """Returns the finding of a WebSocket's handshake and of the protocol's first answer.

    The server must refuse our empty token.
    """
    address = settings.address
    url = address.replace("http", "ws", 1) + PATH
    try:
        with connect(
            url,
            origin=Origin(address),
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            user_agent_header=AGENT,
            open_timeout=ANSWER_S,
            close_timeout=0.5,
            proxy=None,
        ) as opened:
            opened.send(json.dumps({"type": "hello", "data": {"token": ""}}))
            answer = json.loads(opened.recv(ANSWER_S))
    except InvalidStatus as error:
        return _no_upgrade(url, error.response.status_code)
    except (WebSocketException, OSError, ValueError, EOFError) as error:
        return failed(
            f"No WebSocket opens at {url}: {why(error)}.",
            "Start the server, and let the proxy pass WebSocket upgrades on to it.",
        )
    if answer.get("type") != "error":
        return failed(f"Something else answers the WebSocket at {url}.", f"Let the proxy pass {PATH} on to the server.")
    return ok(f"{url} opens and answers.")


def _no_upgrade(url: str, status: int) -> Finding:
    if status == 403:
        return failed(
            f"The server refuses a WebSocket from its own address at {url}.",
            "Give the server and this command the same PUBLIC_URL, and let the proxy leave the header Origin as it is.",
        )
    return failed(
        f"WebSockets do not get through: {url} answers {status} in place of 101.",
        "Let the proxy pass upgrades on: HTTP/1.1, with the headers Upgrade and Connection (deploy/nginx.conf.template shows how).",
    )


def check_certificate(settings: Settings) -> Finding:
    """Returns the finding of the certificate of an `https` address."""
    parts = urlsplit(settings.address)
    host, port = parts.hostname or "", parts.port or 443
    try:
        with (
            socket.create_connection((host, port), timeout=ANSWER_S) as line,
            ssl.create_default_context().wrap_socket(line, server_hostname=host) as secured,
        ):
            ends = str((secured.getpeercert() or {})["notAfter"])
    except OSError as error:
        return failed(
            f"No certificate of {host} could be read: {why(error)}.",
            "Renew it, or let the proxy send the whole chain up to an authority that browsers know.",
        )
    days = (ssl.cert_time_to_seconds(ends) - time.time()) / 86_400
    if days < DAYS_LEFT:
        return warning(
            f"The certificate of {host} ends in {days:.0f} days.", "Check why it was not renewed automatically."
        )
    return ok(f"The certificate of {host} is good for {days:.0f} days.")
