"""The plate of messages."""

from messenger.features.chats import wire as chats
from messenger.features.messages import actions, routes, wire
from messenger.features.messages.actions import services
from messenger.kernel.feature import Feature

feature = Feature(
    "messages",
    hot=routes.hot,
    frames=routes.frames,
    events=(wire.MessageCreated, wire.MessageEdited, wire.MessageDeleted),
    listens={
        chats.ChatCreated: services.say_created,
        chats.ChatRenamed: services.say_renamed,
        chats.ChatPictured: services.say_pictured,
        chats.PeopleCame: services.say_joined,
        chats.MemberLeft: services.say_left,
    },
    decorates={"chat": actions.decorate_chats},
)
