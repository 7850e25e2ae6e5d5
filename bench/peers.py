"""Compares the server with ejabberd in two scenarios, on the same PostgreSQL, in turns of one run.

`.venv/bin/python bench/peers.py`, where Debian's packages are installed: `apt-get install --no-install-recommends
ejabberd erlang-p1-pgsql`. No part of `make test` or `make bench`. ejabberd is started from a configuration of its own
in a temporary folder, on free ports of the loopback, alone (no Erlang distribution, no TLS), with plain passwords, and
with its archives (`mod_mam`) in PostgreSQL: each message is stored, as ours is. It is ended by the number of its
process. A hundred pairs send, one message in flight on each side; and one person sends to 200 members of a group, with
one message in flight and with eight. Ours is in flight until it is acknowledged, which is when it is stored; a message
of ejabberd until the other side (in a room, the sender) has it, since its protocol acknowledges nothing. Printed are
messages or deliveries by the clock, and CPU of the server and of PostgreSQL for each.
"""

import asyncio
import base64
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from typing import ClassVar, Final, cast

import fanout
import psycopg
import send
import uvloop
from raw import TEXT, Sender, allow_many_sockets
from rig import SETTLE_S, Ground, Spent, cpu, ground, served
from turns import Turn

from tests.ports_free import free_port

PAIRS, MEMBERS, ROUNDS, SECONDS, STARTS_S = 100, 200, 5, 1.0, 60
SCHEMA: Final = Path("/usr/share/ejabberd/sql/pg.sql")
CONFIG: Final = """
hosts: [localhost]
loglevel: error
listen:
  - {{port: {port}, ip: "127.0.0.1", module: ejabberd_c2s, starttls: false, access: all, shaper: none, max_stanza_size: 262144}}
default_db: sql
auth_method: sql
auth_password_format: plain
sql_type: pgsql
sql_server: "127.0.0.1"
sql_port: {database_port}
sql_database: {database}
sql_username: postgres
sql_password: ""
sql_pool_size: 10
modules:
  mod_mam: {{default: always, db_type: sql}}
  mod_muc:
    db_type: sql
    history_size: 0
    max_users: 1000
    min_message_interval: 0
    default_room_options: {{mam: true, persistent: true, public: true, max_users: 1000}}
"""
STREAM: Final = (
    "<stream:stream to='localhost' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
)
BODY: Final = b"<body>"


class Ejabberd:
    """Controls the running ejabberd."""

    def __init__(self, pid: int, port: int, under: Ground) -> None:
        self._pid, self.port, self._under = pid, port, under
        self.numbers = count()

    def spent(self) -> Spent:
        """Returns the CPU so far, with that of PostgreSQL."""
        return Spent(cpu(self._pid), self._under.spent())


class Stanzas(asyncio.Protocol):
    """Counts the incoming messages as a client of ejabberd; all clients of a process share the count."""

    heard: ClassVar[int] = 0

    def __init__(self, name: str, room: str = "") -> None:
        self._name, self._room, self._held = name, room, b""
        self._to, self._until, self._in_flight = "", 0.0, 0
        self.other: Stanzas = self
        """The clients that must have a message before the next one is sent."""
        self.done: asyncio.Future[None]
        loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[None] = loop.create_future()
        secret = base64.b64encode(f"\0{name}\0secret".encode()).decode()
        bind = (
            "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>one</resource></bind></iq>"
        )
        enter = "<x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x>"
        here = f"<presence to='{room}/{name}'>{enter}</presence>" if room else "<presence/>"
        self._steps = iter(
            (
                (
                    "</stream:features>",
                    f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{secret}</auth>",
                ),
                ("<success", STREAM),
                ("</stream:features>", bind),
                ("</jid>", here),
                ("code='110'" if room else "<presence", ""),
            )
        )
        self._step = next(self._steps)
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(STREAM.encode())

    def data_received(self, data: bytes) -> None:
        self._held += data
        if self.ready.done():
            number = self._held.count(BODY)
            self._held = self._held[1 - len(BODY) :]
            Stanzas.heard += number
            self.other.reached(number)
        elif b"</stream:error>" in self._held or b"<failure" in self._held or b"type='error'" in self._held:
            self.ready.set_exception(RuntimeError(self._held.decode(errors="replace")[:600]))
        elif self._step[0].encode() in self._held:
            self._held = b""
            self.transport.write(self._step[1].encode())
            self._step = next(self._steps, ("", ""))
            if not self._step[0]:
                self.ready.set_result(None)

    def begin(self, to: str, until: float, depth: int = 1) -> "asyncio.Future[None]":
        """Sends to one person, or to the room, until a time; the answer is set when the last message came."""
        self._to, self._until = to, until
        self.done = asyncio.get_running_loop().create_future()
        self._send(depth)
        return self.done

    def reached(self, number: int) -> None:
        """Counts incoming messages, which may be the awaited one."""
        mine = min(number, self._in_flight)
        self._in_flight -= mine
        if mine:
            self._send(mine)

    def _send(self, number: int) -> None:
        if time.monotonic() < self._until:
            self._in_flight += number
            kind = "groupchat" if self._room else "chat"
            text = f"<message to='{self._to}' type='{kind}'><body>{TEXT}</body></message>"
            self.transport.write(text.encode() * number)
        elif not self._in_flight and not self.done.done():
            self.done.set_result(None)


@contextmanager
def peer(under: Ground, people: int) -> Iterator[Ejabberd]:
    """Runs ejabberd with `people` people, until the block ends."""
    if not (shutil.which("erl") and SCHEMA.exists()):
        sys.exit("peers: ejabberd was not found; apt-get install --no-install-recommends ejabberd erlang-p1-pgsql")
    url = under.cluster.create_database()
    with psycopg.connect(url) as connection:
        connection.execute(SCHEMA.read_text())
        names = [(f"p{n}",) for n in range(people)]
        connection.cursor().executemany("INSERT INTO users (username, password) VALUES (%s, 'secret')", names)
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        config = folder / "ejabberd.yml"
        config.write_text(CONFIG.format(port=port, database_port=under.cluster.port, database=url.rpartition("/")[2]))
        places = {"EJABBERD_CONFIG_PATH": str(config), "EJABBERD_LOG_PATH": str(folder / "ejabberd.log")}
        libraries = next(Path("/usr/lib").glob("*/ejabberd-*")).parent
        environment = os.environ | places | {"ERL_LIBS": str(libraries), "ERL_CRASH_DUMP": str(folder / "crash")}
        command = ["erl", "+K", "true", "+P", "250000", "-noinput", "-mnesia", "dir", f'"{folder}"', "-s", "ejabberd"]
        with (folder / "out").open("wb") as out:
            process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=out)
        try:
            _await(port, process, folder)
            yield Ejabberd(process.pid, port, under)
        finally:
            process.terminate()
            process.wait(30)


def _await(port: int, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Waits until it listens."""

    async def look() -> None:
        async with asyncio.timeout(STARTS_S):
            while process.poll() is None:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                except OSError:
                    await asyncio.sleep(0.2)
                else:
                    writer.close()
                    return
        sys.exit(f"peers: ejabberd did not start: {(folder / 'out').read_text()[-2000:]}")

    asyncio.run(look())


async def _connected(peer: Ejabberd, names: list[str], room: str = "") -> list[Stanzas]:
    loop, all_ = asyncio.get_running_loop(), []
    for name in names:
        _, one = await loop.create_connection(partial(Stanzas, name, room), "127.0.0.1", peer.port)
        async with asyncio.timeout(20):
            await one.ready
        all_.append(one)
    return all_


@asynccontextmanager
async def pairs(peer: Ejabberd) -> AsyncIterator[Turn]:
    """Lets a hundred pairs send, one message in flight on each side."""
    names = [f"p{n}" for n in range(2 * PAIRS)]
    people = await _connected(peer, names)
    for one, other in zip(people[::2], people[1::2], strict=True):
        one.other, other.other = other, one
    await asyncio.sleep(1)  # messages that were stored for clients that were away

    async def turn() -> Spent:
        before, heard, until = peer.spent(), Stanzas.heard, time.monotonic() + SECONDS
        others = [name for pair in zip(names[1::2], names[::2], strict=True) for name in pair]
        async with asyncio.timeout(SECONDS + 20):
            await asyncio.gather(
                *(one.begin(f"{other}@localhost", until) for one, other in zip(people, others, strict=True))
            )
        await asyncio.sleep(SETTLE_S)
        return peer.spent().since(before).each(Stanzas.heard - heard)

    yield turn
    for one in people:
        one.transport.close()


@asynccontextmanager
async def room(peer: Ejabberd, depth: int) -> AsyncIterator[Turn]:
    """Lets one person send to a room with 200 others; the figure is of one delivery."""
    address = f"room{next(peer.numbers)}@conference.localhost"
    author, *others = await _connected(peer, [f"p{n}" for n in range(MEMBERS + 1)], address)
    await asyncio.sleep(3)  # every client receives the presence of all

    async def turn() -> Spent:
        before, heard = peer.spent(), Stanzas.heard
        async with asyncio.timeout(SECONDS + 20):
            await author.begin(address, time.monotonic() + SECONDS, depth)
        await asyncio.sleep(SETTLE_S)
        return peer.spent().since(before).each(Stanzas.heard - heard)

    yield turn
    for one in (author, *others):
        one.transport.close()


async def _asked(ours: Turn, theirs: Turn, name: str, deliveries: int) -> None:
    """Asks both in turns; prints the figures by the clock and the cost."""
    rates: dict[str, list[float]] = {"ours": [], "ejabberd": []}
    costs: dict[str, list[Spent]] = {"ours": [], "ejabberd": []}

    def done() -> float:
        return Sender.acked * deliveries + Stanzas.heard

    for number in range(ROUNDS + 1):
        for kind, turn in (("ours", ours), ("ejabberd", theirs)):
            before, began = done(), time.monotonic()
            spent = await turn()
            if number:
                rates[kind].append((done() - before) / (time.monotonic() - began - SETTLE_S))
                costs[kind].append(spent.each(deliveries) if kind == "ours" else spent)
    for kind, found in costs.items():
        own, whole = median(one.own for one in found), median(one.whole for one in found)
        print(
            f"{name}, {kind}: {median(rates[kind]):.0f}/s, {1e6 * own:.0f} µs CPU each, {1e6 * whole:.0f} with PostgreSQL"
        )
    times = median(a / b for a, b in zip(rates["ours"], rates["ejabberd"], strict=True))
    cheaper = median(b.own / a.own for a, b in zip(costs["ours"], costs["ejabberd"], strict=True))
    whole = median(b.whole / a.whole for a, b in zip(costs["ours"], costs["ejabberd"], strict=True))
    print(f"{name}: {times:.1f} times as many, {cheaper:.1f} times less CPU each ({whole:.1f} with PostgreSQL)")


async def _compare(server, peer: Ejabberd) -> None:  # type: ignore[no-untyped-def]
    ours = partial(fanout.fan_out, people=MEMBERS, sockets=1)
    async with send.pairs(server) as mine, pairs(peer) as theirs:
        await _asked(mine, theirs, "100 pairs, messages", 1)
    for depth in (1, 8):
        async with ours(server, depth) as mine, room(peer, depth) as theirs:
            await _asked(mine, theirs, f"a group of 200, {depth} in flight, deliveries", MEMBERS)


def main() -> None:
    """Runs both scenarios."""
    allow_many_sockets()
    with ground() as under, served(0, under) as server, peer(under, 2 * PAIRS + 1) as other:
        uvloop.run(_compare(server, other))


if __name__ == "__main__":
    main()
