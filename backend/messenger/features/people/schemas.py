"""The bodies of ordinary REST calls about people."""

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, Field

from messenger.features.people.names import spelling
from messenger.kernel.characters import is_blank

NAME_MAX: Final = 64


CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def _name(value: str) -> str:
    """Returns a name as it is stored (`spelling.clean`).

    Raises `ValueError` for control characters, or a name that shows nothing.
    """
    if CONTROL.search(value):
        raise ValueError("control characters are not allowed")
    clean = spelling.clean(value)
    if is_blank(clean):
        raise ValueError("a name needs a letter")
    if len(clean) > NAME_MAX:
        raise ValueError(f"a name has at most {NAME_MAX} characters")
    return clean


Name = Annotated[str, Field(min_length=1, max_length=400), AfterValidator(_name)]


Language = Literal["ru", "en"]


class ProfileChange(BaseModel):
    """The fields of one's own profile; a missing field stays as it is."""

    name: Name | None = None
    language: Language | None = None


class RightsChange(BaseModel):
    """The rights that an administrator gives a person."""

    may_invite: bool
