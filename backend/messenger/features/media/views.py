"""Turns rows of uploads and files into views."""

from typing import Any

from messenger.features.media.wire import FileView, SentFile, UploadView


def file_view(row: Any) -> FileView:
    """Returns a file."""
    return FileView(row.id, row.kind, row.name, row.type, row.size)


def sent_file(row: Any, alt: str) -> SentFile:
    """Returns a file in a message."""
    return SentFile(row.id, row.kind, row.name, row.type, row.size, alt)


def upload_view(row: Any, file: Any) -> UploadView:
    """Returns an upload with the row of its file, if there is one."""
    return UploadView(row.state, row.taken, row.error, file_view(file) if file is not None else None)
