"""The sockets in the wall: what a driver must offer. One contract test per port in `tests/ports`."""
