"""The contract of mail: a letter arrives as it was written."""

import asyncio
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from messenger.adapters.mail.log import LogMail
from messenger.kernel.ports.mail import Letter


def test_a_letter_arrives_as_it_was_written(tmp_path: Path) -> None:
    letter = Letter("anna@example.org", "Вход с нового устройства", "Анна, привет.\n", "reuse:7")
    asyncio.run(LogMail(tmp_path / "mail").send(letter))
    (path,) = (tmp_path / "mail").iterdir()
    read = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert (read["To"], read["Subject"]) == (letter.to, letter.subject)
    assert read.get_content() == letter.text


def test_a_folder_that_is_no_folder_is_an_error_of_the_driver(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")
    with pytest.raises(OSError, match="mail"):
        asyncio.run(LogMail(tmp_path / "mail").send(Letter("a@example.org", "s", "t", "k")))
