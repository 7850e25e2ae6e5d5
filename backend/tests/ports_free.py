"""Finds free ports for the servers of the tests."""

import random
import socket

OWN = range(20_000, 32_000)
"""The ports to choose from, below those of outgoing connections.

An outgoing connection could take a port while its server is away for a moment, even by connecting to itself.
"""


def free_port() -> int:
    """Returns a free port."""
    while True:
        try:
            with socket.create_server(("127.0.0.1", random.choice(OWN))) as probe:
                return int(probe.getsockname()[1])
        except OSError:
            continue
