"""Finds the address of a client behind proxies, the network that rate limits count it under, and what is public."""

from collections.abc import Collection, Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

EVERY: Final = "*"
PORT_DIGITS: Final = 5
_CLOSED: Final = [
    ip_network(one)
    for one in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # providers' own networks
        "127.0.0.0/8",
        "168.63.129.16/32",  # a service inside of a provider of servers
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # many receivers at once
        "240.0.0.0/4",
        "2001::/23",  # protocols, among them Teredo, which hides addresses of IPv4
        "2001:db8::/32",
        "2002::/16",  # 6to4, which hides addresses of IPv4
        "2620:4f:8000::/48",
        "3fff::/20",
    )
]
_OPEN: Final = ip_network("2000::/3")
"""The only part of IPv6 that is given out: outside are loopback, local networks, many receivers, IPv4 in disguise."""


@lru_cache(4096)
def network(address: str) -> str:
    """Returns the network that limits count as one: an IPv4 address, or the /64 of an IPv6 address, which one customer
    gets.

    A text that is no address (the path of a Unix socket, an empty text) is returned as it is.
    """
    parsed = _parsed(address)
    if parsed is None:
        return address
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"


def is_public(text: str) -> bool:
    """Returns whether an IP address belongs to the open internet, by a list of our own: `ipaddress.is_global` of Python
    3.11 passes addresses of many receivers, 6to4, and those in which others are hidden.
    """
    try:
        address: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and (address.scope_id is not None or address not in _OPEN):
        return False
    return not any(address in one for one in _CLOSED if one.version == address.version)


class Proxies:
    """The proxies whose `X-Forwarded-For` is trusted: addresses, networks, or `*` for every peer.

    Raises `ValueError` for a name that is none of these.
    """

    def __init__(self, named: Collection[str]) -> None:
        self._is_every = EVERY in named
        self._networks = [ip_network(one, strict=False) for one in named if one != EVERY]

    def trusts(self, address: str) -> bool:
        """Returns whether an address is the address of a trusted proxy."""
        return self._is_every or self._is_named(_parsed(address))

    def client(self, peer: str, forwarded: Iterable[str]) -> str:
        """Returns the address of the client behind `peer`; `forwarded` are the values of its `X-Forwarded-For` headers
        in order.

        Each proxy appends the address it was called from, so the list is read from the end, as long as the entries are
        trusted proxies. With `*` it cannot be known which of the other entries are proxies: only the last entry is
        trusted, which the peer itself has written.
        """
        client, is_proxy = peer, self.trusts(peer)
        for said in reversed(",".join(forwarded).split(",")):
            heard = _parsed(_without_port(said.strip())) if is_proxy else None
            if heard is None:
                break
            client, is_proxy = str(heard), self._is_named(heard)
        return client

    def _is_named(self, address: IPv4Address | IPv6Address | None) -> bool:
        return address is not None and any(address in one for one in self._networks)


@lru_cache(4096)
def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    """Returns an address without its zone, as IPv4 where it is one; `None` for a text that is no address."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return (parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None) or parsed


def _without_port(said: str) -> str:
    """Returns `192.0.2.1` for `192.0.2.1:80` and `2001:db8::1` for `[2001:db8::1]:80`: some proxies add the port."""
    host, colon, port = said.rpartition(":")
    if colon and (host.endswith("]") or ":" not in host) and port.isdecimal() and len(port) <= PORT_DIGITS:
        said = host
    return said[1:-1] if said.startswith("[") and said.endswith("]") else said
