"""Letters."""

from typing import NamedTuple, Protocol


class Letter(NamedTuple):
    """A letter to one address; `key` names it, so that a repeat can be told from a new one."""

    to: str
    subject: str
    text: str
    key: str


class Mail(Protocol):
    """A driver of mail."""

    async def send(self, letter: Letter) -> None:
        """Hand the letter over. Raises `OSError` when it was not taken; the job then repeats."""
