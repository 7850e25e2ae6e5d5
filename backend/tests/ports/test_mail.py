"""Tests the contract of mail for a folder and for real SMTP servers: letters arrive unchanged, once for each key."""

import asyncio
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from messenger.adapters.mail import smtp
from messenger.adapters.mail.log import LogMail
from messenger.adapters.mail.smtp import SmtpMail, server_of
from messenger.kernel.mime import sender_of
from messenger.kernel.ports.mail import Letter, Mail, Undeliverable
from tests.catcher import Catcher, Certificates, text_of
from tests.ports_free import free_port

SENDER = "Дом <messenger@пример.example>"
LETTER = Letter(
    "anna@example.org", "Вход с нового устройства", "Анна, привет.\n", "<p>Анна, <b>привет</b>.</p>\n", "new:7"
)


class Setting:
    """Holds a driver and the letters that it delivered."""

    def __init__(self, mail: Mail, arrived: Callable[[], list[EmailMessage]]) -> None:
        self.mail, self.arrived = mail, arrived

    def send(self, letter: Letter) -> None:
        """Sends a letter as the job does."""
        asyncio.run(self.mail.send(letter))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(params=["folder", "plain", "starttls", "tls"])
def setting(request: pytest.FixtureRequest, tmp_path: Path, certificates: Certificates) -> Iterator[Setting]:
    sender, ca = sender_of(SENDER), f"ca={certificates.ca}"
    if request.param == "folder":
        folder = tmp_path / "mail"
        yield Setting(
            LogMail(folder, sender),
            lambda: [message_from_bytes(one.read_bytes(), policy=policy.default) for one in folder.glob("*.eml")],
        )
        return
    auth = {"auth_required": True, "auth_require_tls": True}
    made: dict[str, tuple[dict[str, Any], str]] = {
        "plain": ({}, "smtp://127.0.0.1:{}?starttls=never"),
        "starttls": (
            {"tls_context": certificates.context, "require_starttls": True, **auth},
            "smtp://ann%40example.org:p%40ss%3Aword@127.0.0.1:{}?" + ca,
        ),
        "tls": ({"tls_first": certificates.context}, "smtps://localhost:{}?" + ca),
    }
    options, url = made[request.param]
    with Catcher(**options).running() as catcher:
        yield Setting(SmtpMail(url.format(catcher.port), sender), lambda: catcher.letters)
        assert bool(catcher.logins) == (request.param == "starttls" and bool(catcher.begun))


def test_a_letter_arrives_as_it_was_written(setting: Setting) -> None:
    setting.send(LETTER)
    (read,) = setting.arrived()
    assert (read["To"], read["Subject"]) == (LETTER.to, LETTER.subject)
    assert read["From"] == "Дом <messenger@xn--e1afmkfd.example>"
    assert read["Date"].datetime.tzinfo is not None
    assert read["Auto-Submitted"] == "auto-generated"
    assert text_of(read).replace("\r\n", "\n") == LETTER.text
    assert text_of(read, "html").replace("\r\n", "\n") == LETTER.html
    assert read.get_content_type() == "multipart/alternative"


def test_a_repeat_can_be_told_from_a_new_letter(setting: Setting) -> None:
    for key in ("new:7", "new:7", "new:8"):
        setting.send(LETTER._replace(key=key))
    ids = {read["Message-ID"] for read in setting.arrived()}
    assert len(ids) == 2
    assert all(one.endswith("@xn--e1afmkfd.example>") for one in ids)


@pytest.mark.parametrize("evil", ["a\r\nBcc: eve@example.org", "a\nb", "a\rb", "a\x00b", "a\u2028Bcc: eve@example.org"])
def test_nothing_in_a_letter_makes_another_header(setting: Setting, evil: str) -> None:
    setting.send(LETTER._replace(subject=evil, key=f"k{evil}"))
    (read,) = setting.arrived()
    assert set(read.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"
    }  # fmt: skip
    assert "\n" not in read["Subject"]
    with pytest.raises(Undeliverable):
        setting.send(LETTER._replace(to=f"{evil}@example.org"))
    assert len(setting.arrived()) == 1


@pytest.mark.parametrize("address", ["анна@пример.рф", "josé@example.org", '"a b"@example.org', "a@b@example.org", ""])
def test_an_address_is_taken_as_it_is_or_refused_for_good(setting: Setting, address: str) -> None:
    try:
        setting.send(LETTER._replace(to=address))
    except Undeliverable:
        assert setting.arrived() == []
    else:
        (read,) = setting.arrived()
        (to,) = read["To"].addresses
        # The parser does not know raw UTF-8 in addresses and passes its bytes on.
        assert to.username.encode("utf-8", "surrogateescape").decode() == address.partition("@")[0]


def test_a_folder_that_is_no_folder_is_an_error_of_the_driver(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")
    with pytest.raises(OSError, match="mail"):
        asyncio.run(LogMail(tmp_path / "mail", sender_of(SENDER)).send(LETTER))


def _send(url: str) -> None:
    asyncio.run(SmtpMail(url, sender_of(SENDER)).send(LETTER))


@pytest.fixture
def catcher() -> Iterator[Catcher]:
    with Catcher().running() as running:
        yield running


def test_who_refuses_for_now_is_asked_again_and_who_refuses_for_good_is_not(catcher: Catcher) -> None:
    url = f"smtp://127.0.0.1:{catcher.port}?starttls=never"
    catcher.refusals[LETTER.to] = "451 come back later"
    with pytest.raises(OSError, match="451"):
        _send(url)
    catcher.refusals[LETTER.to] = "550 no such person"
    with pytest.raises(Undeliverable, match="550"):
        _send(url)
    catcher.refusals.clear()
    _send(url)
    assert len(catcher.letters) == 1


def test_a_lost_answer_is_an_error_and_a_lost_goodbye_is_none(catcher: Catcher) -> None:
    url = f"smtp://127.0.0.1:{catcher.port}?starttls=never"
    catcher.drops = 1
    with pytest.raises(OSError):
        _send(url)
    catcher.hangs_up = True
    _send(url)
    assert len({one["Message-ID"] for one in catcher.letters}) == 1, "the same letter twice, recognizable by its key"


def test_a_server_that_does_not_answer_is_given_up(catcher: Catcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "STEP_S", 0.3)
    catcher.delay = 5
    with pytest.raises(OSError):
        _send(f"smtp://127.0.0.1:{catcher.port}?starttls=never")
    with pytest.raises(OSError):
        _send(f"smtp://127.0.0.1:{free_port()}?starttls=never")


def test_letters_do_not_travel_in_clear_unless_told(catcher: Catcher, certificates: Certificates) -> None:
    with pytest.raises(OSError, match=r"(?i)starttls"):
        _send(f"smtp://127.0.0.1:{catcher.port}")
    with (
        Catcher(tls_context=certificates.context).running() as encrypted,
        pytest.raises(OSError, match=r"(?i)certificate"),
    ):
        _send(f"smtp://127.0.0.1:{encrypted.port}")
    assert catcher.letters == []


def test_a_wrong_password_is_an_error(certificates: Certificates) -> None:
    options: dict[str, Any] = {"tls_context": certificates.context, "auth_required": True}
    with Catcher(**options).running() as strict, pytest.raises(OSError, match="535"):
        _send(f"smtp://ann:wrong@127.0.0.1:{strict.port}?ca={certificates.ca}")


@pytest.mark.parametrize(
    ("url", "port", "is_tls_first", "is_plain"),
    [
        ("smtp://mail.example.org", 587, False, False),
        ("smtps://mail.example.org", 465, True, False),
        ("smtp://127.0.0.1?starttls=never", 25, False, True),
        ("smtp://u:p@localhost:2525?starttls=never", 2525, False, True),
    ],
)
def test_addresses_of_servers(url: str, port: int, is_tls_first: bool, is_plain: bool) -> None:
    server = server_of(url)
    assert (server.port, server.is_tls_first, server.tls is None) == (port, is_tls_first, is_plain)


@pytest.mark.parametrize(
    "url",
    [
        "smtp://",
        "smtp://host:port",
        "smtp://host/path",
        "smtp://host?tls=off",
        "smtp://host?starttls=maybe",
        "smtps://host?starttls=never",
        "smtp://u:p@mail.example.org?starttls=never",
        "smtps://host?ca=/nowhere.pem",
    ],
)
def test_addresses_that_cannot_be_used(url: str) -> None:
    with pytest.raises(ValueError):
        server_of(url)


@pytest.mark.parametrize("sender", ["", "nobody", "a@b@c", "Ann <ann>"])
def test_senders_that_cannot_be_used(sender: str) -> None:
    with pytest.raises(ValueError):
        sender_of(sender)
