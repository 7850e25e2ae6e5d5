"""Tests nginx with the shipped configuration, in front of two servers.

It balances, passes on, waits, and repeats only requests that may be repeated.
"""

import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

import httpx
import pytest
from topology import front

from messenger.kernel.address import Proxies
from messenger.web.guard import Guard
from tests import migrated
from tests.ports_free import free_port
from tests.postgres import Cluster
from tests.redis_server import RedisServer
from tests.server import Pair, started
from tests.wire import dial
from tests.world import World

ROOT = Path(__file__).parents[3]
OWN = {"date", "server", "connection", "etag", "last-modified", "x-request-id", "accept-ranges", "content-length"}
"""Headers that have another value in every answer."""


class Front:
    """Runs an nginx in front of some ports."""

    def __init__(self, folder: Path, *servers: int, **own: str) -> None:
        self.folder, self.port, self.log = folder, free_port(), folder / "log"
        values = {
            "FRONT_RUN": str(folder),
            "FRONT_LISTEN": f"127.0.0.1:{self.port}",
            "FRONT_CLIENT": str(ROOT / "frontend" / "dist"),
            "FRONT_SERVERS": " ".join(f"server 127.0.0.1:{port} fail_timeout=1s;" for port in servers),
            "FRONT_PROXY": "127.0.0.1",
            "FRONT_PUBLIC_URL": "",
            "FRONT_CONNECTIONS": "500",
            "FRONT_REQUESTS": "300",
            **own,
            "NGINX_LOCAL_RESOLVERS": "127.0.0.1",
        }
        (folder / "nginx.conf").write_text(front.filled(front.TEMPLATE.read_text(), values))
        command = [str(front.PROGRAM), "-p", str(folder), "-e", "/dev/stderr", "-c", str(folder / "nginx.conf")]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen([*command, "-g", front.beside_the_file()], stdout=log, stderr=log)
        deadline = time.monotonic() + 10
        while socket.socket().connect_ex(("127.0.0.1", self.port)):
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.02)

    @property
    def url(self) -> str:
        """Returns the address for browsers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        """Returns the address of its sockets."""
        return f"ws://127.0.0.1:{self.port}/api/ws"

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Sends a request on a new connection."""
        return httpx.get(
            f"{self.url}{path}", headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    def logged(self, pattern: str, least: int = 1) -> list[str]:
        """Waits for a line of its log, which it writes after the answer."""
        deadline = time.monotonic() + 10
        while len(found := re.findall(pattern, self.log.read_text(), re.MULTILINE)) < least:
            assert time.monotonic() < deadline, f"{pattern} is not in {self.log.read_text()}"
            time.sleep(0.02)
        return found

    def stop(self) -> None:
        """Ends the process."""
        self._process.terminate()
        self._process.wait(10)


@contextmanager
def fronted(folder: Path, *servers: int, **own: str) -> Iterator[Front]:
    """Runs an nginx in front of some ports, with other values for names of the template, until the block ends."""
    folder.mkdir(exist_ok=True)
    running = Front(folder, *servers, **own)
    try:
        yield running
    finally:
        running.stop()


class Hanging(threading.Thread):
    """Takes a whole request and hangs up without an answer; `taken` counts the requests."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.taken: list[bytes] = []

    def run(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                with connection:
                    self.taken.append(connection.recv(65_536))

    def stop(self) -> None:
        """Stops listening."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


@pytest.fixture(scope="module")
def pair(cluster: Cluster, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    database = migrated.scaled(cluster)
    folder = tmp_path_factory.mktemp("data")
    redis = redis_server.url
    shared = {"DATABASE_URL": database, "BUS_URL": redis, "LIMITS_URL": redis, "TRUSTED_PROXIES": "127.0.0.1"}
    with ExitStack() as stack:
        yield Pair(*(stack.enter_context(started(folder, **shared)) for _ in range(2)))


@pytest.fixture(scope="module")
def nginx(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with fronted(tmp_path_factory.mktemp("front"), *(one.port for one in pair.processes)) as running:
        yield running


def test_people_meet_through_it_on_both_servers(nginx: Front, pair: Pair) -> None:
    world = World(nginx)  # type: ignore[arg-type]
    ann, bob = world.people("ann", "bob")
    chat = world.direct(ann, bob)
    devices = [bob.device() for _ in range(4)]
    for n in range(4):
        ann.say(chat, f"hello {n}")
    for device in devices:
        assert [device.expect("message.created")["data"]["text"] for _ in range(4)] == [f"hello {n}" for n in range(4)]
        device.__exit__()
    for one in pair.processes:
        nginx.logged(f"127.0.0.1:{one.port}")


def test_a_request_has_one_id_here_and_behind(nginx: Front, pair: Pair) -> None:
    given = nginx.get("/api/healthz", x_request_id="abcdef-0123_9").headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", given), "not a stranger's"
    nginx.logged(f" {given}$")
    assert given in pair.settled()


def test_limits_count_people_not_the_front(nginx: Front) -> None:
    """A proxy before this one sets the headers; the ones that a client sends to that proxy are not trusted."""

    def left(claimed: str) -> int:
        return int(nginx.get("/api/server", x_forwarded_for=claimed).headers["x-ratelimit-remaining"])

    whole = left("203.0.113.7")
    assert [left("203.0.113.7") for _ in range(30)][-1] < whole - 10
    assert left("203.0.113.8") == whole
    assert left("203.0.113.9, 203.0.113.7") < whole - 10


def test_a_stranger_before_it_is_not_believed(pair: Pair, tmp_path: Path) -> None:
    """Only the proxy in `.env` may name the client, private network or not."""
    with fronted(tmp_path / "front", pair.processes[0].port, FRONT_PROXY="192.0.2.1") as nginx:
        left = [
            int(nginx.get("/api/server", x_forwarded_for=f"10.0.0.{n}").headers["x-ratelimit-remaining"])
            for n in range(20)
        ]
    assert left[-1] < left[0] - 10, "all of them count as one client"


def test_it_bounds_connections_and_requests_of_a_network(pair: Pair, tmp_path: Path) -> None:
    with fronted(tmp_path / "few", pair.processes[0].port, FRONT_CONNECTIONS="3") as nginx, ExitStack() as stack:
        whose = {"X-Forwarded-For": "2001:db8:0:a::1"}
        for _ in range(3):
            stack.enter_context(dial(nginx.socket_url, additional_headers=whose))
        refused = nginx.get("/api/healthz", x_forwarded_for="2001:db8:0:a::2")
        assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
        assert refused.headers["retry-after"] == "1"
        assert refused.json()["request_id"] == refused.headers["x-request-id"]
        for other in ("2001:db8:0:b::1", "203.0.113.9"):
            assert nginx.get("/api/healthz", x_forwarded_for=other).status_code == 200
    with fronted(tmp_path / "slow", pair.processes[0].port, FRONT_REQUESTS="2") as nginx:
        found = [nginx.get("/api/healthz", x_forwarded_for="203.0.113.7").status_code for _ in range(30)]
        assert set(found) == {200, 429}
        assert nginx.get("/api/healthz", x_forwarded_for="203.0.113.8").status_code == 200


def _shared(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in OWN}


def test_files_have_the_headers_that_a_server_gives_them(nginx: Front, pair: Pair) -> None:
    assets = ROOT / "frontend" / "dist" / "assets"
    kinds = {path.suffix: path.name for path in assets.iterdir() if path.with_name(f"{path.name}.br").exists()}
    assert {".js", ".css"} <= kinds.keys()
    for name in kinds.values():
        for coding in ("br, gzip", "gzip", "identity"):
            through = nginx.get(f"/assets/{name}", accept_encoding=coding)
            direct = httpx.get(f"{pair.url}/assets/{name}", headers={"accept-encoding": coding})
            assert through.content == direct.content
            assert _shared(through) == _shared(direct)
    nginx.logged(" s - ", 6)  # no server received a request for them
    assert nginx.get("/assets/of-a-newer-release.js").json()["code"] == "route.not_found", "a server received this one"


def test_answers_are_compressed_and_no_header_comes_twice(nginx: Front) -> None:
    answer = nginx.get("/api/openapi.json", accept_encoding="gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert "paths" in answer.json()
    for path in ("/", "/api/server", "/sw.js"):
        names = [
            name.lower() for name, _ in nginx.get(path, accept="text/html").headers.multi_items() if name != "vary"
        ]
        assert len(names) == len(set(names)), path
        assert "content-security-policy" in names or path != "/"


def test_codes_are_not_logged(nginx: Front) -> None:
    for path in ("/api/invites/aaaaaaaaaaaaaaaa", "/invite/bbbbbbbbbbbbbbbb", "/setup?code=cccccccccccccccc"):
        nginx.get(path, accept="text/html")
    for path in (r"/api/invites/\.\.\. 404", r"/invite/\.\.\. 200", "/setup 200"):
        nginx.logged(f"GET {path} ")
    assert not re.search("a{16}|b{16}|c{16}", nginx.log.read_text())


def test_a_dead_server_is_not_noticed(nginx: Front, pair: Pair) -> None:
    world = World(nginx)  # type: ignore[arg-type]
    ann = world.person("ann")
    chat = ann.post("/api/chats", {"kind": "saved"}, 201)["id"]
    pair.processes[0].kill()
    for n in range(20):
        ann.say(chat, str(n))
        assert nginx.get("/api/healthz").status_code == 200
    assert [one["text"] for one in ann.history(chat)] == [str(n) for n in range(20)]
    pair.processes[0].start()


def _broken(nginx: Front, n: int) -> httpx.Response | None:
    """Returns the answer to a POST that broke off; nothing when the other server took it."""
    time.sleep(0.2)
    body, whose = {"email": f"{n}@example.org", "password": "x" * 10}, {"x-forwarded-for": f"203.0.113.{n}"}
    answer = httpx.post(f"{nginx.url}/api/auth/login", json=body, headers=whose)
    return None if answer.status_code == 401 else answer


def test_only_what_may_be_repeated_is_repeated(pair: Pair, tmp_path: Path) -> None:
    hanging = Hanging()
    hanging.start()
    with fronted(tmp_path / "front", hanging.port, pair.processes[1].port) as nginx:
        for _ in range(8):
            assert nginx.get("/api/healthz").status_code == 200
        nginx.logged(f"127.0.0.1:{hanging.port}, 127.0.0.1:")  # some requests went to both
        broken = next(filter(None, map(partial(_broken, nginx), range(100))))
        assert sum(one.startswith(b"POST") for one in hanging.taken) == 1, "a POST is sent only once"
        nginx.logged(f"POST .* 503 .* s 127.0.0.1:{hanging.port} ")
        assert broken.status_code == 503
        assert broken.headers["content-type"] == "application/problem+json"
        assert broken.headers["retry-after"] == "2"
        assert broken.json()["request_id"] == broken.headers["x-request-id"]
        assert "Nothing was changed" not in broken.text
    hanging.stop()


def test_without_servers_browsers_get_a_page(tmp_path: Path) -> None:
    with fronted(tmp_path / "front", free_port()) as nginx:
        page = nginx.get("/chat/1", accept="text/html,*/*")
        assert (page.status_code, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
        assert "сервер" in page.text.lower()
        assert nginx.get("/api/server").json()["code"] == "server.error"


def test_a_change_of_its_file_drops_no_socket(nginx: Front) -> None:
    ann = World(nginx).person("ann")  # type: ignore[arg-type]
    with ann.device() as device:
        os.kill(int((nginx.folder / "nginx.pid").read_text()), signal.SIGHUP)
        time.sleep(0.5)
        assert nginx.get("/api/healthz").status_code == 200
        chat = ann.post("/api/chats", {"kind": "saved"}, 201)["id"]
        assert device.say(chat, "still here")


def test_a_front_is_no_crowd() -> None:
    """Every connection comes from the front: where each peer is one address, their number is not limited."""
    everybody, nobody = Guard(1, Proxies(["*"])), Guard(1, Proxies([]))
    assert [everybody.admit("172.18.0.5", n) for n in (1, 2)] == [True, True]
    assert [nobody.admit("172.18.0.5", n) for n in (1, 2)] == [True, False]
