"""Tests that an ended session loses its sockets, even if the server missed the end (I18)."""

import asyncio
from pathlib import Path

from messenger.db.tx import Tx
from messenger.realtime import gateway
from tests.inside import Inside, inside
from tests.world import PASSWORD


async def _sign_in(app: Inside) -> tuple[int, str]:
    """Returns another session of ann: its id and its access token."""
    answer = await app.call("POST", "/api/auth/login", {"email": "ann@example.org", "password": PASSWORD})
    return answer["session_id"], answer["access_token"]


def _change(tx: Tx, change: str, session_id: int) -> None:
    tx.run(f"UPDATE sessions SET {change} WHERE id = :id", {"id": session_id, "now": tx.now})


def test_an_end_without_any_event_is_found_out(tmp_path: Path, url: str) -> None:
    """Sessions end and expire in the database alone; the sockets of other sessions stay."""
    assert gateway.SWEEP_S < 5, "together with its statement less than promised"

    async def scenario() -> None:
        async with inside(tmp_path, database_url=url) as app:
            body = {"email": "ann@example.org", "password": PASSWORD, "name": "ann"}
            await app.call("POST", "/api/auth/register", body)
            (ended, first), (expired, second), (_, third) = [await _sign_in(app) for _ in range(3)]
            devices = [await app.socket(token) for token in (first, first, second, third)]
            await app.platform.db.write(_change, "ended_at = :now", ended)
            await app.platform.db.write(_change, "expires_at = :now", expired)
            for _ in range(400):
                if all(device.code for device in devices[:3]):
                    break
                await asyncio.sleep(0.02)
            assert [device.code for device in devices] == [4403, 4403, 4403, 0]

    asyncio.run(scenario())
