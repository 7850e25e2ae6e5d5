"""Keyed hashes: names that only this server can make."""

import hashlib
import hmac


def signature(secret: bytes, purpose: str, text: str) -> str:
    """A keyed hash of `text`, 128 bits in hex; one made for another purpose never fits."""
    key = hmac.digest(secret, purpose.encode(), "sha256")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]
