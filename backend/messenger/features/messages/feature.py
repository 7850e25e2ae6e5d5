"""The plate of messages."""

from messenger.doors.feature import Feature, adds, hears
from messenger.doors.platform import Platform
from messenger.features.chats import wire as chats
from messenger.features.messages import actions, files, models, routes, wire
from messenger.features.messages.access import VIEWS
from messenger.features.messages.actions import services
from messenger.features.messages.settings import MessageSettings


def limits(platform: Platform) -> dict[str, int]:
    """Returns the limits of one message."""
    settings = platform.of(MessageSettings)
    return {
        "message_max_chars": settings.max_message_chars,
        "message_files_max": wire.FILES_MAX,
        "edit_window_s": settings.edit_window,
    }


feature = Feature(
    "messages",
    tables=models,
    settings=MessageSettings,
    rates=(routes.SEND,),
    hot=routes.hot,
    verbs=routes.verbs,
    events=(wire.MessageCreated, wire.MessageEdited, wire.MessageDeleted, wire.MessagesDeleted),
    limits=limits,
    listens=(
        hears(chats.ChatCreated, services.say_created),
        hears(chats.ChatRenamed, services.say_renamed),
        hears(chats.ChatPictured, services.say_pictured),
        hears(chats.PeopleCame, services.say_joined),
        hears(chats.MemberLeft, services.say_left),
    ),
    offers=("files",),
    parts=(wire.FILES,),
    decorates=(
        adds(VIEWS, files.decorate),
        adds(chats.CHATS, actions.decorate_chats),
        adds(chats.STATES, actions.count_unread),
    ),
)
