"""Checks, their findings, and how they run: side by side, and none waits for another."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

LIMIT_S: Final = 5.0

Status = Literal["ok", "warning", "failed"]


class Finding(NamedTuple):
    """The result of a check in one sentence, and advice (empty when all is well)."""

    status: Status
    what: str
    advice: str = ""


class Check(NamedTuple):
    """A check: `run` may block and may raise; an exception is a finding too."""

    name: str
    run: Callable[[], Finding]


class Result(NamedTuple):
    """A finding, its check, and how long that took (ms)."""

    name: str
    finding: Finding
    took_ms: float


def ok(what: str) -> Finding:
    """Returns a finding that all is well."""
    return Finding("ok", what)


def warning(what: str, advice: str) -> Finding:
    """Returns a finding that it works, but not for long or not as it should."""
    return Finding("warning", what, advice)


def failed(what: str, advice: str) -> Finding:
    """Returns a finding that it does not work."""
    return Finding("failed", what, advice)


def examine(checks: Sequence[Check], limit_s: float = LIMIT_S) -> list[Result]:
    """Returns the results of all checks in their order, after `limit_s` at the latest.

    Each check has a thread of its own that is not waited for any longer, so one that hangs does not hold up the others.
    """
    began = time.monotonic()
    results: dict[str, Result] = {}
    runners = [threading.Thread(target=_run, args=(check, results), name=check.name, daemon=True) for check in checks]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join(max(0.0, began + limit_s - time.monotonic()))
    late = failed(f"No answer within {limit_s:g} s.", "Check whether it runs, and whether a firewall is in between.")
    return [results.get(check.name) or Result(check.name, late, limit_s * 1000) for check in checks]


def _run(check: Check, results: dict[str, Result]) -> None:
    began = time.perf_counter()
    try:
        finding = check.run()
    except Exception as error:  # the other checks go on
        finding = failed(f"{type(error).__name__}: {why(error)}.", "This is unexpected: please report it.")
    results[check.name] = Result(check.name, finding, (time.perf_counter() - began) * 1000)


def why(error: BaseException) -> str:
    """Returns the reason of an error on one line, in plain words where the system's message has none."""
    if isinstance(error, socket.gaierror):
        return "the name of the machine is not known (DNS)"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not accepted: {error.verify_message}"
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(said.split()).rstrip(".") or type(error).__name__
