"""Tests presence across processes."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import Pair
from tests.site import Site
from tests.wire import Device, dial
from tests.world import Person, World


@pytest.fixture(scope="module")
def pair(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder: Path = tmp_path_factory.mktemp("data")
    with site.two(folder, RATE_LIMITS="off") as running:
        yield running


def _device(person: Person, pair: Pair, process: int) -> Device:
    return Device(pair.processes[process].socket_url, person.tokens["access_token"])


def _state(device: Device, person: Person) -> bool:
    (one,) = device.ask("presence.watch", {"user_ids": [person.id]})["data"]["items"]
    return bool(one["online"])


def test_one_process_leaves_while_another_stays(pair: Pair) -> None:
    world = World(pair)
    ann, bob = world.people("ann", "bob")
    world.direct(ann, bob)
    with _device(bob, pair, 0) as watching, _device(ann, pair, 1):
        assert _state(watching, ann), "known at once, though she is at another process"
        _device(ann, pair, 0).__exit__()
        assert not [one for one in watching.settle(12) if one["type"] == "presence"]


def test_who_was_on_a_killed_process_is_gone_after_a_while(pair: Pair) -> None:
    world = World(pair)
    ann, bob = world.people("ann", "bob")
    world.direct(ann, bob)
    with _device(bob, pair, 0) as watching:
        _device(ann, pair, 1)
        assert _state(watching, ann)
        pair.processes[1].kill()
        began = time.monotonic()
        gone = watching.expect("presence", timeout=25)["data"]
        assert (gone["user_id"], gone["online"]) == (ann.id, False)
        assert time.monotonic() - began > 5, "a slow process is not a dead one"
    pair.processes[1].start()


def test_sockets_of_a_person_are_counted_together(pair: Pair) -> None:
    ann = World(pair).person("ann")
    devices = [_device(ann, pair, place % 2) for place in range(10)]
    with dial(pair.processes[0].socket_url) as socket:
        socket.send(json.dumps({"type": "hello", "data": {"token": ann.tokens["access_token"]}}))
        with pytest.raises(Exception) as caught:
            while True:
                socket.recv(timeout=10)
        assert caught.value.rcvd.code == 4429  # type: ignore[attr-defined]
    for device in devices:
        device.__exit__()


def test_a_session_that_ends_on_one_process_ends_on_the_other(pair: Pair) -> None:
    world = World(pair)
    ann = world.person("ann")
    again = world.again(ann)
    devices = [_device(again, pair, 0), _device(again, pair, 1)]
    ann.delete("/api/users/me/sessions", others="true")
    assert [device.closed(5) for device in devices] == [4403, 4403]
