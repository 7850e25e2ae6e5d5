"""Every variable of the environment: the server's own and those of its houses, and the documents about them."""

from collections.abc import Iterator
from typing import Any, Final, cast

from pydantic import create_model

from messenger.assembly.features import PLATES
from messenger.doors.section import Duration, Section, Size, written
from messenger.settings import Settings

SECTIONS: Final[tuple[type[Section], ...]] = (Settings, *(plate.settings for plate in PLATES if plate.settings))
"""The sections in the order of the documents. No two may have a variable of the same name; a test checks it."""
Variables: Final = cast(type[Settings], create_model("Variables", __base__=SECTIONS))
"""All of them as one form: an object of it is an object of each section."""
_EXAMPLE = "# Every variable of the server with its default. Copy to .env and change what you need.\n"
_TABLE = """# Configuration

Every variable of the environment (or of a file `.env`). Times are written as `45s`, `10m`, `2h`, `30d`,
sizes as `512KiB`, `100MiB`, `5GiB`.

| variable | default | meaning |
|---|---|---|
"""


def _variables() -> Iterator[tuple[str, str, str]]:
    """Yields name, default as it would be written, and meaning of each variable."""
    for section in SECTIONS:
        for name, field in section.model_fields.items():
            yield name.upper(), _written(field.default, section.__annotations__[name]), field.description or ""


def _written(value: Any, form: object) -> str:
    if form in (Duration, Size):
        return written(value, form)
    return "" if value in ([], None) else str(value)


def sections_of(settings: Settings) -> dict[type[Section], Section]:
    """Returns the object of each section, by its form."""
    return dict.fromkeys(SECTIONS, settings)


def example() -> str:
    """Returns the text of `.env.example`."""
    return _EXAMPLE + "".join(f"\n# {meaning}\n#{name}={default}\n" for name, default, meaning in _variables())


def table() -> str:
    """Returns the text of `docs/configuration.md`."""
    rows = [f"| `{name}` | {f'`{value}` ' if value else ''}| {meaning} |\n" for name, value, meaning in _variables()]
    return _TABLE + "".join(rows)
