"""Parts: what a house hangs on the views of other houses."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from messenger.kernel import codec

P = TypeVar("P")
Parts = dict[str, msgspec.Raw]
"""Parts of a view by their names, each encoded already."""


class Hung(Protocol):
    """A view that other houses may hang parts on."""

    parts: Parts | UnsetType


@dataclass(frozen=True, slots=True, eq=False)
class Part(Generic[P]):
    """What a house hangs on views of another house: its `name` among their `parts`, `of` which view, and its `form`."""

    name: str
    of: type
    form: type[P]

    def put(self, view: Hung, part: P) -> None:
        """Hangs the part on a view."""
        if view.parts is UNSET:
            view.parts = {}
        view.parts[self.name] = msgspec.Raw(codec.encode(part))
