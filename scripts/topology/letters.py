"""Takes every letter and sends none.

An SMTP server keeps letters as files, and a page shows them: `letters.py SMTP_PORT PAGE_PORT FOLDER`. Both listen on
loopback only.
"""

import asyncio
import html
import re
import sys
import threading
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope

KEPT = 500
NAME = re.compile(r"/([0-9]+)(/html|/source)?")
LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)]")
STYLE = (
    "body{font:16px/1.5 system-ui;max-width:44rem;margin:2rem auto;padding:0 1rem}"
    "a{color:#0b57d0}td{padding:.25rem .75rem .25rem 0;vertical-align:top}pre{white-space:pre-wrap;overflow-wrap:anywhere}"
    "iframe{width:100%;height:32rem;border:1px solid #ccc;border-radius:.5rem}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#eee}a{color:#8ab4f8}iframe{background:#fff}}"
)
PAGE_CSP = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'"
LETTER_CSP = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
)
"""A letter runs nothing, loads nothing and belongs to no origin; its links open elsewhere."""


class Folder:
    """Keeps letters as files, named by the time they came."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.mkdir(parents=True, exist_ok=True)

    def numbers(self) -> list[int]:
        """Returns all letters, newest first."""
        return sorted((int(file.stem) for file in self._path.glob("*.eml")), reverse=True)

    def put(self, content: bytes) -> None:
        """Keeps a letter, and deletes the oldest of too many."""
        number = time.time_ns() // 1000
        while (self._path / f"{number}.eml").exists():
            number += 1
        new = self._path / f"{number}.new"
        new.write_bytes(content)
        new.rename(new.with_suffix(".eml"))
        for old in self.numbers()[KEPT:]:
            (self._path / f"{old}.eml").unlink(missing_ok=True)

    def source(self, number: int) -> bytes | None:
        """Returns a letter as it came."""
        file = self._path / f"{number}.eml"
        return file.read_bytes() if file.exists() else None


class Catcher:
    """Handles letters for aiosmtpd."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        """Keeps it, for any address."""
        assert isinstance(envelope.content, bytes)
        self._folder.put(envelope.content)
        return "250 kept"


def part_of(letter: EmailMessage, kind: str) -> str:
    """Returns the text of the `plain` or `html` part; empty when there is none."""
    part = letter.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def page(title: str, body: str) -> str:
    """Returns a page around a body."""
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{html.escape(title)}</title>'
    )
    return f"<!doctype html><html lang=en>{head}<style>{STYLE}</style><body>{body}"


def list_page(letters: list[tuple[int, EmailMessage]]) -> str:
    """Returns the page of all letters, newest first."""
    rows = "".join(
        f"<tr><td>{time.strftime('%d.%m. %H:%M:%S', time.localtime(number / 1e6))}<td>{html.escape(str(one['To']))}"
        f'<td><a href="/{number}">{html.escape(str(one["Subject"]))}</a>'
        for number, one in letters
    )
    refresh = '<meta http-equiv="refresh" content="5">'
    return page("Letters", f"{refresh}<h1>Letters</h1>{f'<table>{rows}</table>' if rows else '<p>None came yet.'}")


def letter_page(number: int, letter: EmailMessage) -> str:
    """Returns the page of one letter: people, subject, text with links, and its HTML in a frame without rights."""
    facts = "".join(f"<tr><td>{name}<td>{html.escape(str(letter[name]))}" for name in ("From", "To", "Subject", "Date"))
    text = LINK.sub(r'<a href="\g<0>">\g<0></a>', html.escape(part_of(letter, "plain")))
    frame = f'<iframe title="HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/{number}/html"></iframe>'
    source = f'<p><a href="/{number}/source">Source</a>'
    shown = frame if part_of(letter, "html") else ""
    return page(
        str(letter["Subject"]), f"<p><a href=/>Letters</a><table>{facts}</table><pre>{text}</pre>{shown}{source}"
    )


class Pages(BaseHTTPRequestHandler):
    """Serves the pages for a person."""

    folder: Folder
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answers with the list, a letter, its HTML or its source."""
        if self.path == "/":
            newest = [(number, self._letter(number)) for number in self.folder.numbers()]
            self._answer(list_page([(number, letter) for number, letter in newest if letter is not None]))
            return
        found = NAME.fullmatch(self.path)
        letter = self._letter(int(found[1])) if found else None
        if not found or letter is None:
            self._answer(page("Not here", "<p>There is no such letter. <a href=/>Letters</a>"), status=404)
        elif found[2] == "/html":
            self._answer(f'<base target="_blank">{part_of(letter, "html")}', LETTER_CSP)
        elif found[2] == "/source":
            self._answer(self.folder.source(int(found[1])) or b"", kind="text/plain")
        else:
            self._answer(letter_page(int(found[1]), letter))

    def _letter(self, number: int) -> EmailMessage | None:
        source = self.folder.source(number)
        return None if source is None else message_from_bytes(source, EmailMessage, policy=policy.default)

    def _answer(self, body: str | bytes, csp: str = PAGE_CSP, kind: str = "text/html", status: int = 200) -> None:
        content = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        headers = {
            "Content-Type": f"{kind}; charset=utf-8",
            "Content-Length": str(len(content)),
            "Cache-Control": "no-store",
        }
        headers |= {
            "Content-Security-Policy": csp,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Logs nothing: a person looks at the page."""


async def catch(folder: Folder, port: int) -> None:
    """Takes letters for ever."""
    catcher = Catcher(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(catcher, enable_SMTPUTF8=True), "127.0.0.1", port)
    await server.serve_forever()


def main() -> None:
    """Serves until a signal."""
    smtp, web, folder = int(sys.argv[1]), int(sys.argv[2]), Folder(Path(sys.argv[3]))
    Pages.folder = folder
    pages = ThreadingHTTPServer(("127.0.0.1", web), Pages)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    asyncio.run(catch(folder, smtp))


if __name__ == "__main__":
    main()
