"""Creations that may be repeated: `Idempotency-Key`, kept for a day."""

import hashlib
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Header
from starlette.requests import Request
from starlette.responses import Response

from messenger.db import repeats
from messenger.doors.deps import Changing, platform_of
from messenger.doors.reply import reply


class Once:
    """Runs a creation once per key.

    `await once(function, …)` answers 201 with the view that `function(tx, …)` returns.
    """

    def __init__(
        self,
        request: Request,
        me: Changing,
        key: Annotated[
            str | None, Header(alias="Idempotency-Key", min_length=1, max_length=64, pattern="^[!-~]+$")
        ] = None,
    ) -> None:
        self._request, self._me, self._key = request, me, key

    async def __call__(self, function: Callable[..., Any], *args: Any) -> Response:
        db = platform_of(self._request).db
        if self._key is None:
            return reply(await db.write(function, *args), 201)
        path = self._request.scope["path"]  # in `url` the host name is a part, which may be any nonsense
        digest = hashlib.blake2b(await self._request.body(), digest_size=16).hexdigest()
        key = repeats.Key(f"{self._me.user_id} {path} {self._key}", digest)
        answer = await db.write(repeats.once, key, function, *args)
        headers = {"idempotency-replayed": "true"} if answer.replayed else {}
        return reply(answer.body, 201, headers)


Creating = Annotated[Once, Depends(Once)]
