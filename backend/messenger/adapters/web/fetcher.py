"""Fetches pages and pictures from the open internet; it has no way to the network in which the server is."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any, Final

import httpcore
from httpcore import URL, AnyIOBackend, AsyncConnectionPool, AsyncNetworkBackend, AsyncNetworkStream, Response

from messenger.kernel.address import is_public
from messenger.kernel.ports.web import Address, Fetched, Unfetchable, address_of

WHOLE_S: Final = 5.0
"""Seconds for one fetch with all of its redirects."""
CONNECT_S: Final = 2.0
REDIRECTS_MAX: Final = 3
LOOKUPS: Final = 4
"""Names that are looked up at a time, in threads of their own: a slow name server delays nothing else."""
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})

Places = Sequence[tuple[str, int]]
Resolve = Callable[[str, int], Awaitable[Places]]
"""Looks up the IP addresses and ports of a host at a port. Raises `OSError`."""


class Fetcher:
    """A driver of `kernel.ports.web.Web`.

    `user_agent` says who fetches; `own`, a host, is never asked. `resolve`, `allows` and `trusted` are given by tests,
    which have no open internet: how names are looked up, which IP addresses are asked, which certificates count.
    """

    def __init__(
        self,
        user_agent: str,
        own: str = "",
        *,
        resolve: Resolve | None = None,
        allows: Callable[[str], bool] = is_public,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._user_agent, self._own = user_agent, own
        self._resolve, self._allows, self._trusted = resolve or self._look_up, allows, trusted
        self._lookups = ThreadPoolExecutor(LOOKUPS, "lookup")

    async def fetch(self, address: Address, types: Collection[str], most: int, *, whole: bool) -> Fetched:
        try:
            async with asyncio.timeout(WHOLE_S):
                for _ in range(REDIRECTS_MAX + 1):
                    found = await self._ask(address, types, most, whole=whole)
                    if isinstance(found, Fetched):
                        return found
                    address = found
        except TimeoutError:
            raise Unfetchable(f"it took longer than {WHOLE_S:.0f} s") from None
        raise Unfetchable("it leads on too often")

    async def close(self) -> None:
        self._lookups.shutdown(wait=False, cancel_futures=True)

    async def _ask(self, address: Address, types: Collection[str], most: int, *, whole: bool) -> Fetched | Address:
        """Returns the answer of an address, or the address that it names instead."""
        if address.host == self._own:
            raise Unfetchable("it is on this server")
        headers = {
            "host": address.authority,
            "user-agent": self._user_agent,
            "accept": ", ".join(types),
            "accept-encoding": "identity",
        }
        scheme, host = address.scheme.encode(), address.host.encode()
        url = URL(scheme=scheme, host=host, port=address.port, target=address.target.encode())
        network = _Pinned(self._resolve, self._allows)
        try:
            # A pool for each request, so that no connection is used for anything else.
            async with (
                AsyncConnectionPool(self._context, network_backend=network, max_connections=1) as pool,
                pool.stream("GET", url, headers=list(headers.items()), extensions={"timeout": {}}) as answer,
            ):
                return await _read(answer, address, types, most, whole=whole)
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
            raise Unfetchable(f"it does not answer: {type(error).__name__}") from None

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self._trusted or httpcore.default_ssl_context()

    async def _look_up(self, host: str, port: int) -> Places:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._lookups, _all_places, host, port)
        return [(str(place[0]), int(place[1])) for *_, place in found]


class _Pinned(AsyncNetworkBackend):
    """Connects to the addresses that it has looked up and checked itself: a second look-up could say something else."""

    def __init__(self, resolve: Resolve, allows: Callable[[str], bool]) -> None:
        self._resolve, self._allows = resolve, allows
        self._network = AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> AsyncNetworkStream:
        places = await self._resolve(host, port)
        if not places or not all(self._allows(one) for one, _ in places):
            raise Unfetchable("its host is not on the open internet")
        failed: Exception = httpcore.ConnectError()
        for one, at in sorted(places, key=lambda place: ":" in place[0]):
            try:
                return await self._network.connect_tcp(one, at, timeout=CONNECT_S)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed


def _all_places(host: str, port: int) -> Sequence[tuple[Any, ...]]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


async def _read(
    answer: Response, address: Address, types: Collection[str], most: int, *, whole: bool
) -> Fetched | Address:
    headers = {name.lower(): value.decode("latin-1") for name, value in answer.headers}
    if answer.status in _REDIRECTS:
        return address_of(headers.get(b"location", ""), address)
    if answer.status != 200:
        raise Unfetchable(f"it answers {answer.status}")
    type_ = headers.get(b"content-type", "").partition(";")[0].strip().lower()
    if type_ not in types:
        raise Unfetchable(f"it is of another type: {type_[:100]}")
    if headers.get(b"content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise Unfetchable("it comes compressed")
    body = bytearray()
    async for chunk in answer.aiter_stream():
        body += chunk
        if len(body) > most:
            if whole:
                raise Unfetchable("it is too large")
            break
    return Fetched(address, headers.get(b"content-type", ""), bytes(body[:most]))
