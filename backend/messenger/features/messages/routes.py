"""Both kinds of doors of messages: hot HTTP doors and frames."""

from asyncio import Future
from collections.abc import Mapping
from functools import partial
from operator import attrgetter
from typing import Any, Final, get_args

from starlette.responses import Response

from messenger.doors.fast import Call, Hot
from messenger.doors.feature import Verb
from messenger.doors.limits import CHANGE
from messenger.doors.platform import Platform
from messenger.doors.reply import answers, done, reply, rev_of
from messenger.features.chats.errors import ChatForbidden, ChatNotFound
from messenger.features.media.errors import FileAlone, FileNotFound, FileNotReady
from messenger.features.media.wire import ListKind
from messenger.features.messages import actions, files, history
from messenger.features.messages.actions import Change, Place, Rules, SendWish
from messenger.features.messages.errors import (
    MessageForbidden,
    MessageNotFound,
    MessageTooOld,
)
from messenger.features.messages.settings import MessageSettings
from messenger.features.messages.wire import (
    ChatFileList,
    DeleteFrame,
    DeleteManyBody,
    DeleteManyFrame,
    Deletions,
    EditBody,
    EditFrame,
    LinkList,
    MentionList,
    MessageList,
    MessageView,
    SendBody,
    SendFrame,
    VersionList,
)
from messenger.kernel.actor import Actor
from messenger.kernel.errors import IdempotencyMismatch, PageInvalid, Stale
from messenger.kernel.paging import PAGE_MAX, page_of, seq_of
from messenger.kernel.ports.limits import Bucket, Rate

SEND: Final = Bucket("send", Rate(20, 5, 1))


def _rules(platform: Platform) -> Rules:
    settings = platform.of(MessageSettings)
    return Rules(settings.max_message_chars, settings.edit_window)


def _send(platform: Platform, me: Actor, chat_id: int, body: SendBody | SendFrame) -> "Future[actions.Sent]":
    most = platform.of(MessageSettings).max_message_chars
    wish = SendWish(me, chat_id, body.text, body.client_msg_id, body.reply_to, body.mentions, most, body.files)
    return platform.db.batch(actions.send_many, wish, lane=chat_id)


async def send(call: Call) -> Response:
    """Sends a message."""
    sent = await _send(call.platform, call.actor, call.path["chat_id"], call.body)
    response = reply(sent.view, 200 if sent.replayed else 201)
    if sent.replayed:
        response.headers["idempotency-replayed"] = "true"
    elif call.body.client_msg_id is None:
        response.headers["idempotency"] = "none"
    return response


async def list_messages(call: Call) -> Response:
    """Returns a page of messages by rising seq."""
    anchor = history.anchor_of(call.request.query_params)
    me, chat_id, db = call.actor, call.path["chat_id"], call.platform.db
    if not anchor.goes_back:
        return reply(await db.read(history.history, me, chat_id, anchor))
    known = partial(history.reach, me=me, chat_id=chat_id)
    return reply(await db.read_aside(known, partial(history.history, me=me, chat_id=chat_id, anchor=anchor)))


async def list_mentions(call: Call) -> Response:
    """Returns the messages of a chat that mention me, by rising seq."""
    query, chat_id = call.request.query_params, call.path["chat_id"]
    after, limit = seq_of(query, "after"), page_of(query).limit
    return reply(await call.platform.db.read(history.list_mentions, call.actor, chat_id, after, limit))


async def list_files(call: Call) -> Response:
    """Returns the files of one kind in a chat."""
    query, chat_id = call.request.query_params, call.path["chat_id"]
    kind, page = files.kind_of(query), (files.start_of(query), page_of(query).limit)
    return reply(await call.platform.db.read(files.list_in_chat, call.actor, chat_id, kind, page))


async def list_links(call: Call) -> Response:
    """Returns the messages of a chat that link to the web, newest first."""
    page, chat_id = page_of(call.request.query_params), call.path["chat_id"]
    return reply(await call.platform.db.read(history.list_links, call.actor, chat_id, page))


def _place(call: Call) -> Place:
    return Place(call.path["chat_id"], call.path["seq"])


async def get_message(call: Call) -> Response:
    """Returns one message."""
    return reply(await call.platform.db.read(actions.get_message, call.actor, _place(call)))


async def edit(call: Call) -> Response:
    """Gives one's own message another text, or its files other descriptions."""
    change = Change(call.body.text, call.body.mentions, rev_of(call.request.headers.get("if-match")), call.body.alts)
    rules = _rules(call.platform)
    return reply(await call.platform.db.write(actions.edit, call.actor, _place(call), change, rules))


async def delete(call: Call) -> Response:
    """Deletes a message's text for everyone."""
    await call.platform.db.write(actions.delete, call.actor, _place(call), _rules(call.platform))
    return done()


async def delete_many(call: Call) -> Response:
    """Deletes the text of up to 100 messages for everyone."""
    chat_id, rules = call.path["chat_id"], _rules(call.platform)
    return reply(await call.platform.db.write(actions.delete_many, call.actor, chat_id, call.body.seqs, rules))


async def list_versions(call: Call) -> Response:
    """Returns the texts of a message at its revs, oldest first."""
    page = page_of(call.request.query_params)
    return reply(await call.platform.db.read(actions.versions, call.actor, _place(call), page))


_CHAT = "/chats/{chat_id}/messages"
_ONE = _CHAT + "/{seq}"
_LIMIT = {"type": "integer", "minimum": 1, "maximum": PAGE_MAX}
_QUERY = {
    "before": {"type": "integer", "minimum": 0},
    "after": {"type": "integer", "minimum": 0},
    "around": {"type": "string"},
    "limit": _LIMIT,
}
hot = (
    Hot(
        "POST",
        _CHAT,
        send,
        answers(
            MessageView,
            201,
            ChatNotFound,
            ChatForbidden,
            MessageNotFound,
            FileAlone,
            FileNotFound,
            FileNotReady,
            IdempotencyMismatch,
        )
        | answers(MessageView),
        SendBody,
        SEND,
    ),
    Hot("GET", _CHAT, list_messages, answers(MessageList, 200, ChatNotFound, PageInvalid), query=_QUERY),
    Hot(
        "GET",
        "/chats/{chat_id}/mentions",
        list_mentions,
        answers(MentionList, 200, ChatNotFound, PageInvalid),
        query={"after": {"type": "integer", "minimum": 0}, "limit": _LIMIT},
    ),
    Hot(
        "GET",
        "/chats/{chat_id}/files",
        list_files,
        answers(ChatFileList, 200, ChatNotFound, PageInvalid),
        query={
            "kind": {"type": "string", "enum": list(get_args(ListKind))},
            "before": {"type": "integer", "minimum": 0},
            "after": {"type": "integer", "minimum": 0},
            "limit": _LIMIT,
            "cursor": {"type": "string"},
        },
    ),
    Hot(
        "GET",
        "/chats/{chat_id}/links",
        list_links,
        answers(LinkList, 200, ChatNotFound, PageInvalid),
        query={"limit": _LIMIT, "cursor": {"type": "string"}},
    ),
    Hot("GET", _ONE, get_message, answers(MessageView, 200, ChatNotFound, MessageNotFound)),
    Hot(
        "PATCH",
        _ONE,
        edit,
        answers(MessageView, 200, ChatNotFound, MessageNotFound, MessageForbidden, Stale, MessageTooOld),
        EditBody,
        CHANGE,
    ),
    Hot(
        "DELETE",
        _ONE,
        delete,
        answers(None, 204, ChatNotFound, MessageNotFound, MessageForbidden, MessageTooOld),
        None,
        CHANGE,
    ),
    Hot("POST", _CHAT + "/delete", delete_many, answers(Deletions, 200, ChatNotFound), DeleteManyBody, CHANGE),
    Hot(
        "GET",
        _ONE + "/history",
        list_versions,
        answers(VersionList, 200, ChatNotFound, MessageNotFound, MessageForbidden, PageInvalid),
        query={"limit": _LIMIT, "cursor": {"type": "string"}},
    ),
)


def _send_frame(platform: Platform, me: Actor, data: SendFrame) -> "Future[actions.Sent]":
    return _send(platform, me, data.chat_id, data)


async def _edit_frame(platform: Platform, me: Actor, data: EditFrame) -> MessageView:
    place, change = Place(data.chat_id, data.seq), Change(data.text, data.mentions, data.rev, data.alts)
    return await platform.db.write(actions.edit, me, place, change, _rules(platform))


async def _delete_frame(platform: Platform, me: Actor, data: DeleteFrame) -> None:
    await platform.db.write(actions.delete, me, Place(data.chat_id, data.seq), _rules(platform))


async def _delete_many_frame(platform: Platform, me: Actor, data: DeleteManyFrame) -> Deletions:
    return await platform.db.write(actions.delete_many, me, data.chat_id, data.seqs, _rules(platform))


# Each by itself: inside of the table its types would not be checked.
_SEND: Final = Verb(SendFrame, _send_frame, SEND, MessageView, attrgetter("view"))
_EDIT: Final = Verb(EditFrame, _edit_frame, CHANGE, MessageView)
_DELETE: Final = Verb(DeleteFrame, _delete_frame, CHANGE)
_DELETE_MANY: Final = Verb(DeleteManyFrame, _delete_many_frame, CHANGE, Deletions)
verbs: Mapping[str, Verb[Any, Any]] = {
    "message.send": _SEND,
    "message.edit": _EDIT,
    "message.delete": _DELETE,
    "messages.delete": _DELETE_MANY,
}
