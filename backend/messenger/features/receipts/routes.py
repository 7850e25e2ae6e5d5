"""Both kinds of doors of receipts."""

from asyncio import Future
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from messenger.doors.fast import Call, Hot
from messenger.doors.feature import Verb
from messenger.doors.platform import Platform
from messenger.doors.reply import answers, done, reply
from messenger.features.chats.access import ChatNotFound
from messenger.features.chats.wire import MemberState
from messenger.features.messages.access import Place
from messenger.features.messages.errors import MessageNotFound
from messenger.features.receipts import actions
from messenger.features.receipts.actions import ReadWish
from messenger.features.receipts.errors import NoVoice
from messenger.features.receipts.wire import ReadBody, ReaderList, ReadFrame
from messenger.kernel.actor import Actor
from messenger.kernel.ports.limits import Bucket, Rate

READ: Final = Bucket("read", Rate(20, 5, 1))


async def read(call: Call) -> Response:
    """Sets how far I have read."""
    return reply(await _read(call.platform, call.actor, call.path["chat_id"], call.body))


async def list_readers(call: Call) -> Response:
    """Returns the readers of a message."""
    path = call.path
    return reply(await call.platform.db.read(actions.readers, call.actor, path["chat_id"], path["seq"]))


async def listen(call: Call) -> Response:
    """Notes that I listened to a voice message."""
    await call.platform.db.write(actions.listen, call.actor, Place(call.path["chat_id"], call.path["seq"]))
    return done()


def _read(platform: Platform, me: Actor, chat_id: int, body: ReadBody | ReadFrame) -> "Future[MemberState]":
    return platform.db.batch(actions.read_many, ReadWish(me, chat_id, body.seq), lane=chat_id)


def _read_frame(platform: Platform, me: Actor, data: ReadFrame) -> "Future[MemberState]":
    return _read(platform, me, data.chat_id, data)


hot = (
    Hot("PUT", "/chats/{chat_id}/read", read, answers(MemberState, 200, ChatNotFound), ReadBody, READ),
    Hot(
        "GET",
        "/chats/{chat_id}/messages/{seq}/readers",
        list_readers,
        answers(ReaderList, 200, ChatNotFound, MessageNotFound),
    ),
    Hot(
        "PUT",
        "/chats/{chat_id}/messages/{seq}/listened",
        listen,
        answers(None, 204, ChatNotFound, MessageNotFound, NoVoice),
        None,
        READ,
    ),
)
_READ: Final = Verb(ReadFrame, _read_frame, READ, MemberState)
verbs: Mapping[str, Verb[Any, Any]] = {"receipt.read": _READ}
