"""Parts: data that a house adds to the views of other houses."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from messenger.kernel import codec

P = TypeVar("P")
Parts = dict[str, msgspec.Raw]
"""Parts of a view by their names, each encoded already."""


class Hung(Protocol):
    """A view to which other houses may add parts."""

    parts: Parts | UnsetType


@dataclass(frozen=True, slots=True, eq=False)
class Part(Generic[P]):
    """A part that a house adds to views of another house.

    `name` is its key in their `parts`, `of` the view, `form` its own type.
    """

    name: str
    of: type
    form: type[P]

    def put(self, view: Hung, part: P) -> None:
        """Adds the part to a view."""
        if view.parts is UNSET:
            view.parts = {}
        view.parts[self.name] = msgspec.Raw(codec.encode(part))
