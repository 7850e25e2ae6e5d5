"""Keys for each purpose from the one secret, and keyed hashes: what only this server can make."""

import hmac
from base64 import urlsafe_b64encode


def derive(secret: bytes, purpose: str) -> bytes:
    """A 512-bit key of its own for each purpose."""
    return hmac.digest(secret, f"web-messenger {purpose}".encode(), "sha512")


def signature(secret: bytes, purpose: str, text: str) -> str:
    """A keyed hash of `text`, 128 bits in hex; one made for another purpose never fits."""
    return _hash(secret, purpose, text)[:16].hex()


def token(secret: bytes, purpose: str, text: str) -> str:
    """A keyed hash of `text`, 256 bits for addresses and JSON: a token that can be made again and need not be kept."""
    return urlsafe_b64encode(_hash(secret, purpose, text)).decode().rstrip("=")


def _hash(secret: bytes, purpose: str, text: str) -> bytes:
    return hmac.digest(derive(secret, purpose), text.encode(), "sha256")
