"""Later work of accounts: letters."""

from typing import Any

import msgspec

from messenger.features.accounts import actions
from messenger.kernel import codec
from messenger.kernel.ports.mail import Letter


class Reuse(msgspec.Struct):
    """Payload: whose refresh token was used twice, and on which device the session was."""

    user_id: int
    device: str


async def reuse_letter(platform: Any, payload: bytes) -> None:
    """Tell a person that a session was ended because its token had been copied."""
    reuse = codec.decode(payload, Reuse)
    me = await platform.db.read(actions.get_me, reuse.user_id)
    subject, text = _WORDS["ru" if me.language == "ru" else "en"]
    letter = Letter(str(me.email), subject, text.format(name=me.name, device=reuse.device), f"reuse:{reuse.user_id}")
    await platform.mail.send(letter)


_WORDS = {
    "en": (
        "A session was ended",
        "{name}, somebody used an old sign-in token of your device ({device}).\n"
        "It may have been copied, so we ended that session. If this was not you, change your password.\n",
    ),
    "ru": (
        "Сеанс завершён",
        "{name}, кто-то воспользовался старым токеном входа с твоего устройства ({device}).\n"
        "Возможно, его скопировали, поэтому мы завершили этот сеанс. Если это не ты, смени пароль.\n",
    ),
}
