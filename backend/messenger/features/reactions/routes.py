"""The doors of reactions, over HTTP and the socket."""

from asyncio import Future
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from messenger.doors.fast import Call, Hot
from messenger.doors.feature import Verb
from messenger.doors.platform import Platform
from messenger.doors.reply import answers, reply
from messenger.features.chats.errors import ChatForbidden, ChatNotFound
from messenger.features.messages.access import Place
from messenger.features.messages.errors import MessageForbidden, MessageNotFound
from messenger.features.reactions import actions
from messenger.features.reactions.actions import ReactWish
from messenger.features.reactions.errors import TooManyReactions
from messenger.features.reactions.wire import ReactionFrame, ReactionList, Reactions
from messenger.kernel.actor import Actor
from messenger.kernel.errors import PageInvalid
from messenger.kernel.paging import PAGE_MAX, page_of
from messenger.kernel.ports.limits import Bucket, Rate

REACT: Final = Bucket("react", Rate(30, 5, 1))


def _react(platform: Platform, wish: ReactWish) -> "Future[Reactions]":
    return platform.db.batch(actions.react_many, wish, lane=wish.place.chat_id)


def _place(call: Call) -> Place:
    return Place(call.path["chat_id"], call.path["seq"])


async def add_reaction(call: Call) -> Response:
    """Adds a reaction of mine to a message."""
    return reply(await _react(call.platform, ReactWish(call.actor, _place(call), call.texts["emoji"], on=True)))


async def remove_reaction(call: Call) -> Response:
    """Removes a reaction of mine."""
    return reply(await _react(call.platform, ReactWish(call.actor, _place(call), call.texts["emoji"], on=False)))


async def list_reactions(call: Call) -> Response:
    """Returns who reacted to a message with what."""
    query = call.request.query_params
    found = await call.platform.db.read(actions.who, call.actor, _place(call), query.get("emoji"), page_of(query))
    return reply(found)


_ALL = "/chats/{chat_id}/messages/{seq}/reactions"
_ONE = _ALL + "/{emoji:text}"
hot = (
    Hot(
        "PUT",
        _ONE,
        add_reaction,
        answers(Reactions, 200, ChatNotFound, ChatForbidden, MessageNotFound, MessageForbidden, TooManyReactions),
        None,
        REACT,
    ),
    Hot("DELETE", _ONE, remove_reaction, answers(Reactions, 200, ChatNotFound, MessageNotFound), None, REACT),
    Hot(
        "GET",
        _ALL,
        list_reactions,
        answers(ReactionList, 200, ChatNotFound, MessageNotFound, PageInvalid),
        query={
            "emoji": {"type": "string"},
            "cursor": {"type": "string"},
            "limit": {"type": "integer", "minimum": 1, "maximum": PAGE_MAX},
        },
    ),
)


def _react_frame(platform: Platform, me: Actor, data: ReactionFrame) -> "Future[Reactions]":
    return _react(platform, ReactWish(me, Place(data.chat_id, data.seq), data.emoji, data.on))


_SET: Final = Verb(ReactionFrame, _react_frame, REACT, Reactions)
verbs: Mapping[str, Verb[Any, Any]] = {"reaction.set": _SET}
