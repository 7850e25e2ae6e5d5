"""Tests traces: when off, their code is not loaded; when on, a collector gets requests, frames and jobs."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from messenger.settings import Settings, SettingsError
from tests.inside import inside
from tests.server import BACKEND, Served
from tests.world import World


class Collector(BaseHTTPRequestHandler):
    """Keeps every span that it receives."""

    protocol_version = "HTTP/1.1"
    spans: list[Any]

    def do_POST(self) -> None:
        """Takes spans."""
        sent = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["content-length"])))
        assert self.path == "/v1/traces"
        for resource in sent.resource_spans:
            for scope in resource.scope_spans:
                self.spans.extend(scope.spans)
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Logs nothing."""


@pytest.fixture
def collector() -> Iterator[tuple[str, list[Any]]]:
    """Yields the address of a collector, and its spans."""
    spans: list[Any] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Collector,), {"spans": spans}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", spans
    server.shutdown()
    server.server_close()


def facts(span: Any) -> dict[str, Any]:
    """Returns the children of a span."""
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


def test_off_nothing_is_loaded() -> None:
    look = "import messenger.__main__, sys; print([name for name in sys.modules if name.endswith('otel') or 'telemetry.exporter' in name])"
    done = subprocess.run([sys.executable, "-c", look], cwd=BACKEND, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_the_packages_the_start_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "messenger.process.watch.otel", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)

    async def scenario() -> None:
        with pytest.raises(SettingsError, match=r"web-messenger\[traces\]"):
            async with inside(tmp_path, traces_url="http://127.0.0.1:1"):
                pass

    asyncio.run(scenario())
    assert Settings().traces_url == ""


def test_a_collector_hears_what_happened(serve: Callable[..., Served], collector: tuple[str, list[Any]]) -> None:
    url, spans = collector
    server = serve(TRACES_URL=url, RATE_LIMITS="off")
    world = World(server)
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    answer = ann.http.get(f"/api/chats/{den}")
    with ann.device() as device:
        device.say(den, "words that no trace holds")
        refused = device.ask("message.send", {"chat_id": 1, "text": "nobody hears this"})["data"]
    server.stop()
    deadline = time.monotonic() + 30
    while "accounts.verify_letter" not in {span.name for span in spans}:
        assert time.monotonic() < deadline, "a worker sends its spans every few seconds"
        time.sleep(0.1)
    by_id = {span.span_id: span for span in spans}
    (asked,) = [
        one
        for one in spans
        if facts(one).get("request_id") == answer.headers["x-request-id"] and not one.parent_span_id
    ]
    assert (asked.name, facts(asked)["status"]) == ("GET /api/chats/{chat_id}", 200)
    parents = {by_id[span.parent_span_id].name for span in spans if span.name == "transaction" and span.parent_span_id}
    assert {"POST /api/auth/register", "message.send"} <= parents, "a commit is part of the trace of its request"
    (lost,) = [span for span in spans if span.name == "message.send" and facts(span)["outcome"] != "done"]
    assert facts(lost) == {"request_id": refused["request_id"], "outcome": refused["code"]}
    assert not any(b"words that no trace holds" in span.SerializeToString() for span in spans)
