"""Tests a lock that another program holds in the database: requests that need it are refused in time, others go on."""

import time
from pathlib import Path

import psycopg

from tests import migrated
from tests.postgres import Cluster
from tests.server import started
from tests.world import World


def test_a_held_chat_is_busy_and_others_go_on(cluster: Cluster, tmp_path: Path) -> None:
    database = migrated.scaled(cluster)
    with started(tmp_path, DATABASE_URL=database, RATE_LIMITS="off") as served:
        world = World(served)
        ann, *others = world.people("ann", *(f"p{n}" for n in range(8)))
        held, *chats = [world.direct(ann, other) for other in others]
        with psycopg.connect(database) as holder:
            holder.execute("SELECT ev FROM streams WHERE kind = 'chat' AND id = %s FOR UPDATE", (held,))
            began = time.monotonic()
            answer = ann.http.post(f"/api/chats/{held}/messages", json={"text": "busy"})
            assert (answer.status_code, answer.json()["code"]) == (503, "server.busy")
            assert time.monotonic() - began < 9
            for chat in chats:  # of every lane, the held one included
                ann.say(chat, "on")
        ann.say(held, "free")
        assert [one["text"] for one in ann.history(held)] == ["free"]
