"""The application for an ASGI server of one's own; sockets need `web-messenger serve`."""

from messenger.assembly.app import create_app
from messenger.settings import load

app = create_app(load())
