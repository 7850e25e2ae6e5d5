"""Lets people write to each other through faults, and compares the views of all of them."""

import threading
import time
import uuid
from typing import Any

import httpx
from websockets.exceptions import WebSocketException

from tests.server import Pair
from tests.wire import Device
from tests.world import Person, World

SENDERS = 4
RATE = 50
"""Sends a second, of all senders together."""
PATIENCE_S = 30


class Writer(threading.Thread):
    """Sends numbered messages, each until its answer is definite, to either process."""

    def __init__(self, load: "Load", number: int) -> None:
        super().__init__(daemon=True)
        self._load, self._number = load, number
        self.acked: dict[str, int] = {}
        self.acked_at: dict[int, float] = {}
        self.refusals = 0

    def run(self) -> None:
        load, count = self._load, 0
        home = load.homes[self._number % len(load.homes)]
        while not load.is_over.wait(SENDERS / RATE):
            body = {"text": f"{self._number}:{count}", "client_msg_id": str(uuid.uuid4())}
            count += 1
            while True:
                url = load.pair.processes[home % 2].url
                try:
                    answer = load.post(url, body)
                except httpx.HTTPError:
                    self.refusals += 1
                    home += 1
                    time.sleep(0.05)
                    continue
                if answer.is_success:  # 200: it had been committed, only the answer was lost
                    seq = answer.json()["seq"]
                    self.acked[body["client_msg_id"]], self.acked_at[seq] = seq, time.monotonic()
                    break
                self.refusals += 1
                assert answer.status_code == 503, answer.text
                time.sleep(0.1)


class Reader(threading.Thread):
    """Keeps the messages of a chat as a device does, and resumes with its cursors when its socket ends."""

    def __init__(self, load: "Load", home: int) -> None:
        super().__init__(daemon=True)
        self._load, self._home = load, home
        self.seqs: list[int] = []
        self.arrivals: dict[int, float] = {}
        self.error = ""

    def run(self) -> None:
        cursors: dict[str, Any] = {"epoch": 1, "streams": dict(self._load.start)}
        while not self._load.is_done.is_set():
            url = self._load.pair.processes[self._home % 2].socket_url
            try:
                with Device(url, self._load.reader.tokens["access_token"], **cursors) as device:
                    self._follow(device, cursors)
            except (OSError, WebSocketException, TimeoutError):
                self._home += 1
                time.sleep(0.1)
            except AssertionError as error:
                self.error = str(error)
                return

    def _follow(self, device: Device, cursors: dict[str, Any]) -> None:
        place, topic = 0, f"chat:{self._load.chat}"
        try:
            while not self._load.is_done.is_set():
                device.settle(0.2)
                place = self._take(device, place, topic)
        finally:
            self._take(device, place, topic)
            cursors["streams"] = device.cursors()["streams"]

    def _take(self, device: Device, place: int, topic: str) -> int:
        for frame in device.seen[place:]:
            assert frame["type"] != "resync", frame
            if frame["type"] == "message.created" and frame["topic"] == topic:
                self.seqs.append(frame["data"]["seq"])
                self.arrivals[frame["data"]["seq"]] = time.monotonic()
        return len(device.seen)


class Load:
    """Sends 50 messages a second, with devices on both processes, in a `with`; `check` compares afterwards.

    `homes`: the first processes of the senders.
    """

    def __init__(self, pair: Pair, homes: tuple[int, ...] = (0, 1)) -> None:
        self.pair, self.homes = pair, homes
        world = World(pair)
        self.writer, self.reader = world.people("ann", "bob")
        self.chat = world.direct(self.writer, self.reader)
        at_ev = self.reader.get(f"/api/chats/{self.chat}")["at_ev"]
        self.start = {f"chat:{self.chat}": at_ev}
        self.is_over, self.is_done = threading.Event(), threading.Event()
        self._writers = [Writer(self, number) for number in range(SENDERS)]
        self.readers = [Reader(self, 0), Reader(self, 1)]
        self._http = httpx.Client(headers={"authorization": f"Bearer {self.writer.tokens['access_token']}"}, timeout=5)

    def __enter__(self) -> "Load":
        for thread in (*self.readers, *self._writers):
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        for writer in self._writers:
            writer.join(PATIENCE_S)
            assert not writer.is_alive(), "a send got no answer"

    def post(self, url: str, body: dict[str, Any]) -> httpx.Response:
        """Sends a message to a process."""
        return self._http.post(f"{url}/api/chats/{self.chat}/messages", json=body)

    @property
    def acked(self) -> dict[str, int]:
        """Returns the seq of each acknowledged message by its `client_msg_id`."""
        return {cmid: seq for writer in self._writers for cmid, seq in writer.acked.items()}

    @property
    def refusals(self) -> int:
        """Returns the number of failed tries of all sends."""
        return sum(writer.refusals for writer in self._writers)

    def go_on(self, least: int = 20) -> None:
        """Waits until `least` more sends are acknowledged."""
        before, deadline = len(self.acked), time.monotonic() + PATIENCE_S + 2 * least / RATE
        while len(self.acked) < before + least:
            assert time.monotonic() < deadline, "sends did not resume"
            time.sleep(0.05)

    def lateness(self, since: float, until: float) -> list[float]:
        """Returns the seconds from acknowledgement to arrival of the messages of a period, at each device."""
        acked_at = {seq: at for writer in self._writers for seq, at in writer.acked_at.items() if since <= at <= until}
        return [
            max(0.0, reader.arrivals[seq] - at)
            for reader in self.readers
            for seq, at in acked_at.items()
            if seq in reader.arrivals
        ]

    def check(self) -> None:
        """Checks that every acknowledged message is in the history once, and that every device has the history."""
        history = self._history(self.writer)
        seqs = [one["seq"] for one in history]
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
        kept = {one["client_msg_id"]: one["seq"] for one in history if one.get("client_msg_id")}
        assert len({one["client_msg_id"] for one in history}) == len(history), "each message once"
        assert self.acked.items() <= kept.items()
        deadline = time.monotonic() + PATIENCE_S
        while any(len(reader.seqs) < len(seqs) and not reader.error for reader in self.readers):
            if time.monotonic() > deadline:
                break
            time.sleep(0.1)
        self.is_done.set()
        for reader in self.readers:
            reader.join(10)
            assert not reader.error
            assert reader.seqs == seqs, "a device has the history, in its order"

    def _history(self, person: Person) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        after = 0
        while page := person.history(self.chat, after=after, limit=100):
            found += page
            after = page[-1]["seq"]
        return found
