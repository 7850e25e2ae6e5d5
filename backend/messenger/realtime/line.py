"""The history line that a process follows, and its change when the database was rewound."""

import logging

from messenger.db import journal
from messenger.db.database import Database
from messenger.kernel.errors import AppError
from messenger.realtime.connection import Connection
from messenger.realtime.hub import Hub

log = logging.getLogger("messenger.realtime")


class Line:
    """The epoch of this process, which is also that of its seals."""

    def __init__(self, db: Database, hub: Hub) -> None:
        self._db, self._hub = db, hub
        self._epoch = db.seals.epoch

    async def begin(self, above: int, spared: Connection | None = None) -> None:
        """Begins a history line with an epoch above `above`: the database was rewound. Once for all processes.

        Every hearer but `spared` comes back and loads everything anew.
        """
        self._follow(await self._db.write(journal.raise_epoch, above, self._epoch), spared)

    async def answer_rewind(self) -> None:
        """Begins a line after the hub delivered events that the database does not hold.

        While the database is away, each sweep tries again.
        """
        try:
            await self.begin(self._epoch)
        except AppError as error:
            log.warning("history was rewound, but a new history line cannot begin yet: %s", error.code)

    async def heed(self) -> None:
        """Checks whether another process, or the operator, began a history line, or the database lost ours."""
        epoch = await self._db.read(journal.epoch)
        if epoch < self._epoch:
            await self.begin(epoch)
        else:
            self._follow(epoch)

    def _follow(self, epoch: int, spared: Connection | None = None) -> None:
        if epoch > self._epoch:
            log.warning("history was rewound: epoch %d begins, and every device loads its chats anew", epoch)
            self._epoch = self._db.seals.epoch = epoch
            self._hub.drop_all(spared)
