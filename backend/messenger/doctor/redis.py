"""Checks Redis: whether it answers, how fast, and whether a published message arrives."""

import secrets
import time
from typing import Any, Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, RedisError
from redis.retry import Retry

from messenger.doctor.check import Finding, failed, ok, warning, why

ANSWER_S: Final = 2.0
FLOOR: Final = 7
SLOW_MS: Final = 50.0
"""The server gives Redis 200 ms for an answer; a quarter of that at rest is too much."""


def client_of(url: str) -> Any:
    """Returns a client that tries once and does not wait long."""
    once = Retry(NoBackoff(), 0)
    return Redis.from_url(url, socket_timeout=ANSWER_S, socket_connect_timeout=ANSWER_S, retry=once)


def check_bus(url: str) -> Finding:
    """Returns the finding of the bus: its latency, and whether a published message arrives."""
    return _checked(url, "BUS_URL", _round_trip)


def check_limits(url: str) -> Finding:
    """Returns the finding of the Redis that counts limits: it must run scripts."""
    return _checked(url, "LIMITS_URL", lambda client: client.eval("return redis.call('TIME')[1]", 0))


def _checked(url: str, variable: str, use: Any) -> Finding:
    try:
        with client_of(url) as client:
            latency = _latency(client)
            version = str(client.info("server")["redis_version"])
            use(client)
    except AuthenticationError as error:
        return failed(
            f"Redis ({variable}) refuses the password: {why(error)}.", f"Set user and password in {variable}."
        )
    except (RedisError, OSError) as error:
        return failed(
            f"Redis ({variable}) does not answer: {why(error)}.", f"Start it, or set {variable} to where it is."
        )
    if int(version.partition(".")[0]) < FLOOR:
        return warning(f"Redis ({variable}) has version {version}.", f"Use Redis {FLOOR} or newer, or Valkey.")
    if latency > SLOW_MS:
        return warning(
            f"Redis ({variable}) takes {latency:.0f} ms to answer.",
            "Events come late by that much: put it near the servers, or find out what keeps it busy.",
        )
    return ok(f"Redis {version}, answers in {latency:.1f} ms.")


def _latency(client: Any) -> float:
    """Returns the time of an answer (ms): the best of five, since the first ones connect and warm up."""
    took = []
    for _ in range(5):
        began = time.perf_counter()
        client.ping()
        took.append((time.perf_counter() - began) * 1000)
    return min(took)


def _round_trip(client: Any) -> None:
    """Publishes a message and waits for it. Raises `TimeoutError`."""
    place, word = f"wm:doctor:{secrets.token_hex(8)}", secrets.token_bytes(8)
    with client.pubsub() as heard:
        heard.subscribe(place)
        deadline = time.monotonic() + ANSWER_S
        while time.monotonic() < deadline:
            message = heard.get_message(timeout=ANSWER_S)
            if message and message["type"] == "subscribe":
                client.execute_command("PUBLISH", place, word)
            elif message and message["data"] == word:
                return
    raise TimeoutError("what was published did not come back")
