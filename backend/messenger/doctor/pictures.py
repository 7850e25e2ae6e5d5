"""Checks the decoder of pictures: it runs, the kernel takes its filter of system calls, and whether it knows HEIC."""

import asyncio

from messenger.doctor.check import Finding, failed, ok, warning
from messenger.features.media import images
from messenger.features.media.errors import ImageBroken


def check() -> Finding:
    """Returns the finding of a decoder that says what it can do."""
    try:
        said = asyncio.run(images.probe())
    except ImageBroken:
        return failed(
            "No decoder of pictures runs: photos stay plain files, and avatars are refused.",
            "Give the server's machine or container more than 768 MiB of memory, and reinstall the server.",
        )
    heic = "HEIC included" if said.has_heic else "without HEIC, which needs web-messenger[media]"
    if not said.is_filtered:
        return warning(
            f"Pictures are decoded, {heic}, but the kernel refuses the filter of system calls.",
            "Let the container use seccomp, or run the server on Linux on x86-64 or arm64.",
        )
    return ok(f"Pictures are decoded in a process that can open nothing, {heic}.")
