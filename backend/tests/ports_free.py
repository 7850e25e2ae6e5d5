"""Free ports for the servers of the tests."""

import random
import socket

OWN = range(20_000, 32_000)
"""Below those that outgoing connections are given: one of them could take a port while its server is away for a moment,
even by connecting to itself."""


def free_port() -> int:
    """A port nobody listens on."""
    while True:
        try:
            with socket.create_server(("127.0.0.1", random.choice(OWN))) as probe:
                return int(probe.getsockname()[1])
        except OSError:
            continue
