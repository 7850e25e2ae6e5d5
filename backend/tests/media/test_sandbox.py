"""Tests what a decoder may still do once it is confined, and its ThumbHash."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from messenger.features.media.decoder import sandbox
from messenger.features.media.decoder.thumbhash import thumbhash
from tests.hostile import scene

BACKEND = Path(sandbox.__file__).parents[4]
TRIED = {
    "opens a file": "open('/etc/hostname')",
    "makes a file": "open('/tmp/decoder', 'w')",
    "asks the network": "socket.socket()",
    "starts a process": "os.fork()",
    "runs a program": "os.execv('/bin/true', ['true'])",
    "ends a process": "os.kill(os.getppid(), 0)",
    "makes a file in memory": "os.memfd_create('a')",
    "deletes a file": "os.unlink('/tmp/decoder')",
    "looks for a file": "os.stat('/etc/hostname')",
    "follows a link": "os.readlink('/proc/self/exe')",
    "copies a descriptor": "os.dup(1)",
    "asks for signals": "fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid())",
    "signals itself": "signal.raise_signal(signal.SIGUSR1)",
    "becomes another person": "os.setuid(os.getuid())",
    "waits for a descriptor": "select.poll().poll(0)",
    "raises its limits": "resource.setrlimit(resource.RLIMIT_CPU, (60, 60))",
    "takes too much memory": "bytearray(800 * 1024 * 1024)",
}
MAY = {
    "starts a thread": "[(t := threading.Thread(target=int)).start(), t.join()]",
    "reads its limits": "resource.getrlimit(resource.RLIMIT_AS)",
    "takes memory": "bytearray(200 * 1024 * 1024)",
}


def confined(*actions: str) -> dict[str, str]:
    """Returns how each action of a confined process ended: `done`, or the name of its error."""
    program = f"""
import fcntl, json, os, resource, select, signal, socket, sys, threading
sys.path.insert(0, {str(BACKEND)!r})
from messenger.features.media.decoder import sandbox
found = {{"filter": str(sandbox.confine(sandbox.PICTURES))}}
for action in {list(actions)!r}:
    try:
        eval(action)
        found[action] = "done"
    except BaseException as error:
        found[action] = type(error).__name__
print(json.dumps(found))
"""
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=True, timeout=60)
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="the filter is Linux's")
def test_a_confined_process_does_nothing_but_compute() -> None:
    found = confined(*TRIED.values(), *MAY.values())
    assert found["filter"] == "True"
    assert {name: found[action] for name, action in MAY.items()} == dict.fromkeys(MAY, "done")
    errors = {"takes too much memory": "MemoryError", "raises its limits": "ValueError"}
    assert {name: found[action] for name, action in TRIED.items()} == {
        name: errors.get(name, "PermissionError") for name in TRIED
    }


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's part is Linux's")
def test_a_confined_process_ends_with_its_parent() -> None:
    waiting = f"""
import sys, time
sys.path.insert(0, {str(BACKEND)!r})
from messenger.features.media.decoder import sandbox
sandbox.confine(sandbox.PICTURES)
print("confined", flush=True)
time.sleep(600)
"""
    starting = f"import subprocess, sys; subprocess.run([sys.executable, '-I', '-c', {waiting!r}])"
    with subprocess.Popen([sys.executable, "-I", "-c", starting], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"confined\n"
        parent.kill()
        assert parent.stdout.read() == b"", "the pipe is closed when its last process ended"


@pytest.mark.parametrize(("column", "machine"), [(0, 0xC000003E), (1, 0xC00000B7)])
def test_no_jump_of_a_filter_leaves_it(column: int, machine: int) -> None:
    steps = sandbox.filter_of(column, machine)
    count = len(steps) // 8
    assert count <= 4096, "the kernel takes no more"
    for n in range(count):
        code, if_so, if_not = steps[8 * n], steps[8 * n + 2], steps[8 * n + 3]
        if code & 7 == 5:
            assert n + 1 + max(if_so, if_not) < count
    assert steps[8 * (count - 1)] == 0x06, "its last step is an answer"


def test_a_thumbhash_is_small_and_tells_the_shape() -> None:
    for size in ((32, 24), (24, 32), (32, 32), (32, 1)):
        image = scene(*size).convert("RGBA")
        made = thumbhash(*image.size, image.tobytes())
        assert len(made) <= 25
        assert bool(made[4] & 0x80) == (size[0] > size[1])
        assert not made[2] & 0x80, "opaque"
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    made = thumbhash(*image.size, image.tobytes())
    assert len(made) <= 25
    assert made[2] & 0x80


def test_a_thumbhash_keeps_the_mean_colour() -> None:
    red = Image.new("RGBA", (8, 8), (255, 0, 0, 255))
    made = thumbhash(8, 8, red.tobytes())
    first = int.from_bytes(made[:3], "little")
    assert (first & 63, first >> 6 & 63, first >> 12 & 63) == (21, 47, 63)
