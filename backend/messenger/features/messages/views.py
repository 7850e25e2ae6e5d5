"""Turns rows of messages into views."""

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET

from messenger.features.messages.text import Entity
from messenger.features.messages.wire import Has, MessageTold, MessageView, Service
from messenger.kernel import clock, codec

EntityList = list[Entity]
Viewed = TypeVar("Viewed", bound=MessageView)


def message_view(row: Any, user_id: int) -> MessageView:
    """Returns a message as a user sees it."""
    return MessageView(
        chat_id=row.chat_id,
        seq=row.seq,
        kind=row.kind,
        sender_id=row.sender_id,
        text=row.text,
        entities=entities_of(row.entities),
        service=codec.decode(row.service, Service) if row.service else None,
        sent_at=clock.text(row.sent_at),
        rev=row.rev,
        edited_at=clock.text_or_none(row.edited_at),
        deleted_at=clock.text_or_none(row.deleted_at),
        deleted_by=row.deleted_by,
        reply_to=row.reply_to,
        client_msg_id=row.cmid if row.cmid and row.sender_id == user_id else UNSET,
    )


def first_view(row: Any, user_id: int) -> MessageView:
    """Returns a message of `store.find_sent` as it was first acknowledged; of a deleted one its tombstone."""
    view = message_view(row, user_id)
    if row.first_text is not None:
        view.text, view.entities = row.first_text, entities_of(row.first_entities)
        view.rev, view.edited_at = 1, None
    return view


def message_views(rows: Iterable[Any], user_id: int) -> list[MessageView]:
    """Returns messages as a user sees them."""
    return [message_view(row, user_id) for row in rows]


def entities_of(text: str) -> EntityList:
    """Returns stored entities."""
    return [] if text == "[]" else codec.decode(text, EntityList)


def links_in(entities: EntityList) -> list[str]:
    """Returns the addresses to which a text leads, without those that a spoiler hides."""
    hidden = [(one.offset, one.offset + one.length) for one in entities if one.type == "spoiler"]
    links = [(one.offset, one.href) for one in entities if one.type == "link" and one.href]
    return [href for at, href in links if not any(start <= at < end for start, end in hidden)]


def link_bit(entities: EntityList) -> int:
    """Returns the bit of a message that links to the web, else 0."""
    return int(Has.LINK) if any(one[:4].lower() == "http" for one in links_in(entities)) else 0


def mentioned_in(entities: Iterable[Entity], author: int) -> set[int]:
    """Returns the ids of the users whom a message mentions, without its author."""
    return {one.user_id for one in entities if one.user_id is not None} - {author}


def told(view: MessageView, added: Collection[int], removed: Collection[int]) -> MessageTold:
    """Returns a view for an event: with the users it newly mentions, and those it no longer does."""
    fields = {name: getattr(view, name) for name in view.__struct_fields__}
    return MessageTold(**fields, mentions_added=sorted(added) or UNSET, mentions_removed=sorted(removed) or UNSET)


def bare(view: Viewed) -> Viewed:
    """Returns the rest of a view whose text is deleted.

    Every field of a message that holds text must be removed here.
    """
    return msgspec.structs.replace(view, text="", entities=[], parts=UNSET)


def own(view: MessageView, cmid: str | None) -> bytes:
    """Returns a view as JSON for its author, who gave it `cmid`."""
    return codec.encode(msgspec.structs.replace(view, client_msg_id=cmid or UNSET))


def public(view: MessageView) -> MessageView:
    """Returns the view without the fields that only its author sees."""
    return msgspec.structs.replace(view, client_msg_id=UNSET)
