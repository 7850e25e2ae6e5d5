"""Background jobs of reactions: summaries for large chats."""

from messenger.doors.platform import Platform
from messenger.features.messages.access import Place
from messenger.features.reactions import actions
from messenger.kernel import codec


async def summarise(platform: Platform, payload: bytes) -> None:
    """Emits the reactions to a message to all members; a repeat emits the same again."""
    await platform.db.write(actions.summarise, codec.decode(payload, Place))
