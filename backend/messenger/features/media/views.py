"""Turns rows of uploads and files into views."""

from typing import Any

from messenger.features.media.wire import FileView, SentFile, UploadView, Variant
from messenger.kernel import codec

VariantList = list[Variant]


def looks(row: Any) -> dict[str, Any]:
    """Returns how a photo looks, as fields of a view; nothing of another file."""
    if row.kind != "photo":
        return {}
    variants = codec.decode(row.variants, VariantList)
    return {"width": row.width, "height": row.height, "thumbhash": row.thumbhash, "variants": variants}


def file_view(row: Any) -> FileView:
    """Returns a file."""
    return FileView(row.id, row.kind, row.name, row.type, row.size, **looks(row))


def sent_file(row: Any, alt: str) -> SentFile:
    """Returns a file in a message."""
    return SentFile(row.id, row.kind, row.name, row.type, row.size, alt, **looks(row))


def upload_view(row: Any, file: Any) -> UploadView:
    """Returns an upload with the row of its file, if there is one."""
    return UploadView(row.state, row.taken, row.error, file_view(file) if file is not None else None)
