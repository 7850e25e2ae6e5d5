"""Tests films and animated pictures: what becomes of them, what they no longer say, and hostile ones."""

import asyncio
import base64
import contextlib
import io
import struct
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import httpx
import psutil
import pytest
from PIL import Image, ImageDraw

from messenger.features.media.making import films, sounds
from tests.features.test_uploads import moved_clock, read, uploaded
from tests.hostile import flipped, gif, scene
from tests.media.repeated import check_repeat
from tests.media.test_photos import opened, variant
from tests.recordings import CANARY, PLACE, Camera, film
from tests.world import Person, World

__all__ = ["moved_clock"]
pytestmark = pytest.mark.skipif(not sounds.HAS_AV, reason="web-messenger[media] is not installed")
LOOKS = ("width", "height", "thumbhash", "duration_ms", "variants")


def filmed(who: Person, data: bytes, filename: str = "Утро.MOV") -> dict[str, Any]:
    return uploaded(who, data, filename=filename, as_="video")


def played(answer: httpx.Response) -> av.container.InputContainer:
    """Returns what is in an MP4 of ours, which says nothing but its pictures and its sound."""
    assert answer.status_code == 200, answer.text
    data = answer.content
    assert data.index(b"moov") < data.index(b"mdat"), "a player begins before the end is there"
    for told in (CANARY.encode(), PLACE.encode(), b"Lavf", b"com.apple", b"\xa9xyz", b"loci"):
        assert told not in data
    assert data.partition(b"mdat")[0].count(b"ilst") <= data.count(b"\0\0\0\x08ilst"), "its list of words is empty"
    return av.open(io.BytesIO(data), "r", format="mp4")


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_a_film_is_copied_into_an_mp4_that_says_nothing_else(world: World, codec: str) -> None:
    ann = world.person("ann")
    data = film(camera=Camera(codec=codec))
    assert PLACE.encode() in data
    assert b"com.apple" in data
    with ann.device() as device:
        file = filmed(ann, data)
        ready = device.expect("file.ready", timeout=30)["data"]
    assert (file["kind"], file["name"], file["type"]) == ("video", "Утро.mp4", "video/mp4")
    assert (file["width"], file["height"]) == (640, 360)
    assert 1900 <= file["duration_ms"] <= 2200
    assert {name: ready[name] for name in LOOKS} == {name: file[name] for name in LOOKS}
    answer = variant(ann, file, "play")
    found = played(answer)
    assert [one.codec_context.name for one in found.streams] == [
        codec.replace("libx", "h").replace("h265", "hevc"),
        "aac",
    ]
    assert (b"hvc1" in answer.content) == (codec == "libx265"), "Safari knows HEVC by that name"
    assert len(list(found.decode(video=0))) == 60
    assert answer.headers["content-type"] == "video/mp4"
    poster = variant(ann, file, "poster")
    assert opened(poster).size == (640, 360)
    assert file["variants"] == [
        {"v": "play", "type": "video/mp4", "size": len(answer.content), "w": 640, "h": 360},
        {"v": "poster", "type": "image/webp", "size": len(poster.content), "w": 640, "h": 360},
    ]
    assert len(base64.b64decode(file["thumbhash"])) <= 25
    assert read(ann, file).json()["code"] == "file.not_found", "the original is not kept"
    assert ann.get("/api/users/me/storage")["used"] == len(answer.content) + len(poster.content)
    part = variant(ann, file, "play", range="bytes=4-7")
    assert (part.status_code, part.content) == (206, b"ftyp")


def brightness(image: Image.Image, x: float, y: float) -> int:
    pixel = image.convert("L").getpixel((int(image.width * x), int(image.height * y)))
    assert isinstance(pixel, int)
    return pixel


@pytest.mark.parametrize(("held", "bright"), [(0, (0.1, 0.5)), (90, (0.5, 0.9)), (180, (0.9, 0.5)), (-90, (0.5, 0.1))])
def test_a_poster_is_upright_as_the_film_is_played(world: World, held: int, bright: tuple[float, float]) -> None:
    """The matrix of a film says how a camera was held. The left half is bright: after a turn to the left, the lower."""
    ann = world.person("ann")
    file = filmed(ann, film(1, (320, 180), Camera(held=held)))
    assert (file["width"], file["height"]) == ((180, 320) if held in (90, -90) else (320, 180))
    picture = opened(variant(ann, file, "poster"))
    assert picture.size == (file["width"], file["height"])
    x, y = bright
    assert brightness(picture, x, y) > 180
    assert brightness(picture, 1 - x, 1 - y) < 80
    frame = next(played(variant(ann, file, "play")).decode(video=0))
    assert frame.rotation % 360 == held % 360, "the copy is played as the original"


def test_a_large_film_has_a_small_poster(world: World) -> None:
    ann = world.person("ann")
    file = filmed(ann, film(0.2, (1920, 1080)))
    assert (file["width"], file["height"]) == (1920, 1080)
    assert opened(variant(ann, file, "poster")).size == (960, 540)


@pytest.mark.parametrize(
    "camera",
    [Camera("webm", "libvpx", "libopus"), Camera("mp4", "mpeg4", "aac"), Camera("mov", "libx264", "pcm_s16le")],
    ids=str,
)
def test_what_browsers_may_not_play_keeps_its_original_beside_a_poster(world: World, camera: Camera) -> None:
    ann = world.person("ann")
    data = film(camera=camera)
    file = filmed(ann, data, "a.film")
    assert (file["kind"], file["name"], file["size"]) == ("video", "a.film", len(data))
    assert 1900 <= file["duration_ms"] <= 2200
    (poster,) = file["variants"]
    assert (poster["v"], variant(ann, file, "play").status_code) == ("poster", 404)
    answer = read(ann, file)
    assert answer.content == data
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert ann.get("/api/users/me/storage")["used"] == len(data) + poster["size"]


def test_a_film_without_a_length_is_measured(world: World) -> None:
    """A recorder that writes as it goes cannot say at the beginning how long it will be."""
    out = io.BytesIO()

    class Pipe:
        write = out.write

    target = av.open(Pipe(), "w", format="webm")
    source = av.open(io.BytesIO(film(camera=Camera("webm", "libvpx", ""))), "r", format="matroska")
    stream = target.add_stream_from_template(source.streams.video[0])
    for packet in source.demux(video=0):
        if packet.dts is not None:
            packet.stream = stream
            target.mux(packet)
    target.close()
    assert av.open(io.BytesIO(out.getvalue()), "r", format="matroska").duration is None
    file = filmed(world.person("ann"), out.getvalue(), "a.webm")
    assert 1900 <= file["duration_ms"] <= 2100


def animated(kind: str, frames: int = 6, size: tuple[int, int] = (300, 201), ms: int = 80) -> bytes:
    """Returns an animated picture in which a bar moves."""
    images = []
    for n in range(frames):
        image = scene(*size)
        ImageDraw.Draw(image).rectangle((n * 7 % size[0], 0, n * 7 % size[0] + 5, size[1]), "red")
        images.append(image)
    out = io.BytesIO()
    images[0].save(out, kind, save_all=True, append_images=images[1:], duration=ms, loop=0)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_an_animated_picture_becomes_a_film(world: World, kind: str) -> None:
    ann = world.person("ann")
    file = uploaded(ann, animated(kind), filename=f"a.{kind.lower()}", as_="photo")
    assert (file["kind"], file["name"], file["type"]) == ("gif", "a.mp4", "video/mp4")
    assert (file["width"], file["height"], file["duration_ms"]) == (300, 200, 480)
    assert [one["v"] for one in file["variants"]] == ["play", "poster"]
    found = played(variant(ann, file, "play"))
    assert [one.codec_context.name for one in found.streams] == ["h264"]
    assert len(list(found.decode(video=0))) == 6
    assert opened(variant(ann, file, "poster")).size == (300, 200)
    assert read(ann, file).status_code == 404


@pytest.mark.parametrize(
    "made", [lambda: gif(100, 100, 1), lambda: animated("GIF", 250, (20, 20))], ids=["still", "250 frames"]
)
def test_what_does_not_move_or_moves_too_long_is_a_photo(world: World, made: Callable[[], bytes]) -> None:
    ann = world.person("ann")
    file = uploaded(ann, made(), filename="a.gif", as_="photo")
    assert (file["kind"], [one["v"] for one in file["variants"]]) == ("photo", ["l", "m", "s"])


def tracks(count: int) -> bytes:
    """Returns an MP4 with that many tracks."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as target:
        streams: list[Any] = [target.add_stream("aac", rate=48_000, layout="mono") for _ in range(count)]
        for stream in streams:
            target.mux(stream.encode(None))
    return out.getvalue()


def huge() -> bytes:
    """Returns an MP4 whose pictures claim 16,384 x 16,384 px."""
    data = bytearray(film(0.5, camera=Camera("mp4")))
    at = data.index(b"avc1", data.index(b"stsd"))
    data[at + 28 : at + 32] = struct.pack(">HH", 16_384, 16_384)
    return bytes(data)


PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
HOSTILE: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "24 playlist called mp4": (lambda: PLAYLIST, {"file"}),
    "24 playlist behind a box": (lambda: b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + PLAYLIST, {"file"}),
    "25 mp4 cut before moov": (lambda: film(camera=Camera("mp4")).partition(b"moov")[0], {"file"}),
    "26 mp4 with flipped bytes": (lambda: flipped(film(3, camera=Camera("mp4")), 300), {"file", "video"}),
    "26 webm with flipped bytes": (
        lambda: flipped(film(3, camera=Camera("webm", "libvpx", "libopus")), 300),
        {"file", "video"},
    ),
    "27 mp4 of 268 megapixels": (huge, {"file", "video"}),
    "27 mp4 of 1000 tracks": (lambda: tracks(1000), {"file"}),
    "28 webm that never ends": (lambda: film(camera=Camera("webm", "libvpx", "libopus")) * 20, {"file", "video"}),
    "sound alone": (lambda: film(camera=Camera("mp4")).replace(b"vide", b"soun"), {"file"}),
    "nothing": (lambda: b"", {"file"}),
}
"""The makers of hostile films, and what may come of them."""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_film_is_never_shown_as_it_came(world: World, name: str) -> None:
    ann = world.person("ann")
    make, kinds = HOSTILE[name]
    data = make()
    file = uploaded(ann, data, filename="a.mp4", filetype="video/mp4", as_="video")
    assert file["kind"] in kinds
    names = [one["v"] for one in file.get("variants", ())]
    if "play" in names:
        played(variant(ann, file, "play"))
        assert read(ann, file).status_code == 404
    else:
        answer = read(ann, file)
        assert answer.content == data
        assert answer.headers["content-disposition"].startswith("attachment; ")
        assert variant(ann, file, "play").status_code == 404
    if "poster" in names:
        opened(variant(ann, file, "poster"))


def made(data: bytes, size: int | None = None) -> tuple[films.Film, bytes]:
    """Returns a film and its MP4; `size`: how large its original is said to be."""

    async def run() -> tuple[films.Film, bytes]:
        with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
            source.write(data)
            found = await films.film(source, target, "video/mp4", len(data) if size is None else size)
            target.seek(0)
            return found, target.read()

    return asyncio.run(run())


def test_a_copy_that_grows_too_much_is_not_made() -> None:
    data = film(20, (1280, 720), Camera("mp4"))
    assert len(data) > films.SLACK
    found, _ = made(data, 1)
    assert not found.is_written


def test_a_repeat_writes_the_same_film_again() -> None:
    data = film(camera=Camera("mp4"))
    found, copy = made(data)
    assert (found, copy) == made(data)
    assert len(copy) <= len(data) * films.GROWTH


def kill_decoder() -> None:
    """Kills the first decoder that this process runs."""
    for _ in range(5000):
        for one in psutil.Process().children():
            with contextlib.suppress(psutil.Error):
                if "film" in one.cmdline():
                    one.kill()
                    return
        time.sleep(0.001)


def test_a_decoder_that_is_killed_is_begun_once_more() -> None:
    data = film(camera=Camera("mp4"))

    async def run() -> tuple[films.Film, bytes]:
        with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
            source.write(data)
            found, _ = await asyncio.gather(
                films.film(source, target, "video/mp4", len(data)), asyncio.to_thread(kill_decoder)
            )
            target.seek(0)
            return found, target.read()

    assert asyncio.run(run()) == made(data)


def test_a_job_that_fails_at_its_end_leaves_one_film(
    tmp_path: Path, moved_clock: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    check_repeat(tmp_path, moved_clock, monkeypatch, (film(), "video"), ("*-p*", 2))
