"""Checks the headers `Origin` and `Host` against the pages and names of this server."""

import re
from collections.abc import Collection, Sequence
from typing import Final

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_NAMED_LOCALLY: Final = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)


class Origins:
    """The origin of `public_url`, in local mode also every page of this machine; `others` are other web clients.

    The methods take all values of a header, as it may come any number of times.
    """

    def __init__(self, public_url: str, others: Collection[str] = (), *, is_local: bool) -> None:
        self._own, self._others, self._is_local = _normal(public_url), frozenset(map(_normal, others)), is_local

    def is_ours(self, said: Sequence[str]) -> bool:
        """Returns whether a request comes from a page of this server, or from a program, which names no origin."""
        if len(said) != 1:
            return not said
        scheme, _, host = said[0].partition("://")
        is_near = self._is_local and scheme in ("http", "https") and _is_loopback(host)
        return is_near or _normal(said[0]) == self._own

    def may_call(self, said: Sequence[str]) -> bool:
        """Returns whether a request comes from a page of this server, of another web client, or from a program."""
        return self.is_ours(said) or (len(said) == 1 and _normal(said[0]) in self._others)

    def is_host(self, said: Sequence[str]) -> bool:
        """Returns whether a request names this server.

        Local mode accepts no other name: a foreign name that resolves to this machine would make its owner's pages
        ours. Elsewhere nothing depends on the name.
        """
        if not self._is_local:
            return True
        scheme = self._own.partition("://")[0]
        return len(said) == 1 and (_is_loopback(said[0]) or _normal(f"{scheme}://{said[0]}") == self._own)


def _is_loopback(host: str) -> bool:
    """Returns whether `name` or `name:port` is one of `LOOPBACK`."""
    return _NAMED_LOCALLY.fullmatch(host) is not None


def _normal(origin: str) -> str:
    """Returns an origin as browsers write it.

    That is in lower case, without a slash and without the port that its scheme implies.
    """
    scheme, _, host = origin.lower().rstrip("/").partition("://")
    return f"{scheme}://{host.removesuffix({'http': ':80', 'https': ':443'}.get(scheme, '/'))}"
