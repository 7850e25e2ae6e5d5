"""Connects a device to the socket: an independent client that checks every frame against the contract."""

import itertools
import json
import time
import uuid
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.contract import check_frame

SUBPROTOCOL = Subprotocol("web-messenger.v1")


def dial(url: str, **more: Any) -> ClientConnection:
    """Opens a socket that has not said hello."""
    return connect(url, subprotocols=[SUBPROTOCOL], compression=None, max_size=2**24, legacy=True, **more)


class Device:
    """Holds a socket that has said hello. `seen` has every frame in order, batches unpacked."""

    def __init__(self, url: str, token: str, **hello: Any) -> None:
        self._socket = dial(url)
        self._refs = itertools.count(1)
        self._sent: dict[str, str] = {}
        self.seen: list[dict[str, Any]] = []
        self._read = 0
        self.tell("hello", {"token": token, **hello})
        self.ready = self.expect("ready")
        self.resumed = self.expect("resumed")

    def __enter__(self) -> "Device":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def tell(self, type_: str, data: Any, *, escaped: bool = False) -> str:
        """Sends a frame, in ASCII if `escaped`; returns its ref."""
        ref = f"c{next(self._refs)}"
        self._sent[ref] = type_
        self._socket.send(json.dumps({"type": type_, "ref": ref, "data": data}, ensure_ascii=escaped))
        return ref

    def ask(self, type_: str, data: Any) -> dict[str, Any]:
        """Sends a frame and returns its `ack` or `error`."""
        ref = self.tell(type_, data)
        return self.expect("ack", "error", ref=ref)

    def say(self, chat_id: int, text: str, **more: Any) -> dict[str, Any]:
        """Sends a message, and returns the data of its ack."""
        data = {"chat_id": chat_id, "text": text, "client_msg_id": str(uuid.uuid4()), **more}
        answer = self.ask("message.send", data)
        assert answer["type"] == "ack", answer
        return dict(answer["data"])

    def expect(self, *types: str, timeout: float = 10, **fields: Any) -> dict[str, Any]:
        """Returns the next frame of one of these types with these fields; others stay in `seen`."""
        deadline = time.monotonic() + timeout
        while True:
            for place in range(self._read, len(self.seen)):
                frame = self.seen[place]
                if frame["type"] in types and all(frame.get(key) == value for key, value in fields.items()):
                    self._read = place + 1 if not fields else self._read
                    return frame
            self._receive(deadline)

    def events(self, topic: str) -> list[dict[str, Any]]:
        """Returns the events of a stream so far."""
        return [frame for frame in self.seen if frame.get("topic") == topic and "ev" in frame]

    def settle(self, seconds: float = 0.3) -> list[dict[str, Any]]:
        """Waits a little for late frames, and returns everything seen."""
        deadline = time.monotonic() + seconds
        try:
            while True:
                self._receive(deadline)
        except TimeoutError:
            return self.seen

    def closed(self, timeout: float = 10) -> int:
        """Waits for the end, and returns its close code."""
        deadline = time.monotonic() + timeout
        try:
            while True:
                self._receive(deadline)
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else 1006

    def cursors(self) -> dict[str, Any]:
        """Returns the cursors of this device, for the next hello."""
        streams = dict(self.ready["data"]["streams"])
        for frame in self.seen:
            if "ev" in frame:
                streams[frame["topic"]] = frame["ev"]
        return {"epoch": self.ready["data"]["epoch"], "streams": streams}

    def sealed(self) -> dict[str, Any]:
        """Returns the cursors of this device, for the next hello, with the seals it received."""
        heads, seals = self.ready["data"]["streams"], self.ready["data"]["seals"]
        streams = {topic: [heads[topic], seal] for topic, seal in seals.items()}
        streams |= {frame["topic"]: [frame["ev"], frame["seal"]] for frame in self.seen if "ev" in frame}
        return {"epoch": self.ready["data"]["epoch"], "streams": streams}

    def _receive(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"nothing more came; seen: {[frame['type'] for frame in self.seen]}")
        frame = json.loads(self._socket.recv(timeout=left))
        check_frame(frame, self._sent.get(frame.get("ref", ""), ""))
        if frame["type"] == "ping":
            self.tell("pong", {})
        self.seen.extend(frame["frames"] if frame["type"] == "batch" else [frame])
