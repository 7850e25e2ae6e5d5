"""Letters."""

from typing import NamedTuple, Protocol


class Letter(NamedTuple):
    """A letter to one address, as plain text and as HTML; `key` names it, so that a repeat can be told from a new one."""

    to: str
    subject: str
    text: str
    html: str
    key: str


class Undeliverable(Exception):
    """The address was refused for good: repeating the letter would change nothing."""


class Mail(Protocol):
    """A driver of mail."""

    async def send(self, letter: Letter) -> None:
        """Hand the letter over, within 45 s.

        Raises `OSError` when it was not taken, or nobody knows: the job then repeats it, and its `Message-ID` is the
        same. Raises `Undeliverable` when the address was refused for good.
        """
