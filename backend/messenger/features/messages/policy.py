"""Decides whether a seat may send or change a message. Pure functions; each raises the error for the caller."""

from collections.abc import Sequence
from typing import NamedTuple

from messenger.features.chats.access import Right, Seat
from messenger.features.media.errors import FileAlone
from messenger.features.media.wire import SentFile
from messenger.features.messages.errors import MessageForbidden, MessageNotFound, MessageTooOld
from messenger.features.messages.text import is_empty
from messenger.kernel.errors import ValidationFailed


class Rules(NamedTuple):
    """The limits of the server: characters of a text, seconds in which a message may be changed."""

    text_max: int
    window_s: int


def may_send(seat: Seat, text: str, reply_to: int | None, most: int, *, has_files: bool) -> None:
    """Checks a send: the rights, a text that is not too long and not blank (unless files are with it), and a reply to
    an existing message.
    """
    seat.need(Right.SEND)
    if has_files:
        seat.need(Right.MEDIA)
    may_say(text, most, may_be_blank=has_files)
    if reply_to is not None and reply_to > seat.head_seq:
        raise MessageNotFound


def may_be_together(files: Sequence[SentFile]) -> None:
    """Checks the files of a message: a recording is played by itself, so none is beside it. Raises `FileAlone`."""
    if len(files) > 1 and any(one.kind == "voice" for one in files):
        raise FileAlone


def may_say(text: str, most: int, *, may_be_blank: bool = False) -> None:
    """Checks a text: at most `most` characters (code points), not blank. Raises `ValidationFailed`."""
    if not may_be_blank and is_empty(text):
        raise ValidationFailed(errors=[{"loc": ["text"], "code": "blank", "message": "The message is empty."}])
    if len(text) > most:
        message = f"The message is longer than {most} characters."
        raise ValidationFailed(errors=[{"loc": ["text"], "code": "too_long", "message": message, "max": most}])


def may_edit(user_id: int, sender_id: int, kind: str, deleted: bool, age_s: float, window_s: int) -> None:
    """Checks an edit: of one's own text, for a while. Raises `MessageForbidden`, `MessageTooOld`."""
    if user_id != sender_id or kind != "text" or deleted:
        raise MessageForbidden
    if age_s > window_s:
        raise MessageTooOld


def may_delete(seat: Seat, sender_id: int, kind: str, age_s: float, window_s: int) -> None:
    """Checks a deletion: of one's own text for a while; with the right DELETE any text at any time."""
    if kind != "text":
        raise MessageForbidden
    if seat.may(Right.DELETE):
        return
    if seat.user_id != sender_id:
        raise MessageForbidden
    if age_s > window_s:
        raise MessageTooOld
