"""Tests the metrics for Prometheus: they count events, and the number of series stays small whatever strangers send."""

import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests import migrated
from tests.features.test_uploads import uploaded
from tests.ports_free import free_port
from tests.postgres import Cluster
from tests.redis_server import RedisServer
from tests.server import BACKEND, Served, working
from tests.world import World

ROOT = Path(__file__).parents[3]

Series = dict[tuple[str, frozenset[tuple[str, str]]], float]


def scraped(port: int) -> Series:
    """Returns every sample at a port, by name and labels."""
    answer = httpx.get(f"http://127.0.0.1:{port}/metrics").raise_for_status()
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(series: Series, name: str, **labels: str) -> float:
    """Returns one sample; 0 when nothing was counted."""
    return series.get((f"messenger_{name}", frozenset(labels.items())), 0.0)


def stored(series: Series) -> float:
    """Returns the bytes of all files, and of uploads on their way."""
    return value(series, "storage_bytes", state="used") + value(series, "storage_bytes", state="reserved")


def until(holds: Callable[[], bool]) -> None:
    """Waits until a condition is true."""
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_conversation_is_counted(serve_alone: Callable[..., Served]) -> None:
    port = free_port()
    world = World(serve_alone(METRICS_PORT=str(port), RATE_LIMITS="off"))
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    before = scraped(port)
    with ann.device() as here, bob.device() as there:
        for number in range(5):
            here.say(den, f"message {number}")
        bob.say(den, "over REST")
        there.ask("no.such.verb", {})
        there.settle()
        series = scraped(port)
    assert value(series, "build_info", version="0.1.0", python=sys.version.split()[0]) == 1
    assert value(series, "sockets") == 2
    sent = {"name": "events_total", "type": "message.created"}
    assert value(series, **sent) == value(before, **sent) + 6
    assert value(series, "deliveries_total") >= 12, "two sockets receive six messages"
    assert value(series, "frame_seconds_count", type="message.send") == 5
    assert value(series, "frame_seconds_count", type="unknown") == 1
    uploaded(ann, b"words")
    assert value(scraped(port), "file_bytes_total", way="in") == 5
    until(lambda: stored(scraped(port)) == 5)  # a scrape goes without the database where that takes a second
    door = "/api/chats/{chat_id}/messages"
    assert value(series, "http_requests_total", method="POST", route=door, status="201") == 1
    assert value(series, "http_request_seconds_count", route=door) == 1
    assert value(series, "batch_wishes_sum") == value(before, "batch_wishes_sum") + 6
    assert value(series, "lane_wait_seconds_count") == value(series, "lane_run_seconds_count") > 6
    assert value(series, "database_connections", pool="write", state="size") == 1
    assert series[("process_cpu_seconds_total", frozenset())] > 0
    assert series[("process_resident_memory_bytes", frozenset())] > 0


def test_what_goes_wrong_is_counted(serve_alone: Callable[..., Served]) -> None:
    port = free_port()
    world = World(serve_alone(METRICS_PORT=str(port)))
    ann = world.person("ann")
    topic = f"user:{ann.id}"
    with ann.device(epoch=1, streams={topic: 1000, "chat:1": 1}):
        assert ann.get("/api/events")["page"]
        for _ in range(6):
            httpx.post(f"{world.server.url}/api/auth/login", json={"email": ann.email, "password": "not that one"})
        series = scraped(port)
    assert value(series, "resyncs_total", reason="ahead") == 1
    assert value(series, "resyncs_total", reason="not_member") == 1
    assert value(series, "refusals_total", bucket="login") == 1
    route = {"method": "POST", "route": "/api/auth/login"}
    assert value(series, "http_requests_total", status="401", **route) == 5
    assert value(series, "http_requests_total", status="429", **route) == 1


def test_strangers_make_no_new_series(serve_alone: Callable[..., Served]) -> None:
    port = free_port()
    server = serve_alone(METRICS_PORT=str(port), RATE_LIMITS="off")
    people = World(server).people("ann", "bob")
    with people[0].device() as device:
        device.ask("first.unknown", {})
        httpx.request("BREW", f"{server.url}/api/first")
        httpx.get(f"{server.url}/first")
        before = set(scraped(port))
        strange = [(f"BREW{number}", str(uuid.uuid4()), f"unknown.{number}") for number in range(20)]
        for number, (method, path, verb) in enumerate(strange):
            httpx.request(method, f"{server.url}/api/{path}")
            httpx.get(f"{server.url}/{path}")
            httpx.get(f"{server.url}/api/chats/{number}")
            device.ask(verb, {})
        after = set(scraped(port))
    # Background work, such as the first look for damage, may begin a series of its own at any moment.
    fresh = [dict(labels) for _, labels in after - before]
    assert {labels["route"] for labels in fresh if "route" in labels} <= {"/api/chats/{chat_id}"}
    said = {words for labels in fresh for words in labels.values()}
    assert not [word for words in strange for word in words if any(word in one for one in said)]


def test_a_port_that_is_taken(serve_alone: Callable[..., Served], tmp_path: Path) -> None:
    port = free_port()
    serve_alone(METRICS_PORT=str(port))
    env = {**os.environ, "METRICS_PORT": str(port), "PORT": "0", "DATA_DIR": str(tmp_path / "other")}
    command = [sys.executable, "-m", "messenger", "serve"]
    done = subprocess.run(command, cwd=BACKEND, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert f"METRICS_PORT={port} of 127.0.0.1 cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


@contextmanager
def crew(folder: Path, **environment: str) -> Iterator[str]:
    """Runs two processes behind one port until the block ends; yields their address."""
    port = free_port()
    env = {**os.environ, "PORT": str(port), "DATA_DIR": str(folder), "RATE_LIMITS": "off", **environment}
    command = [sys.executable, "-m", "messenger", "serve", "--workers", "2"]
    with (folder / "crew.log").open("wb") as log:
        running = subprocess.Popen(command, cwd=BACKEND, env=env, stdout=log, stderr=log)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(30)


@pytest.mark.timeout(180)
def test_every_process_has_numbers_of_its_own(tmp_path: Path, cluster: Cluster, redis_server: RedisServer) -> None:
    database, first, worker = migrated.scaled(cluster), free_port(), free_port()
    shared = {"DATABASE_URL": database, "BUS_URL": redis_server.url, "JOBS_URL": f"celery+{redis_server.url}/4"}
    ports = (first, first + 1)
    with (
        crew(tmp_path, METRICS_PORT=str(first), **shared) as url,
        working(tmp_path, METRICS_PORT=str(worker), **shared),
    ):
        until(lambda: all(_is_up(port) for port in ports))
        server: Any = Address(url)
        ann, bob = World(server).people("ann", "bob")
        den = World(server).group(ann, bob)
        with ann.device() as here, bob.device() as there:
            for number in range(10):
                here.say(den, f"message {number}")
            there.settle()
            both = [scraped(port) for port in ports]
        until(lambda: value(scraped(worker), "jobs_total", job="accounts.verify_letter", outcome="done") == 2)
        until(lambda: value(scraped(worker), "outbox_rows") == 0)  # a run is counted before its row is deleted
        backlog = scraped(worker)
    assert sum(value(series, "events_total", type="message.created") for series in both) >= 10
    assert sum(value(series, "sockets") for series in both) == 2
    assert all(value(series, "bus_up") == 1 for series in both)
    assert sum(value(series, "bus_published_total") for series in both) >= 10
    assert sum(value(series, "bus_lag_seconds_count") for series in both) >= 1
    assert value(backlog, "outbox_rows") == value(backlog, "outbox_overdue_seconds") == 0
    assert not any(name.startswith("messenger_http") for name, _ in backlog), "a worker answers no requests"


class Address:
    """Returns the address of a server for people."""

    def __init__(self, url: str) -> None:
        self.url, self.socket_url = url, f"{url.replace('http', 'ws', 1)}/api/ws"


def _is_up(port: int) -> bool:
    try:
        return bool(value(scraped(port), "bus_up"))
    except httpx.TransportError:
        return False


def test_the_documents_name_series_that_exist(serve_alone: Callable[..., Served]) -> None:
    port = free_port()
    serve_alone(METRICS_PORT=str(port))
    deadline = time.monotonic() + 30
    # The first check of the database comes after the start, and a scrape goes without the database where that is slow.
    text = ""
    while "messenger_database_damaged" not in text or "messenger_outbox_rows" not in text:
        assert time.monotonic() < deadline, text
        text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        time.sleep(0.05)
    known = {family.name for family in text_string_to_metric_families(text)}
    only_scaled = {f"messenger_bus_{what}" for what in ("up", "published", "received", "lag_seconds")}
    rules = yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text())["groups"][0]["rules"]
    assert all(rule["annotations"].keys() == {"what", "do"} for rule in rules)
    written = (ROOT / "docs" / "self-hosting.md").read_text() + "".join(rule["expr"] for rule in rules)
    named = {re.sub("_(total|bucket|count|sum)$", "", name) for name in re.findall(r"(?<!-)messenger_[a-z_]+", written)}
    assert named == {name for name in known if name.startswith("messenger_")} | only_scaled
