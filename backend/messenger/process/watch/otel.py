"""Traces by OpenTelemetry. Imported only where they are wanted: its packages are optional (`web-messenger[traces]`)."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Span, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Tracer

import messenger
from messenger.kernel import trail


class Traced:
    """A span with the interface of `kernel/trail.py`."""

    def __init__(self, span: Span) -> None:
        self._span = span

    def say(self, name: str = "", **facts: str | int) -> None:
        if name:
            self._span.update_name(name)
        for key, value in facts.items():
            self._span.set_attribute(key, value)


def begin(url: str) -> TracerProvider:
    """Sends every span to a collector (OTLP over HTTP) from now on; the standard `OTEL_…` variables apply."""
    resource = Resource.create({"service.version": messenger.__version__})
    sender = TracerProvider(resource=resource.merge(Resource({"service.name": "web-messenger"})))
    sender.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{url.rstrip('/')}/v1/traces")))
    tracer = sender.get_tracer("messenger")
    trail.replace_spans(lambda name: _span(tracer, name))
    return sender


def end(sender: TracerProvider) -> None:
    """Sends what is left, and stops."""
    trail.replace_spans(None)
    sender.shutdown()


@contextmanager
def _span(tracer: Tracer, name: str) -> Iterator[Traced]:
    with tracer.start_as_current_span(name) as span:
        assert isinstance(span, Span)
        if origin := trail.request_id.get():
            span.set_attribute("request_id", origin)
        yield Traced(span)
