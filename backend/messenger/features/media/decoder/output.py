"""The output of a decoder: blocks of bytes, each after its size (4 bytes)."""

import json
import sys
from typing import Any


def json_of(facts: dict[str, Any]) -> bytes:
    """Returns facts as a block."""
    return json.dumps(facts).encode()


def write(block: bytes) -> None:
    """Writes a block."""
    sys.stdout.buffer.write(len(block).to_bytes(4, "big") + block)
