"""The verbs of the socket by name: those of the protocol, which know their socket, and those of the features."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec

from messenger.doors import limits
from messenger.doors.feature import Feature, Verb
from messenger.kernel import clock, codec
from messenger.kernel.errors import RequestMalformed
from messenger.realtime import catchup
from messenger.realtime.connection import Connection
from messenger.realtime.frames import Auth, Authed, Cursors, PresenceList, ResumeDone, Typing, Watch
from messenger.realtime.shared import Handler, Shared

D = TypeVar("D")
A = TypeVar("A")


def _set_typing(shared: Shared, connection: Connection, typing: Typing) -> None:
    shared.presence.type(connection, typing)


async def _watch(shared: Shared, connection: Connection, watch: Watch) -> PresenceList:
    return PresenceList(await shared.presence.watch(connection, watch.user_ids))


async def _resume(shared: Shared, connection: Connection, cursors: Cursors) -> ResumeDone:
    return await catchup.resume(shared, connection, cursors, first=False)


async def _renew(shared: Shared, connection: Connection, auth: Auth) -> Authed:
    actor = await shared.platform.authenticate(auth.token)
    if actor.session_id != connection.actor.session_id:
        raise RequestMalformed(reason="the token is of another session")
    connection.actor, connection.token = actor, auth.token
    return Authed(max(0, actor.expires_at - clock.now_ms()) // 1000)


def _of_protocol(
    handle: Callable[[Shared, Connection, D], Awaitable[A] | None], form: type[D], answers: type[A] | None
) -> Handler[A]:
    def begin(shared: Shared, connection: Connection, data: msgspec.Raw) -> Awaitable[A] | None:
        return handle(shared, connection, codec.decode(data, form))

    return Handler(begin, codec.encode, form, answers)


def of_feature(verb: Verb[D, A]) -> Handler[A]:
    """Returns the handler of a feature's verb: it takes from the rate limit, then runs the verb."""
    handle, form, bucket = verb.handle, verb.form, verb.bucket

    def begin(shared: Shared, connection: Connection, data: msgspec.Raw) -> Awaitable[A]:
        platform, actor = shared.platform, connection.actor
        limits.check(platform, bucket, actor.user_id)
        return handle(platform, actor, codec.decode(data, form))

    return Handler(begin, verb.ack, form, verb.answers)


PROTOCOL: Final[Mapping[str, Handler[Any]]] = {
    "auth": _of_protocol(_renew, Auth, Authed),
    "presence.watch": _of_protocol(_watch, Watch, PresenceList),
    "resume": _of_protocol(_resume, Cursors, ResumeDone),
    "typing.set": _of_protocol(_set_typing, Typing, None),
}


def handlers(features: Sequence[Feature]) -> dict[str, Handler[Any]]:
    """Returns the handler of each type of a client's frame."""
    return {**PROTOCOL, **{name: of_feature(verb) for one in features for name, verb in one.verbs.items()}}
