"""A small clamd: speaks the protocol of ClamAV's server, and knows one signature. It may also misbehave."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Literal

EICAR: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR_STANDARD_ANTIVIRUS_TEST_FILE!$H+H*".replace(b"_", b"-")
"""The harmless file that every scanner knows; made here, so that no scanner stops at this module."""
SIGNATURE: Final = "Eicar-Test-Signature"
Mood = Literal["well", "hangs", "closes", "early", "garbles", "refuses", "stops reading"]


class Scanner(socketserver.ThreadingTCPServer):
    """Listens on a port that the system chooses. `mood`: how it behaves; `most`: `StreamMaxLength`; `seen`: the sizes
    of the files that it judged; `signature`: the bytes that it finds; `named`: how it calls them.
    """

    allow_reuse_address, daemon_threads = True, True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.mood: Mood = "well"
        self.most = 100 * 1024 * 1024
        self.seen: list[int] = []
        self.signature, self.named = EICAR, SIGNATURE
        self.is_over = threading.Event()

    @property
    def url(self) -> str:
        """Returns its address, as `SCAN_URL` names it."""
        return f"clamd://127.0.0.1:{self.server_address[1]}"


class _Line(socketserver.StreamRequestHandler):
    server: Scanner

    def handle(self) -> None:
        mood = self.server.mood
        command = self._word()
        if mood == "closes":
            return
        if mood in ("hangs", "stops reading"):
            if mood == "hangs" and command == b"zINSTREAM":
                self._judged()
            self.server.is_over.wait()
            return
        if command == b"zPING":
            self._say("PONG" if mood != "garbles" else "HELLO")
        elif command == b"zINSTREAM":
            self._say("stream: OK" if mood == "early" else self._judged())
        else:
            self._say("UNKNOWN COMMAND")

    def _judged(self) -> str:
        """Reads a file as clamd does, and returns its answer; nothing of a file whose end did not come."""
        data = b""
        while (head := self.rfile.read(4)) != bytes(4):
            if len(head) < 4:
                return ""
            size = int.from_bytes(head, "big")
            if len(data) + size > self.server.most:
                return "INSTREAM size limit exceeded. ERROR"
            data += self.rfile.read(size)
        self.server.seen.append(len(data))
        if self.server.mood == "garbles":
            return "\x01stream OK maybe"
        if self.server.mood == "refuses":
            return "stream: Can't allocate memory ERROR"
        return f"stream: {self.server.named} FOUND" if self.server.signature in data else "stream: OK"

    def _word(self) -> bytes:
        """Returns the command: in the form with `z`, which a NUL ends."""
        word = b""
        while (one := self.rfile.read(1)) not in (b"", b"\0"):
            word += one
        return word

    def _say(self, words: str) -> None:
        if not words:
            return
        self.wfile.write(words.encode() + b"\0")


@contextmanager
def scanner() -> Iterator[Scanner]:
    """Yields a scanner that listens."""
    with Scanner() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.is_over.set()
            server.shutdown()
            thread.join()
