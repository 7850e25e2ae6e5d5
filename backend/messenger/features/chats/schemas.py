"""The bodies of ordinary REST calls about chats."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from messenger.doors.deps import NUMBER_MAX
from messenger.features.people.schemas import Name

Number = Annotated[int, Field(ge=1, le=NUMBER_MAX)]
ADDED_MAX = 200
"""People added in one call."""


class DirectCreate(BaseModel):
    """Opens the chat of two people."""

    kind: Literal["direct"]
    user_id: Number


class GroupCreate(BaseModel):
    """Creates a group."""

    kind: Literal["group"]
    name: Name
    member_ids: Annotated[list[Number], Field(max_length=ADDED_MAX)] = []


class SavedCreate(BaseModel):
    """Opens the chat with oneself."""

    kind: Literal["saved"]


ChatCreate = Annotated[DirectCreate | GroupCreate | SavedCreate, Field(discriminator="kind")]


class ChatChange(BaseModel):
    """Gives a chat another name, or switches the previews of links; what is missing stays."""

    name: Name | None = None
    cards: bool | None = None


class MembersAdd(BaseModel):
    """Adds people to a group."""

    user_ids: Annotated[list[Number], Field(min_length=1, max_length=ADDED_MAX)]


class RoleChange(BaseModel):
    """Gives a member another role."""

    role: Literal["owner", "admin", "member"]
