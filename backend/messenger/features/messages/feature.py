"""The plate of messages."""

from messenger.features.chats import wire as chats
from messenger.features.messages import actions, routes, wire
from messenger.kernel.feature import Feature

feature = Feature(
    "messages",
    hot=routes.hot,
    frames=routes.frames,
    events=(wire.MessageCreated, wire.MessageEdited, wire.MessageDeleted),
    listens={
        chats.ChatCreated: actions.say_created,
        chats.ChatRenamed: actions.say_renamed,
        chats.ChatPictured: actions.say_pictured,
        chats.PeopleCame: actions.say_joined,
        chats.MemberLeft: actions.say_left,
    },
    decorates={"chat": actions.decorate_chats},
)
