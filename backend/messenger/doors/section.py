"""The variables of one house, as a section of all variables of the server."""

import re
from typing import Annotated, Final

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def _duration(value: object) -> object:
    """Returns the seconds of `10m`, `30d`, `45s`, `2h`."""
    if isinstance(value, str):
        found = re.fullmatch(r"(\d{1,9})([smhd])", value.strip())
        if found is None:
            raise ValueError("write a time as 45s, 10m, 2h or 30d")
        return int(found[1]) * _UNITS[found[2]]
    return value


Duration = Annotated[int, BeforeValidator(_duration), Field(gt=0)]


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
