"""The variables of media."""

from typing import Final

from pydantic import Field

from messenger.doors.section import Duration, Section, Size, Words

MIB: Final = 1024**2
RESERVE_LEAST: Final = 1024 * MIB
"""Bytes of a disk that are kept free at least, where any are."""


class MediaSettings(Section):
    """How large files may be, how much a person may store, and how long files without a use are kept."""

    file_max: Size = Field(100 * MIB, description="Largest file.")
    files_quota: Size = Field(5 * 1024 * MIB, description="Bytes of files that one person may store.")
    files_total: Size | None = Field(
        None, description="Bytes of files that all people together may store; unlimited by default."
    )
    files_rate: Size = Field(
        25 * MIB,
        description="Bytes that a process receives in a second in all uploads together; twice as many leave it in downloads.",
    )
    files_keep: Duration = Field(3600, description="Time for which a file is kept after its last message was deleted.")
    files_refused: Words = Field(
        [], description="Endings or types of files that are refused, separated by commas, such as exe, image/svg+xml."
    )
    upload_ttl: Duration = Field(86_400, description="Time after its last piece in which an upload may be continued.")
    disk_reserve: int = Field(
        5,
        ge=0,
        le=50,
        description="Percent of the disk of files that uploads leave free, and at least 1 GiB; 0 lets them fill it.",
    )

    def reserve_of(self, total: int) -> int:
        """Returns the bytes that uploads leave free on a disk of that size."""
        return max(RESERVE_LEAST, total * self.disk_reserve // 100) if self.disk_reserve else 0
