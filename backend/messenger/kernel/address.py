"""Addresses of peers, as far as limits care whose they are."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address


@lru_cache(4096)
def network(address: str) -> str:
    """What limits count as one: an IPv4 address, or the /64 of an IPv6 address, which is one customer's.

    What is no address (a socket's path, nothing) is itself.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
