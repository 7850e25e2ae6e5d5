"""Measures uploads, photos and voice messages.

`.venv/bin/python bench/files.py`. An embedded server with an empty database, on disk, without limits of rate. Prints a
line for each question: megabytes of a plain upload for a second of CPU of the server, its join included; a photo of 12
megapixels from its last byte to its file (median and 95th percentile of the time, and CPU of the server with its
decoder, which is a process of its own); the bytes of the photo's variants and ThumbHash; and a voice message of a
minute, as a browser records it, with the same times as a photo. The photos are made here and take 2.2 MB each, as those
of a phone do. Last, on a server with the usual budget of bytes, a message over HTTP while nothing else runs, and while
four uploads and four downloads take all of the budget, in turns.
"""

import base64
import io
import os
import random
import threading
import time
import uuid
from array import array
from collections.abc import Callable, Iterator
from fractions import Fraction
from statistics import median, quantiles
from typing import Any

import av
import httpx
import psutil
import uvloop
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from rig import Server, helper, served

UPLOADS, UPLOAD_BYTES = 5, 100 * 1024 * 1024
PIECE = 5 * 1024 * 1024
PHOTOS = 20
MEGA = 1_000_000
PHOTO_SIZE = (4032, 3024)
VOICES, VOICE_S = 20, 60
RATE, SAMPLES = 48_000, 960


TURNS, MESSAGES, PAUSE_S = 6, 200, 0.02
CROWD = 4
"""People who upload, each with a connection, and as many who download."""


def _spent(server: Server) -> float:
    """Returns CPU-seconds of a server so far, with those of its processes that ended."""
    times = psutil.Process(server.pid).cpu_times()
    return server.spent().own + times.children_user + times.children_system


def _photo(seed: int) -> bytes:
    """Returns a JPEG of 12 megapixels: smooth areas, edges of all lengths, a faint texture and mild noise."""
    chance = random.Random(seed)
    picture = Image.frombytes("RGB", (8, 6), chance.randbytes(144)).resize(PHOTO_SIZE, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for _ in range(260):
        x, y = (chance.randrange(side) for side in PHOTO_SIZE)
        reach = min(900, int(25 * chance.paretovariate(1.1)))
        corners = [(x + chance.randint(-reach, reach), y + chance.randint(-reach, reach)) for _ in range(5)]
        draw.polygon(corners, tuple(chance.randbytes(3)))
    texture = Image.effect_noise((PHOTO_SIZE[0] // 3, PHOTO_SIZE[1] // 3), 6).resize(
        PHOTO_SIZE, Image.Resampling.BICUBIC
    )
    bands = []
    for band in picture.filter(ImageFilter.GaussianBlur(1.5)).split():
        textured = ImageChops.add(band, texture, offset=-128)
        bands.append(ImageChops.add(textured, Image.effect_noise(PHOTO_SIZE, 2), offset=-128))
    out = io.BytesIO()
    Image.merge("RGB", bands).save(out, "JPEG", quality=90)
    return out.getvalue()


def _recording(seed: int) -> bytes:
    """Returns a minute of noise of changing strength, as WebM with Opus."""
    chance = random.Random(seed)
    out = io.BytesIO()
    with av.open(out, "w", format="webm") as target:
        stream: Any = target.add_stream("libopus", rate=RATE, layout="mono")
        for n in range(VOICE_S * RATE // SAMPLES):
            frame = av.AudioFrame(format="s16", layout="mono", samples=SAMPLES)
            strength = chance.randrange(500, 12_000)
            frame.planes[0].update(array("h", (chance.randint(-strength, strength) for _ in range(SAMPLES))).tobytes())
            frame.sample_rate, frame.pts, frame.time_base = RATE, n * SAMPLES, Fraction(1, RATE)
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return out.getvalue()


def _uploaded(http: httpx.Client, data: bytes, wanted: str) -> tuple[dict[str, Any], float]:
    """Uploads bytes in one request; returns the file, and the seconds from its last byte until it was ready."""
    said = base64.b64encode(wanted.encode()).decode()
    head = {"upload-length": str(len(data)), "upload-metadata": f"as {said}"}
    place = http.post("/api/uploads", headers=head).headers["location"]
    left_at: list[float] = []

    def body() -> Iterator[bytes]:
        for at in range(0, len(data), 1024 * 1024):
            yield data[at : at + 1024 * 1024]
        left_at.append(time.monotonic())

    head = {"upload-offset": "0", "content-type": "application/offset+octet-stream", "content-length": str(len(data))}
    http.patch(place, content=body(), headers=head).raise_for_status()
    while (view := http.get(place, params={"wait": 25}).json())["state"] == "full":
        pass
    assert view["state"] == "done", view
    return view["file"], time.monotonic() - left_at[0]


def upload(server: Server, http: httpx.Client) -> None:
    """Prints what a plain upload costs."""
    before = _spent(server)
    for _ in range(UPLOADS):
        _uploaded(http, os.urandom(UPLOAD_BYTES), "file")
    spent = _spent(server) - before
    print(f"files: upload of {UPLOAD_BYTES / MEGA:.0f} MB: {UPLOADS * UPLOAD_BYTES / MEGA / spent:.0f} MB a CPU second")


def photo(server: Server, http: httpx.Client) -> None:
    """Prints how long a photo takes, what it costs, and how large it is."""
    originals = [_photo(seed) for seed in range(PHOTOS)]
    _uploaded(http, originals[0], "photo")
    before, took, files = _spent(server), [], []
    for original in originals:
        file, seconds = _uploaded(http, original, "photo")
        files.append(file)
        took.append(seconds)
    spent = (_spent(server) - before) / PHOTOS
    size = median(map(len, originals)) / MEGA
    print(
        f"files: photo of 12 MP ({size:.1f} MB), last byte to ready: p50 {1000 * median(took):.0f} ms, "
        f"p95 {1000 * quantiles(took, n=20)[18]:.0f} ms; {spent:.2f} CPU s"
    )
    sizes = {v: [one["size"] for file in files for one in file["variants"] if one["v"] == v] for v in "lms"}
    said = ", ".join(f"{v} {median(found) / 1000:.0f} KB" for v, found in sizes.items())
    hashed = max(len(base64.b64decode(file["thumbhash"])) for file in files)
    print(f"files: variants (median): {said}; ThumbHash at most {hashed} bytes")


def voice(server: Server, http: httpx.Client) -> None:
    """Prints how long a voice message of a minute takes, and what it costs."""
    recording = _recording(0)
    _uploaded(http, recording, "voice")
    before, took = _spent(server), []
    for _ in range(VOICES):
        file, seconds = _uploaded(http, recording, "voice")
        assert file["kind"] == "voice", file
        took.append(seconds)
    spent = (_spent(server) - before) / VOICES
    print(
        f"files: voice of {VOICE_S} s ({len(recording) / MEGA:.1f} MB, then {file['size'] / MEGA:.1f}), last byte to "
        f"ready: p50 {1000 * median(took):.0f} ms, p95 {1000 * quantiles(took, n=20)[18]:.0f} ms; {spent:.2f} CPU s"
    )


def _load(pipe: Any, url: str, tokens: list[str], file_id: int) -> None:
    """Uploads and downloads while the other end of the pipe says so; answers with the bytes of both."""
    running, moved = threading.Event(), [0, 0]

    def upload(http: httpx.Client) -> None:
        head = {"upload-length": str(UPLOAD_BYTES), "upload-metadata": "as ZmlsZQ=="}
        place = http.post("/api/uploads", headers=head).headers["location"]
        piece = {"content-type": "application/offset+octet-stream"}
        for at in range(0, UPLOAD_BYTES, PIECE):
            running.wait()
            http.patch(place, content=bytes(PIECE), headers=piece | {"upload-offset": str(at)}).raise_for_status()
            moved[0] += PIECE

    def download(http: httpx.Client) -> None:
        with http.stream("GET", f"/api/files/{file_id}/o") as answer:
            answer.raise_for_status()
            for chunk in answer.iter_raw(256 * 1024):
                running.wait()
                moved[1] += len(chunk)

    def again(work: Callable[[httpx.Client], None], token: str) -> None:
        with httpx.Client(base_url=url, headers={"authorization": f"Bearer {token}"}, timeout=60) as http:
            while True:
                work(http)

    for work, token in [(upload, one) for one in tokens] + [(download, tokens[0])] * CROWD:
        threading.Thread(target=again, args=(work, token), daemon=True).start()
    while True:
        (running.set if pipe.recv() else running.clear)()
        pipe.send(tuple(moved))


def beside(server: Server) -> None:
    """Prints how long a message takes while nothing else runs, and while files take all of their budget."""
    people = uvloop.run(server.people(1 + CROWD))
    me, *crowd = [one["access_token"] for one in people]
    tokens = {"authorization": f"Bearer {me}"}
    with httpx.Client(base_url=server.url, headers={"authorization": f"Bearer {crowd[0]}"}, timeout=60) as http:
        file, _ = _uploaded(http, os.urandom(UPLOAD_BYTES), "file")
    took: dict[bool, list[float]] = {False: [], True: []}
    moved, ran = [0, 0], 0.0
    with (
        httpx.Client(base_url=server.url, headers=tokens, timeout=60) as http,
        helper(_load, server.url, crowd, file["id"]) as (_, pipe),
    ):
        chat = http.post("/api/chats", json={"kind": "saved"}).json()["id"]
        for turn in range(TURNS):
            is_busy = turn % 2 == 1
            pipe.send(is_busy)
            before, began = pipe.recv(), time.monotonic()
            time.sleep(1)
            for n in range(MESSAGES):
                at = time.monotonic()
                body = {"text": f"message {turn} {n}", "client_msg_id": str(uuid.uuid4())}
                http.post(f"/api/chats/{chat}/messages", json=body).raise_for_status()
                took[is_busy].append(time.monotonic() - at)
                time.sleep(PAUSE_S)
            if is_busy:
                pipe.send(False)
                ran += time.monotonic() - began
                moved = [done + now - then for done, now, then in zip(moved, pipe.recv(), before, strict=True)]
    said = {}
    for is_busy, times in took.items():
        hundredths = quantiles(times, n=100)
        said[is_busy] = hundredths[49], hundredths[98]
    quiet, busy = said[False], said[True]
    print(
        f"files: a message: p50 {1000 * quiet[0]:.1f} ms, p99 {1000 * quiet[1]:.1f} ms; beside {CROWD} uploads "
        f"({moved[0] / MEGA / ran:.0f} MB/s) and {CROWD} downloads ({moved[1] / MEGA / ran:.0f} MB/s) "
        f"{1000 * busy[0]:.1f} and {1000 * busy[1]:.1f} ms: {busy[0] / quiet[0]:.2f} and {busy[1] / quiet[1]:.2f} times"
    )


if __name__ == "__main__":
    quota = {"FILES_RATE": "2GiB", "FILES_QUOTA": "1TiB"}
    with served(**quota) as under:
        (person,) = uvloop.run(under.people(1))
        token = {"authorization": f"Bearer {person['access_token']}"}
        with httpx.Client(base_url=under.url, headers=token, timeout=60) as client:
            upload(under, client)
            photo(under, client)
            voice(under, client)
    with served(FILES_QUOTA="1TiB") as under:
        beside(under)
