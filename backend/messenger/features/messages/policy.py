"""May this seat say or change this? Pure functions; each raises what the caller is told."""

from typing import NamedTuple

from messenger.features.chats.access import Right, Seat
from messenger.features.messages.errors import MessageForbidden, MessageNotFound, MessageTooOld
from messenger.features.messages.text import is_empty
from messenger.kernel.errors import ValidationFailed


class Rules(NamedTuple):
    """Limits of the server: characters of a text, seconds in which a message may be changed."""

    text_max: int
    window_s: int


def may_send(seat: Seat, text: str, reply_to: int | None, most: int) -> None:
    """Who has the right SEND may say what is not blank, not too long, and replies to something that exists."""
    seat.need(Right.SEND)
    may_say(text, most)
    if reply_to is not None and reply_to > seat.head_seq:
        raise MessageNotFound


def may_say(text: str, most: int) -> None:
    """Words of at most `most` characters (code points), not blank. Raises `ValidationFailed`."""
    if is_empty(text):
        raise ValidationFailed(errors=[{"loc": ["text"], "code": "blank", "message": "The message is empty."}])
    if len(text) > most:
        message = f"The message is longer than {most} characters."
        raise ValidationFailed(errors=[{"loc": ["text"], "code": "too_long", "message": message, "max": most}])


def may_edit(user_id: int, sender_id: int, kind: str, deleted: bool, age_s: float, window_s: int) -> None:
    """One's own words, for a while. Raises `MessageForbidden`, `MessageTooOld`."""
    if user_id != sender_id or kind != "text" or deleted:
        raise MessageForbidden
    if age_s > window_s:
        raise MessageTooOld


def may_delete(seat: Seat, sender_id: int, kind: str, age_s: float, window_s: int) -> None:
    """One's own words for a while; with the right DELETE any words at any time."""
    if kind != "text":
        raise MessageForbidden
    if seat.may(Right.DELETE):
        return
    if seat.user_id != sender_id:
        raise MessageForbidden
    if age_s > window_s:
        raise MessageTooOld
