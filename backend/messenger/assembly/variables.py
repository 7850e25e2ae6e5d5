"""The variables of the environment as documents: `.env.example` and `docs/configuration.md`."""

from collections.abc import Iterator
from typing import Any

from messenger.settings import Duration, Settings

_EXAMPLE = "# Every variable of the server with its default. Copy to .env and change what you need.\n"
_TABLE = """# Configuration

Every variable of the environment (or of a file `.env`). Times are written as `45s`, `10m`, `2h`, `30d`.

| variable | default | meaning |
|---|---|---|
"""


def _variables() -> Iterator[tuple[str, str, str]]:
    """Name, default as it would be written, meaning."""
    for name, field in Settings.model_fields.items():
        is_duration = Settings.__annotations__[name] == Duration
        yield name.upper(), _written(field.default, is_duration), field.description or ""


def _written(value: Any, is_duration: bool) -> str:
    if is_duration:
        return next(
            f"{value // size}{unit}" for unit, size in (("d", 86_400), ("m", 60), ("s", 1)) if value % size == 0
        )
    return "" if value == [] else str(value)


def example() -> str:
    """The text of `.env.example`."""
    return _EXAMPLE + "".join(f"\n# {meaning}\n#{name}={default}\n" for name, default, meaning in _variables())


def table() -> str:
    """The text of `docs/configuration.md`."""
    rows = [f"| `{name}` | {f'`{value}` ' if value else ''}| {meaning} |\n" for name, value, meaning in _variables()]
    return _TABLE + "".join(rows)
