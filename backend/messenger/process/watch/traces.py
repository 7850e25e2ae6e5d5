"""Switches traces on; they are off, and none of their code is loaded, unless `TRACES_URL` asks for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from messenger.process.loading import resolve
from messenger.settings import Settings, SettingsError


@asynccontextmanager
async def sent(settings: Settings) -> AsyncIterator[None]:
    """Sends traces to `TRACES_URL` while the block runs. Raises `SettingsError` where the packages are missing."""
    if not settings.traces_url:
        yield
        return
    try:
        begin, end = resolve("messenger.process.watch.otel:begin"), resolve("messenger.process.watch.otel:end")
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"TRACES_URL needs packages that are not installed ({error.name}): install web-messenger[traces], "
            "or leave it empty."
        ) from None
    sender = begin(settings.traces_url)
    try:
        yield
    finally:
        await asyncio.to_thread(end, sender)  # sends what is left
