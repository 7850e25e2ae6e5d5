"""Turns rows of uploads and files into views."""

from collections.abc import Mapping
from typing import Any, Final

from messenger.features.media.wire import FileView, SentFile, UploadView, Variant
from messenger.kernel import codec

LOOKS: Final = ("width", "height", "thumbhash", "duration_ms", "peaks", "pages")
"""The columns of a file that say how it looks and sounds, and how long it is."""
VariantList = list[Variant]


def known(looks: Mapping[str, Any]) -> dict[str, Any]:
    """Returns those of the looks of a file that it has, as fields of a view."""
    return {name: value for name, value in looks.items() if value is not None}


def looks(row: Any) -> dict[str, Any]:
    """Returns how a file looks and sounds, as fields of a view; nothing of one that is only a download."""
    if row.variants is None:
        return {}
    found = known({name: getattr(row, name) for name in LOOKS})
    return found | {"variants": codec.decode(row.variants, VariantList)}


def has_original(row: Any) -> bool:
    """Returns whether a file is kept as it was uploaded: all of another one was made anew."""
    return not any(one.v in ("l", "play") for one in looks(row).get("variants", ()))


def file_view(row: Any) -> FileView:
    """Returns a file."""
    return FileView(row.id, row.kind, row.name, row.type, row.size, **looks(row))


def sent_file(row: Any, alt: str) -> SentFile:
    """Returns a file in a message."""
    return SentFile(row.id, row.kind, row.name, row.type, row.size, alt, **looks(row))


def upload_view(row: Any, file: Any) -> UploadView:
    """Returns an upload with the row of its file, if there is one."""
    return UploadView(row.state, row.taken, row.error, file_view(file) if file is not None else None)
