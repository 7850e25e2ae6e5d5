"""Measures the cost of a message to 500 sockets.

`.venv/bin/python bench/fanout.py [DEPTH] [postgres]`. One group, five people with a hundred sockets each, and one who
sends with `DEPTH` messages in flight. With 1, the default, no two deliveries share a write. The figure is CPU of one
message with its 500 deliveries, as in `send.py`.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from program import shown
from raw import Reader, Sender, connected
from rig import SETTLE_S, SOCKETS_EACH, Spent, Subject
from turns import Turn

PEOPLE, SECONDS = 5, 0.25


@asynccontextmanager
async def fan_out(
    subject: Subject, depth: int = 1, people: int = PEOPLE, sockets: int = SOCKETS_EACH
) -> AsyncIterator[Turn]:
    """Lets one person send to `readers` others with `sockets` sockets each."""
    (token, chat_id), *others = await subject.seats(1, people + 1)
    readers = await connected(Reader, subject.port, [token for token, _ in others for _ in range(sockets)])
    (sender,) = await connected(Sender, subject.port, [token])

    async def turn() -> Spent:
        before, acked = subject.spent(), Sender.acked
        await sender.begin(chat_id, depth, time.monotonic() + SECONDS)
        await asyncio.sleep(SETTLE_S)
        return subject.spent().since(before).each(Sender.acked - acked)

    yield turn
    for socket in (sender, *readers):
        socket.transport.close()


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word.isdecimal()]
    shown("fanout", partial(fan_out, depth=int(words[0])) if words else fan_out, has_reference=True)
