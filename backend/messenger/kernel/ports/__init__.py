"""The ports: interfaces that drivers implement. Each port has one contract test in `tests/ports`."""
