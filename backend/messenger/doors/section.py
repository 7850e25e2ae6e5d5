"""The variables of one house, as a section of all variables of the server."""

import re
from typing import Annotated, Final

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_SIZES: Final = {"KiB": 1024, "MiB": 1024**2, "GiB": 1024**3, "TiB": 1024**4}


def _duration(value: object) -> object:
    """Returns the seconds of `10m`, `30d`, `45s`, `2h`."""
    if isinstance(value, str):
        found = re.fullmatch(r"(\d{1,9})([smhd])", value.strip())
        if found is None:
            raise ValueError("write a time as 45s, 10m, 2h or 30d")
        return int(found[1]) * _UNITS[found[2]]
    return value


def _size(value: object) -> object:
    """Returns the bytes of `512KiB`, `100MiB`, `5GiB`."""
    if isinstance(value, str):
        found = re.fullmatch(r"(\d{1,9}) ?([KMGT]iB)", value.strip())
        if found is None:
            raise ValueError("write a size as 512KiB, 100MiB, 5GiB or 1TiB")
        return int(found[1]) * _SIZES[found[2]]
    return value


def _words(value: object) -> object:
    """Splits the text `a, b` into a list; passes other values on."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def written(value: int, form: object) -> str:
    """Returns a value of the form `Duration` or `Size` as it would be written."""
    units = _UNITS if form == Duration else _SIZES
    return next(f"{value // size}{unit}" for unit, size in reversed(units.items()) if value % size == 0)


Duration = Annotated[int, BeforeValidator(_duration), Field(gt=0)]
Size = Annotated[int, BeforeValidator(_size), Field(gt=0)]
Words = Annotated[list[str], NoDecode, BeforeValidator(_words)]


class Section(BaseSettings):
    """Variables of the environment. Each field's description is its line in `.env.example` and `docs/configuration.md`.

    All sections are parts of one object (`assembly/variables.py`), so their names must be unique, and each may read the
    server's own section.
    """

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True)

    @property
    def is_local(self) -> bool:
        """Returns whether the server is for its own machine only (`APP_ENV`)."""
        raise NotImplementedError

    @property
    def sends_mail(self) -> bool:
        """Returns whether the server sends letters to other machines."""
        raise NotImplementedError

    def complaint(self) -> str:
        """Returns what is unsafe or cannot work in this section, and what to set instead; empty when all is well."""
        return ""
