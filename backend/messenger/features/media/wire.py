"""The views and events of avatars."""

from typing import Literal

import msgspec

from messenger.kernel.events import Event


class AvatarAccepted(msgspec.Struct):
    """The key that `avatar` will have when the image is ready."""

    avatar: str


class AvatarFailedData(msgspec.Struct):
    """An uploaded image could not be used; the avatar is unchanged."""

    avatar: str
    kind: Literal["user", "chat"]
    id: int
    code: str


AvatarFailed = Event("avatar.failed", AvatarFailedData, ("user",))
