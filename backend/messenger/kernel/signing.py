"""Derives a key for each purpose from the one secret; makes keyed hashes and seals, which only this server can make."""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error, b2a_base64
from hashlib import blake2b
from typing import Final, NamedTuple

from messenger.kernel.events import Topic

MAC_BYTES: Final = 8
_TIME_BITS: Final = 48
_PLACE_BYTES: Final = 10
_FOR_ADDRESSES: Final = bytes.maketrans(b"+/", b"-_")


def derive(secret: bytes, purpose: str) -> bytes:
    """Returns a 512-bit key for one purpose."""
    return hmac.digest(secret, f"web-messenger {purpose}".encode(), "sha512")


def signature(secret: bytes, purpose: str, text: str) -> str:
    """Returns a keyed hash of `text`, 128 bits in hex; a hash made for another purpose never matches."""
    return _hash(secret, purpose, text)[:16].hex()


def token(secret: bytes, purpose: str, text: str) -> str:
    """Returns a keyed hash of `text`, 256 bits, for addresses and JSON.

    Such a token can be made again and need not be stored.
    """
    return urlsafe_b64encode(_hash(secret, purpose, text)).decode().rstrip("=")


def _hash(secret: bytes, purpose: str, text: str) -> bytes:
    return hmac.digest(derive(secret, purpose), text.encode(), "sha256")


class Seal(NamedTuple):
    """The content of a seal: the epoch in which the change was sealed, and the time of the change (ms).

    `is_genuine`: this server made the seal, and only it can; so the change was once in its history.
    """

    epoch: int
    at: int
    is_genuine: bool


class Seals:
    """Makes and reads the seals of a server. `key`: at most 64 bytes that only its processes know.

    `epoch`: the history line, as far as this process knows.
    """

    def __init__(self, key: bytes = b"") -> None:
        self._keyed = blake2b(key=key or os.urandom(32), digest_size=MAC_BYTES)
        self.epoch = 0

    def make(self, topic: Topic, ev: int, at: int, epoch: int | None = None) -> str:
        """Returns the seal of a change: 24 characters for JSON and addresses.

        `epoch`: for a seal that is made again later.
        """
        line = self.epoch if epoch is None else epoch
        place = (line << _TIME_BITS | at).to_bytes(_PLACE_BYTES, "big")
        # The same as `urlsafe_b64encode`, without its calls: this runs for every event.
        return b2a_base64(place + self._mac(topic, ev, place), newline=False).translate(_FOR_ADDRESSES).decode()

    def read(self, topic: Topic, ev: int, seal: str) -> Seal:
        """Returns the content of a seal; one that cannot be read is not genuine and has the time 0."""
        try:
            raw = urlsafe_b64decode(seal)
        except (Error, ValueError):
            raw = b""
        place, mac = raw[:_PLACE_BYTES], raw[_PLACE_BYTES:]
        epoch, at = divmod(int.from_bytes(place, "big"), 1 << _TIME_BITS)
        return Seal(epoch, at, hmac.compare_digest(mac, self._mac(topic, ev, place)))

    def sign(self, said: bytes) -> bytes:
        """Returns `MAC_BYTES` bytes that authenticate `said`: only this server can make them."""
        mac = self._keyed.copy()  # a hash that has read the key already
        mac.update(said)
        return mac.digest()

    def _mac(self, topic: Topic, ev: int, place: bytes) -> bytes:
        return self.sign(b"%b:%d:%d:%b" % (topic.kind.encode(), topic.id, ev, place))
