"""Checks the decoders: they run, the kernel takes their filter of system calls, and which packages they have."""

import asyncio

from messenger.doctor.check import Finding, failed, ok, warning
from messenger.features.media.errors import ImageBroken
from messenger.features.media.making import images, papers, sounds


def check() -> Finding:
    """Returns the finding of a decoder that says what it can do."""
    try:
        said = asyncio.run(images.probe())
    except ImageBroken:
        return failed(
            "No decoder of pictures runs: photos stay plain files, and avatars are refused.",
            "Give the server's machine or container more than 768 MiB of memory, and reinstall the server.",
        )
    known = (("HEIC", said.has_heic), ("sound", _knows_sound()), ("PDF", _knows_pdf()))
    missing = [name for name, is_known in known if not is_known]
    more = f"without {', '.join(missing)}, which need web-messenger[media]" if missing else "HEIC, sound, PDF included"
    if not said.is_filtered:
        return warning(
            f"Pictures are decoded, {more}, but the kernel refuses the filter of system calls.",
            "Let the container use seccomp, or run the server on Linux on x86-64 or arm64.",
        )
    return ok(f"Pictures are decoded in a process that can open nothing, {more}.")


def _knows_sound() -> bool:
    """Returns whether recordings are decoded, and written as every browser plays them."""
    try:
        return sounds.HAS_AV and asyncio.run(sounds.probe()).has_aac
    except ImageBroken:
        return False


def _knows_pdf() -> bool:
    """Returns whether first pages of documents are drawn."""
    try:
        return papers.HAS_PDF and bool(asyncio.run(papers.probe()))
    except ImageBroken:
        return False
