"""The bus over Redis: a channel a topic, a list of envelopes a publish. Redis may be away; nothing waits for it."""

import asyncio
import itertools
import logging
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final

import msgspec
from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from messenger.kernel.events import Envelope, Topic, user
from messenger.kernel.ports.bus import Listener
from messenger.kernel.spread import Spread

log = logging.getLogger("messenger.bus")

TIMEOUT_S: Final = 0.2
"""How long one call of Redis may take.

It is measured here and not by the client's `socket_timeout`: with that the client calls `asyncio.wait_for`, which on
Python 3.11 forgets a cancellation that comes at the moment of success, and the task would wait for ever.
"""
CONNECT_S: Final = 1.0
START_S: Final = 2.0
"""Seconds that a start waits for Redis before it goes on without it."""
SILENCE_S: Final = 3.0
"""A connection that is silent for so long, even after a ping, is gone."""
BACK_OFF_S: Final = (0.05, 2.0)
WAITING_MAX: Final = 20_000
"""The most envelopes that wait to be sent; more are lost, which the journal heals."""
PIECE: Final = 200
"""Addresses to subscribe to, and messages of Redis to read, before other work gets its turn: 3 ms of the loop."""
ORIGIN_BYTES: Final = 8
STAMP_BYTES: Final = 8
"""A list begins with the id of its process and the moment it was sent (ns).

When it comes back, that shows the time through Redis.
"""
SPARE: Final = b"wm:bus"
"""A channel that is always subscribed to, so that the connection is a subscriber's from its first moment."""
RESP: Final = 2
"""Redis's protocol. With version 3 the client formats every message for its debug log, even when that is off."""
AWAY: Final = (RedisError, OSError, TimeoutError, asyncio.IncompleteReadError)

_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(list[Envelope]).decode


class RedisBus:
    """A driver of `kernel.ports.bus.Bus` for any number of processes.

    `published` and `received` (from others) count envelopes, `lag` measures how long lists take through Redis and back
    (s). Envelopes reach the listeners of this process directly and the others through Redis, which returns this
    process's own lists too; they are recognised by their origin.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._origin = os.urandom(ORIGIN_BYTES)
        self._listeners: list[Listener] = []
        self._doubters: list[Callable[[], None]] = []
        self._wanted: Counter[bytes] = Counter()
        self._changed: set[bytes] = set()  # addresses that became wanted, or ceased to be, since the last subscription
        self._heard: set[bytes] = set()
        self._unheard: set[bytes] = set()  # wanted, but not yet subscribed to
        self._out: list[Envelope] = []
        self._has_out, self._has_wishes, self._has_news = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.is_up = False
        self.published = self.received = 0
        self.lag = Spread()
        self._task: asyncio.Task[None] | None = None

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        if self.is_up and len(self._out) < WAITING_MAX:
            self._out += envelopes
            self._has_out.set()
        self._hand_on(envelopes)

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def want(self, topics: Iterable[Topic]) -> None:
        for address in map(_address, topics):
            self._wanted[address] += 1
            self._changed.add(address)
            if address not in self._heard:
                self._unheard.add(address)
        self._has_wishes.set()

    def unwant(self, topics: Iterable[Topic]) -> None:
        for address in map(_address, topics):
            self._wanted[address] -= 1
            if self._wanted[address] <= 0:
                del self._wanted[address]
                self._changed.add(address)
                self._unheard.discard(address)
        self._has_wishes.set()

    async def settle(self) -> bool:
        missing = set(self._unheard)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                while self.is_up and missing:
                    self._has_news.clear()
                    await self._has_news.wait()
                    missing &= self._unheard
        except TimeoutError:
            return False
        return self.is_up

    def on_doubt(self, callback: Callable[[], None]) -> None:
        self._doubters.append(callback)

    async def start(self) -> None:
        opened = asyncio.Event()
        self._task = asyncio.create_task(self._keep_up(opened))
        try:
            async with asyncio.timeout(START_S):
                await opened.wait()
        except TimeoutError:
            log.warning("Redis (BUS_URL) does not answer; events reach other processes late until it does")

    async def close(self) -> None:
        self._listeners.clear()
        while self._task is not None and not self._task.done():
            # Once is not always enough: a group of tasks that fails at this moment reports only its failure.
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=TIMEOUT_S)

    def _hand_on(self, envelopes: Sequence[Envelope]) -> None:
        for listener in self._listeners:
            listener(envelopes)

    async def _keep_up(self, opened: asyncio.Event) -> None:
        """Keeps one connection after the other, each until it fails."""
        pause, was_up = BACK_OFF_S[0], False
        while True:
            try:
                async with await _connected(self._url) as client:
                    await self._carry(client, opened)
            except* AWAY as failures:
                if self.is_up:
                    log.warning("Redis (BUS_URL) is away: %r", failures.exceptions[0])
            except* Exception:
                log.exception("the connection of the bus failed; it is opened again")
            was_up, self.is_up = self.is_up, False
            self._heard.clear()
            self._unheard = set(self._wanted)
            self._has_news.set()
            pause = BACK_OFF_S[0] if was_up else min(BACK_OFF_S[1], pause * 2)
            await asyncio.sleep(pause * random.uniform(0.5, 1))

    async def _carry(self, client: Any, opened: asyncio.Event) -> None:
        line = Line(client)
        try:
            asked = {SPARE, *self._wanted}
            self._changed.clear()
            await line.subscribe(list(asked))
            async with asyncio.TaskGroup() as tasks:
                for node in line.nodes():
                    tasks.create_task(self._hear(line, node, opened))
                tasks.create_task(self._speak(line))
                tasks.create_task(self._wish(line, asked))
        finally:
            await line.close()

    async def _hear(self, line: "Line", node: Any, opened: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        last = loop.time()
        for turn in itertools.count(1):
            message = await line.next_message(node)
            if message is not None:
                last = loop.time()
                self._took(message)
                if not opened.is_set() or not self.is_up:
                    self._came_up(opened)
                if not turn % PIECE:
                    await asyncio.sleep(0)  # lists that have come already are read without a pause
            elif loop.time() - last > SILENCE_S:
                raise TimeoutError("Redis stopped answering")
            else:
                await line.ping(node)

    def _came_up(self, opened: asyncio.Event) -> None:
        """Reports doubt when a connection is up: lists published before it are lost."""
        self.is_up = True
        self._out.clear()
        if opened.is_set():
            log.warning("Redis (BUS_URL) is back")
            for callback in self._doubters:
                callback()
        opened.set()

    def _took(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind in ("message", "smessage"):
            data = message["data"]
            if data.startswith(self._origin):
                stamp = int.from_bytes(data[ORIGIN_BYTES : ORIGIN_BYTES + STAMP_BYTES])
                self.lag.add((time.monotonic_ns() - stamp) / 1e9)
                return
            try:
                envelopes = _decode(data[ORIGIN_BYTES + STAMP_BYTES :])
            except msgspec.DecodeError:
                log.warning("a list on the bus cannot be read; does another version run beside this one?")
                return
            self.received += len(envelopes)
            self._hand_on(envelopes)
        elif kind in ("subscribe", "ssubscribe"):
            self._heard.add(message["channel"])
            self._unheard.discard(message["channel"])
            self._has_news.set()
        elif kind in ("unsubscribe", "sunsubscribe"):
            self._heard.discard(message["channel"])
            if message["channel"] in self._wanted:
                self._unheard.add(message["channel"])

    async def _speak(self, line: "Line") -> None:
        """Sends what was published since the last time: one publish a channel, all in one write."""
        while True:
            await self._has_out.wait()
            self._has_out.clear()
            lists: defaultdict[bytes, list[Envelope]] = defaultdict(list)
            for envelope in self._out:
                lists[_address(envelope.topic)].append(envelope)
                for user_id in envelope.joined:
                    lists[_address(user(user_id))].append(envelope)
            self.published += len(self._out)
            self._out.clear()
            head = self._origin + time.monotonic_ns().to_bytes(STAMP_BYTES)
            await line.send([(address, head + _encode(some)) for address, some in lists.items()])

    async def _wish(self, line: "Line", asked: set[bytes]) -> None:
        """Subscribes to the wanted addresses; `asked` was subscribed to already."""
        while True:
            await self._has_wishes.wait()
            self._has_wishes.clear()
            changed, self._changed = self._changed, set()
            more = [address for address in changed - asked if address in self._wanted]
            less = [address for address in changed & asked if address not in self._wanted]
            await line.subscribe(more)
            await line.unsubscribe(less)
            asked.update(more)
            asked.difference_update(less)


class Line:
    """A connection to one Redis, or to the nodes of a cluster, where addresses live on shards."""

    def __init__(self, client: Any) -> None:
        self._client, self._pubsub = client, client.pubsub()
        self._is_cluster = isinstance(client, RedisCluster)
        self._verb = "SPUBLISH" if self._is_cluster else "PUBLISH"

    def nodes(self) -> list[Any]:
        """Returns the readable ends: each node of a cluster by itself."""
        return list(self._client.get_primaries()) if self._is_cluster else [None]

    async def subscribe(self, addresses: list[bytes]) -> None:
        """Subscribes to addresses."""
        await self._say(self._pubsub.ssubscribe if self._is_cluster else self._pubsub.subscribe, addresses)

    async def unsubscribe(self, addresses: list[bytes]) -> None:
        """Unsubscribes from addresses."""
        await self._say(self._pubsub.sunsubscribe if self._is_cluster else self._pubsub.unsubscribe, addresses)

    async def _say(self, verb: Callable[..., Awaitable[None]], addresses: list[bytes]) -> None:
        for first in range(0, len(addresses), PIECE):
            async with asyncio.timeout(CONNECT_S):
                await verb(*addresses[first : first + PIECE])
            await asyncio.sleep(0)

    async def next_message(self, node: Any) -> dict[str, Any] | None:
        """Returns the next message, or `None` after a second of silence."""
        said: dict[str, Any] | None = {"type": "nothing"}
        if node is None:
            said = await self._pubsub.get_message(timeout=1)
        elif node.name in self._pubsub.node_pubsub_mapping:
            said = await self._pubsub.get_sharded_message(timeout=1, target_node=node)
        else:
            await asyncio.sleep(TIMEOUT_S)  # no channel is on this node yet
        return said

    async def ping(self, node: Any) -> None:
        """Makes the other end send something."""
        line = self._pubsub if node is None else self._pubsub.node_pubsub_mapping.get(node.name)
        if line is not None:
            async with asyncio.timeout(TIMEOUT_S):
                await line.ping()

    async def send(self, lists: list[tuple[bytes, bytes]]) -> None:
        """Sends all lists in one write."""
        async with asyncio.timeout(TIMEOUT_S):
            if self._is_cluster:
                for address, data in lists:
                    await self._client.spublish(address, data)
                return
            pipe = self._client.pipeline(transaction=False)
            for address, data in lists:
                pipe.execute_command(self._verb, address, data)
            await pipe.execute()

    async def close(self) -> None:
        """Closes the subscriber's connection."""
        await self._pubsub.aclose()


async def _connected(url: str) -> Any:
    """Returns a client of the Redis at `url`; of the whole cluster when it says that it is one."""
    options: dict[str, Any] = {"socket_timeout": None, "socket_connect_timeout": TIMEOUT_S, "protocol": RESP}
    client: Any = Redis.from_url(url, retry=Retry(NoBackoff(), 0), **options)
    try:
        async with asyncio.timeout(CONNECT_S):
            if not (await client.info("cluster")).get("cluster_enabled"):
                return client
            await client.aclose()
            client = RedisCluster.from_url(url, **options)
            return await client.initialize()
    except BaseException:
        await client.aclose()
        raise


def _address(topic: Topic) -> bytes:
    return b"wm:%s:%d" % (topic.kind.encode(), topic.id)
