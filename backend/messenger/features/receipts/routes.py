"""Both doors of read marks."""

from starlette.responses import Response

from messenger.doors.fast import Call, Hot
from messenger.doors.platform import Platform
from messenger.doors.reply import answers, reply
from messenger.features.chats.access import ChatNotFound
from messenger.features.receipts import actions
from messenger.features.receipts.actions import ReadWish
from messenger.features.receipts.wire import ReadBody, ReaderList, ReadFrame, ReadState
from messenger.kernel import codec
from messenger.kernel.actor import Actor
from messenger.kernel.feature import Frame


async def read(call: Call) -> Response:
    """Say how far I have read."""
    chat_id = call.path["chat_id"]
    wish = ReadWish(call.actor, chat_id, call.body.seq)
    return reply(await call.platform.db.batch(actions.read_many, wish, lane=chat_id))


async def list_readers(call: Call) -> Response:
    """Who has read a message."""
    path = call.path
    return reply(await call.platform.db.read(actions.readers, call.actor, path["chat_id"], path["seq"]))


async def _read_frame(platform: Platform, me: Actor, data: ReadFrame) -> bytes:
    wish = ReadWish(me, data.chat_id, data.seq)
    return codec.encode(await platform.db.batch(actions.read_many, wish, lane=data.chat_id))


hot = (
    Hot("PUT", "/chats/{chat_id}/read", read, answers(ReadState, 200, ChatNotFound), ReadBody, "read"),
    Hot(
        "GET",
        "/chats/{chat_id}/messages/{seq}/readers",
        list_readers,
        answers(ReaderList, 200, ChatNotFound),
    ),
)
frames: dict[str, Frame] = {"receipt.read": Frame(ReadFrame, _read_frame, "read", ReadState)}
