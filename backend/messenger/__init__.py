"""A self-hosted messenger for the web: the server."""

__version__ = "0.1.0"
