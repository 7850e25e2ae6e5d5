"""A verb of the socket, as a house offers it on its plate."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from messenger.kernel.ports.limits import Bucket


@dataclass(frozen=True, slots=True)
class Frame:
    """A verb of the socket: its data's form and what it does.

    `handle(platform, actor, data)` begins it: a future (of `db.batch`) costs least, a coroutine gets a task. `ack` makes
    the ack's data, as JSON bytes, of what that found. `bucket` is the rate limit it takes, `answers` the form of the ack's data.
    """

    form: type
    handle: Callable[[Any, Any, Any], Awaitable[Any]]
    bucket: Bucket
    answers: type | None = None
    ack: Callable[[Any], bytes] = bytes
