"""Pages and pictures of the open internet, whose addresses strangers write."""

import re
from collections.abc import Collection
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final, NamedTuple, Protocol
from urllib.parse import quote, urljoin, urlsplit

import idna

ADDRESS_MAX: Final = 2000
PORTS: Final = {"http": 80, "https": 443}
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_UNSEEN: Final = re.compile(r"[\x00-\x20\x7f\\]")
_KEPT: Final = "/%:@!$&'()*+,;=~-._?"
"""The signs of an address that stay as they are; others that are no letters or digits are written as `%` and digits."""


class Unfetchable(Exception):
    """An address that is not fetched, or whose answer is not used; the message says why."""


class Address(NamedTuple):
    """An address on the open internet: `host` as it is asked for, `target` the path with the query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Returns the host as addresses name it, and the port where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


class Fetched(NamedTuple):
    """An answer: the address that gave it, after redirects, its type and its bytes."""

    address: Address
    type: str
    body: bytes


class Web(Protocol):
    """A driver that fetches from the open internet, and never from a network that the internet does not reach."""

    async def fetch(self, address: Address, types: Collection[str], most: int, *, whole: bool) -> Fetched:
        """Returns the answer of an address within 5 s, if it is of one of these types.

        Of one with more than `most` bytes the first ones, or with `whole` none. Raises `Unfetchable`.
        """

    async def close(self) -> None:
        """Ends what still waits."""


def address_of(text: str, base: Address | None = None) -> Address:
    """Returns the address that a text names, seen from the page `base` if any. Raises `Unfetchable`.

    It has http or https, port 80 or 443, no user, and a host in ASCII: a name with a dot, or an IP address in its usual
    form. The part behind `#` is not sent.
    """
    if len(text) > ADDRESS_MAX or _UNSEEN.search(text):
        raise Unfetchable("it is no address")
    try:
        parts = urlsplit(urljoin(str(base), text) if base else text)
        port = parts.port
    except ValueError:
        raise Unfetchable("it is no address") from None
    scheme = parts.scheme.lower()
    if scheme not in PORTS:
        raise Unfetchable("only http and https are fetched")
    port = PORTS[scheme] if port is None else port
    if port not in PORTS.values():
        raise Unfetchable("only the ports 80 and 443 are asked")
    if "@" in parts.netloc:
        raise Unfetchable("it names a user")
    target = quote(parts.path or "/", _KEPT) + (f"?{quote(parts.query, _KEPT)}" if parts.query else "")
    return Address(scheme, _host(parts.hostname or ""), port, target)


def _host(said: str) -> str:
    if ":" in said:
        try:
            return str(IPv6Address(said))
        except AddressValueError:
            raise Unfetchable("its host is no address") from None
    try:
        host = said.lower() if said.isascii() else idna.encode(said, uts46=True).decode()
    except idna.IDNAError:
        raise Unfetchable("its host is no name") from None
    labels = host.split(".")
    if re.fullmatch(
        r"\d+|0x[0-9a-f]*", labels[-1]
    ):  # what browsers read as a number: `127.1`, `0x7f000001`, `017.0.0.1`
        try:
            return str(IPv4Address(host))
        except AddressValueError:
            raise Unfetchable("its host is no address in the usual form") from None
    if len(labels) == 1 or len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise Unfetchable("its host is no name of the open internet")
    return host
