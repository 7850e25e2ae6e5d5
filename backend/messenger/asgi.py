"""The application for another ASGI server; sockets need `web-messenger serve`."""

import os

from messenger.assembly.app import create_app
from messenger.assembly.variables import Variables
from messenger.process import folder

os.umask(folder.OTHERS)
app = create_app(Variables.load())
