"""Addresses of peers: whose word on them is believed, and whom limits count them to."""

from collections.abc import Collection, Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

EVERY: Final = "*"
PORT_DIGITS: Final = 5


@lru_cache(4096)
def network(address: str) -> str:
    """What limits count as one: an IPv4 address, or the /64 of an IPv6 address, which is one customer's.

    What is no address (a socket's path, nothing) is itself.
    """
    parsed = _parsed(address)
    if parsed is None:
        return address
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"


class Proxies:
    """The proxies whose `X-Forwarded-For` is believed: addresses, networks, or `*` for every peer.

    Raises `ValueError` for a name that is none of these.
    """

    def __init__(self, named: Collection[str]) -> None:
        self._is_every = EVERY in named
        self._networks = [ip_network(one, strict=False) for one in named if one != EVERY]

    def trusts(self, address: str) -> bool:
        """Whether an address is a proxy's."""
        return self._is_every or self._is_named(_parsed(address))

    def client(self, peer: str, forwarded: Iterable[str]) -> str:
        """The address of the client behind `peer`; `forwarded` are the values of its `X-Forwarded-For` headers in order.

        Each proxy adds at the end whom it heard, so the list is read from there, for as long as proxies speak. With `*`
        nobody knows which of the others are proxies: only the last entry is believed, which the peer itself has written.
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
    """An address without its zone, IPv4 where it is one; nothing for what is none."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return (parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None) or parsed


def _without_port(said: str) -> str:
    """`192.0.2.1` of `192.0.2.1:80`, `2001:db8::1` of `[2001:db8::1]:80`: some proxies add the port."""
    host, colon, port = said.rpartition(":")
    if colon and (host.endswith("]") or ":" not in host) and port.isdecimal() and len(port) <= PORT_DIGITS:
        said = host
    return said[1:-1] if said.startswith("[") and said.endswith("]") else said
