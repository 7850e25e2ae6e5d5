"""The metrics of a process, for Prometheus, on a port of its own."""

import asyncio
import itertools
import logging
import platform as machine
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple

from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

import messenger
from messenger.adapters.jobs.inproc import InprocJobs
from messenger.db import outbox
from messenger.db.outbox import Backlog
from messenger.doors.platform import Platform
from messenger.kernel import clock
from messenger.kernel.errors import AppError
from messenger.kernel.ports.bus import Counted
from messenger.kernel.spread import Spread
from messenger.realtime.shared import Shared
from messenger.settings import Settings, SettingsError
from messenger.web.requests import Requests

log = logging.getLogger("messenger.metrics")

Labels = Sequence[str]

LOOK_S: Final = 2.0
"""Seconds for the loop to hand over its numbers; when it is too busy for that, the scrape fails."""


class Parts(NamedTuple):
    """The measured parts; a worker has no sockets and answers no requests."""

    platform: Platform
    realtime: Shared | None = None
    requests: Requests | None = None


@asynccontextmanager
async def shown(settings: Settings, parts: Parts) -> AsyncIterator[None]:
    """Serves `METRICS_PORT` while the block runs; nothing when that is 0. Raises `SettingsError`."""
    if not settings.metrics_port:
        yield
        return
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(Shown(asyncio.get_running_loop(), parts))
    try:
        server, listener = start_http_server(settings.metrics_port, settings.metrics_host, registry)
    except OSError as error:
        raise SettingsError(
            f"METRICS_PORT={settings.metrics_port} of {settings.metrics_host} cannot be used ({error.strerror}): each "
            "process needs one of its own. Servers of one machine take the following ones; give a worker another."
        ) from None
    log.info("metrics are at %s:%d", settings.metrics_host, settings.metrics_port)
    try:
        yield
    finally:
        await asyncio.to_thread(server.shutdown)  # a scrape may wait for this loop
        server.server_close()
        listener.join()


class Shown(Collector):
    """Reads the numbers on the event loop, which alone changes them, for a scrape in another thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, parts: Parts) -> None:
        self._loop, self._parts = loop, parts

    def describe(self) -> list[Metric]:
        """Returns nothing in advance: at the start the loop could not answer."""
        return []

    def collect(self) -> Iterator[Metric]:
        looked = asyncio.run_coroutine_threadsafe(_look(self._parts), self._loop)
        yield from looked.result(LOOK_S)


async def _look(parts: Parts) -> list[Metric]:
    found = [_build(), *_platform(parts.platform), *await _stored(parts.platform)]
    if parts.realtime is not None:
        found += _sockets(parts.realtime)
    if parts.requests is not None:
        found += _requests(parts.requests)
    return found


def _build() -> Metric:
    family = GaugeMetricFamily("messenger_build_info", "The version that runs; always 1.", labels=["version", "python"])
    family.add_metric([messenger.__version__, machine.python_version()], 1)
    return family


def _platform(platform: Platform) -> Iterator[Metric]:
    events = {(type_,): count for type_, count in platform.events.items()}
    yield _count(
        "events", "Committed events of this process by type; message.created are messages sent.", ["type"], events
    )
    refused = {(bucket,): count for bucket, count in platform.refused.items()}
    moved = {(way,): size for way, size in platform.moved.items()}
    yield _count("file_bytes", "Bytes of files that this process received and sent.", ["way"], moved)
    scans = {(outcome,): count for outcome, count in platform.scans.items()}
    yield _count(
        "scans", "Files by what the scanner of viruses said: clean, found, unscanned, away.", ["outcome"], scans
    )
    yield _count("refusals", "Refusals by rate limits, by bucket.", ["bucket"], refused)
    db = platform.db
    yield _spread("lane_wait_seconds", "How long a transaction waited for its lane.", {(): db.times.waited})
    yield _spread("lane_run_seconds", "How long a transaction ran, with its commit.", {(): db.times.ran})
    yield _spread("batch_wishes", "How many wishes shared a commit.", {(): db.sizes})
    pools = {(kind, state): value for kind, pool in db.pools().items() for state, value in pool._asdict().items()}
    yield _gauge(
        "database_connections", "Connections of this process: size (at most) and used.", ["pool", "state"], pools
    )
    if db.checked is not None:
        damage = "Whether the last check of the embedded database found damage."
        yield _gauge("database_damaged", damage, [], {(): int(db.checked.is_damaged)})
    if isinstance(platform.bus, Counted):
        bus = platform.bus
        yield _gauge("bus_up", "Whether Redis carries the bus.", [], {(): int(bus.is_up)})
        yield _count("bus_published", "Envelopes handed to Redis.", [], {(): bus.published})
        yield _count("bus_received", "Envelopes of other processes.", [], {(): bus.received})
        yield _spread("bus_lag_seconds", "How long lists of this process took through Redis and back.", {(): bus.lag})
    if isinstance(platform.jobs, InprocJobs):
        yield _count(
            "jobs", "Runs of background jobs by job and how they ended.", ["job", "outcome"], platform.jobs.ended
        )


async def _stored(platform: Platform) -> list[Metric]:
    """Returns the job backlog and the gauges of the houses, the same in all processes; nothing without a database."""
    try:
        async with asyncio.timeout(LOOK_S / 2):
            left: Backlog = await platform.db.read(outbox.backlog, clock.now_ms())
            values = [await platform.db.read(gauge.read) for gauge in platform.gauges]
    except (AppError, TimeoutError):
        return []
    overdue = "How long the oldest of the rows that are due has waited."
    return [
        _gauge("outbox_rows", "Background jobs that are not done yet.", [], {(): left.rows}),
        _gauge("outbox_overdue_seconds", overdue, [], {(): left.overdue_ms / 1000}),
        *(
            _gauge(name, what, [label], {(of,): count for of, count in found.items()})
            for (name, what, label, _), found in zip(platform.gauges, values, strict=True)
        ),
    ]


def _sockets(shared: Shared) -> Iterator[Metric]:
    yield _gauge("sockets", "Open sockets that are signed in.", [], {(): shared.sockets.count})
    yield _count("deliveries", "Events handed to sockets and long polls.", [], {(): shared.hub.deliveries})
    resyncs = {(reason,): count for reason, count in shared.counters.resyncs.items()}
    yield _count("resyncs", "Streams that clients had to load anew, by reason.", ["reason"], resyncs)
    took = {(type_,): spread for type_, spread in shared.counters.took.items()}
    yield _spread("frame_seconds", "How long frames of clients took until their answer, by type.", took, ["type"])


def _requests(requests: Requests) -> Iterator[Metric]:
    answered = {(method, door, str(status)): count for (method, door, status), count in requests.answered.items()}
    yield _count("http_requests", "Requests by door and status.", ["method", "route", "status"], answered)
    took = {(door,): spread for door, spread in requests.took.items()}
    yield _spread("http_request_seconds", "How long requests took until their answer, by door.", took, ["route"])


def _count(name: str, what: str, labels: Labels, values: Mapping[Any, float]) -> Metric:
    family = CounterMetricFamily(f"messenger_{name}", what, labels=labels)
    for of, value in values.items():
        family.add_metric(of, value)
    return family


def _gauge(name: str, what: str, labels: Labels, values: Mapping[Any, float]) -> Metric:
    family = GaugeMetricFamily(f"messenger_{name}", what, labels=labels)
    for of, value in values.items():
        family.add_metric(of, value)
    return family


def _spread(name: str, what: str, spreads: Mapping[Any, Spread], labels: Labels = ()) -> Metric:
    family = HistogramMetricFamily(f"messenger_{name}", what, labels=labels)
    for of, spread in spreads.items():
        sums = itertools.accumulate(spread.counts)
        ends = [*(str(float(end)) for end in spread.ends), "+Inf"]
        family.add_metric(of, list(zip(ends, sums, strict=True)), spread.total)
    return family
