"""The verbs of messages, except paging (`history.py`)."""

from messenger.features.messages.access import Place, sender_of
from messenger.features.messages.actions.deleting import delete, delete_many, erase
from messenger.features.messages.actions.editing import Change, edit
from messenger.features.messages.actions.looking import (
    UNREAD_MAX,
    count_unread,
    decorate_chats,
    get_message,
    versions,
)
from messenger.features.messages.policy import Rules
from messenger.features.messages.sending import SendWish, send_many
from messenger.features.messages.writing import New, Sent, digest_of, say

__all__ = [
    "UNREAD_MAX",
    "Change",
    "New",
    "Place",
    "Rules",
    "SendWish",
    "Sent",
    "count_unread",
    "decorate_chats",
    "delete",
    "delete_many",
    "digest_of",
    "edit",
    "erase",
    "get_message",
    "say",
    "send_many",
    "sender_of",
    "versions",
]
