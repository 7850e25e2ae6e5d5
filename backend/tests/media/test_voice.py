"""Tests voice messages: what becomes of a recording, who reads it, what a message with one holds, and hostile ones."""

import asyncio
import base64
import io
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import httpx
import pytest

from messenger.features.media.making import children, sounds
from tests.features.test_uploads import Uploader, kept, moved_clock, read, settled, uploaded
from tests.hostile import flipped, saved, scene
from tests.inside import inside
from tests.media.repeated import check_repeat
from tests.media.test_photos import variant
from tests.recordings import CANARY, KINDS, recording
from tests.world import Person, World

__all__ = ["moved_clock"]
pytestmark = pytest.mark.skipif(not sounds.HAS_AV, reason="web-messenger[media] is not installed")


def spoken(who: Person, data: bytes, filename: str = "Голос.webm") -> dict[str, Any]:
    return uploaded(who, data, filename=filename, as_="voice")


def heard(answer: httpx.Response) -> av.container.InputContainer:
    """Returns what is in a voice message, which says nothing but its sound."""
    assert answer.status_code == 200, answer.text
    data = answer.content
    assert data.index(b"moov") < data.index(b"mdat"), "a player begins before the end is there"
    assert CANARY.encode() not in data
    assert b"Lavf" not in data
    return av.open(io.BytesIO(data), "r", format="mp4")


@pytest.mark.parametrize("kind", KINDS)
def test_a_recording_becomes_what_every_browser_plays(world: World, kind: str) -> None:
    ann = world.person("ann")
    with ann.device() as device:
        file = spoken(ann, recording(2, kind))
        ready = device.expect("file.ready", timeout=20)["data"]
    assert (file["kind"], file["name"], file["type"]) == ("voice", "Голос.m4a", "audio/mp4")
    assert 1950 <= file["duration_ms"] <= 2150
    assert {name: ready[name] for name in ("duration_ms", "peaks", "variants")} == {
        name: file[name] for name in ("duration_ms", "peaks", "variants")
    }
    answer = variant(ann, file, "play")
    found = heard(answer)
    (stream,) = found.streams
    assert (stream.codec_context.name, stream.type) == ("aac", "audio")
    assert isinstance(stream, av.AudioStream)
    assert (stream.rate, stream.channels) == (48_000, 1)
    assert found.duration is not None
    assert abs(found.duration / 1000 - file["duration_ms"]) < 100
    assert answer.headers["content-type"] == "audio/mp4"
    assert file["variants"] == [{"v": "play", "type": "audio/mp4", "size": len(answer.content), "w": 0, "h": 0}]
    assert file["size"] == len(answer.content)
    assert read(ann, file).json()["code"] == "file.not_found", "the original is not kept"
    assert ann.get("/api/users/me/storage")["used"] == len(answer.content)


def test_the_heights_follow_the_sound(world: World) -> None:
    bars = base64.b64decode(spoken(world.person("ann"), recording(3))["peaks"])
    assert len(bars) == 100
    assert max(bars) == 255
    assert all(20 < one < 50 for one in bars[5:45])
    assert all(one > 200 for one in bars[55:95])


def test_our_page_may_record_and_play(world: World) -> None:
    page = httpx.get(world.server.url, headers={"accept": "text/html"})
    assert "media-src 'self' blob:" in page.headers["content-security-policy"]
    assert "camera=(self), geolocation=(), microphone=(self)," in page.headers["permissions-policy"]


def test_a_recording_is_read_by_ranges(world: World) -> None:
    ann = world.person("ann")
    file = spoken(ann, recording())
    whole = variant(ann, file, "play")
    assert whole.headers["content-disposition"].startswith("inline; ")
    part = variant(ann, file, "play", range="bytes=4-7")
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert [variant(ann, file, v).status_code for v in "lms"] == [404] * 3


def test_what_a_crash_left_of_a_recording_is_a_voice_message(world: World) -> None:
    """A recorder keeps each second as it comes: of the last one the end is missing."""
    ann = world.person("ann")
    fragments = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "frag_duration": "1000000"}
    for data in (recording(5), recording(5, "safari", **fragments)):
        file = spoken(ann, data[: len(data) * 4 // 5])
        assert file["kind"] == "voice"
        assert 2500 < file["duration_ms"] < 4500


def test_damaged_packets_are_left_out(world: World) -> None:
    data = recording(5)
    file = spoken(world.person("ann"), data[:5000] + bytes(40) + data[5040:])
    assert file["kind"] == "voice"
    assert file["duration_ms"] > 2000


def test_a_silent_recording_is_shown_as_quiet(world: World) -> None:
    out = io.BytesIO()
    out.write(
        b"RIFF"
        + struct.pack("<I", 36 + 96_000)
        + b"WAVEfmt "
        + struct.pack("<IHHIIHH", 16, 1, 1, 48_000, 96_000, 2, 16)
    )
    out.write(b"data" + struct.pack("<I", 96_000) + bytes(96_000))
    file = spoken(world.person("ann"), out.getvalue())
    assert base64.b64decode(file["peaks"]) == bytes(100)


def long_wav(seconds: int) -> bytes:
    """Returns silence of 8,000 samples a second."""
    size = seconds * 8000
    head = struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    return (
        b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt " + head + b"data" + struct.pack("<I", size) + b"\x80" * size
    )


def test_a_recording_that_is_too_long_is_a_plain_file(world: World) -> None:
    ann = world.person("ann")
    data = long_wav(sounds.LONGEST_S + 30)
    file = spoken(ann, data, "long.wav")
    assert (file["kind"], file["name"]) == ("file", "long.wav")
    assert read(ann, file).content == data
    assert ann.get("/api/server")["limits"]["voice_max_s"] == sounds.LONGEST_S
    assert "voice" in ann.get("/api/server")["features"]


def test_a_voice_message_holds_nothing_else(world: World) -> None:
    ann = world.person("ann")
    den = world.group(ann)
    voice, other = spoken(ann, recording()), uploaded(ann, b"words")
    path = f"/api/chats/{den}/messages"
    for wanted in ([voice, other], [other, voice], [voice, voice]):
        refused = ann.post(path, {"text": "", "files": [{"id": one["id"]} for one in wanted]}, 422)
        assert refused["code"] == "file.alone"
    assert [one.get("parts") for one in ann.history(den) if one["kind"] == "text"] == []
    sent = ann.say(den, "listen", files=[{"id": voice["id"]}])
    assert sent["parts"]["files"]["items"] == [voice | {"alt": ""}]


def cover() -> bytes:
    """Returns an MP3 with a cover of 50 MB."""
    picture = b"\0image/png\0\x03\0" + bytes(50_000_000)
    frame = b"APIC" + struct.pack(">I", len(picture)) + b"\0\0" + picture
    size = len(frame)
    sync = bytes(size >> shift & 127 for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + sync + frame + recording(2, "mp3")


PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
HOSTILE: dict[str, tuple[Callable[[], bytes], bool | None]] = {
    "24 playlist called mp4": (lambda: PLAYLIST, False),
    "24 playlist behind a box": (lambda: b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + PLAYLIST, False),
    "25 mp4 cut before moov": (lambda: recording(2, "safari").partition(b"moov")[0], False),
    "26 mp4 with flipped bytes": (lambda: flipped(recording(3, "safari"), 300), None),
    "26 webm with flipped bytes": (lambda: flipped(recording(3), 300), None),
    "28 webm that never ends": (lambda: recording(3) * 40, None),
    "34 mp3 with a cover of 50 MB": (cover, True),
    "a picture": (lambda: saved(scene(), "JPEG"), False),
    "nothing": (lambda: b"", False),
    "only magic": (lambda: b"\x1aE\xdf\xa3", False),
}
"""The makers of hostile recordings, and whether a voice message comes of them; `None`: that or a plain file."""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_recording_is_never_played_as_it_came(world: World, name: str) -> None:
    ann = world.person("ann")
    make, is_voice = HOSTILE[name]
    data = make()
    file = uploaded(ann, data, filename="a.mp4", filetype="audio/mp4", as_="voice")
    if is_voice is not None:
        assert file["kind"] == ("voice" if is_voice else "file")
    if file["kind"] == "voice":
        heard(variant(ann, file, "play"))
        assert read(ann, file).status_code == 404
    else:
        answer = read(ann, file)
        assert answer.content == data
        assert answer.headers["content-disposition"].startswith("attachment; ")
        assert variant(ann, file, "play").status_code == 404


def made(data: bytes, type_: str = "video/webm") -> sounds.Voice:
    async def run() -> sounds.Voice:
        with tempfile.TemporaryFile() as source:
            source.write(data)
            return await sounds.voice(source, type_)

    return asyncio.run(run())


def test_the_longest_recording_fits_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of memory and computing. By the clock, on a busy machine, it takes much longer than it computes."""
    monkeypatch.setattr(children, "WAIT_S", 110)
    assert made(long_wav(sounds.LONGEST_S), "audio/wav").duration_ms == sounds.LONGEST_S * 1000


def test_a_repeat_writes_the_same_recording_again() -> None:
    data = recording(3)
    assert made(data) == made(data)


def test_a_job_that_fails_at_its_end_leaves_one_recording(
    tmp_path: Path, moved_clock: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    check_repeat(tmp_path, moved_clock, monkeypatch, (recording(), "voice"), ("*.m4a", 1))


def test_without_the_package_a_recording_goes_out_as_it_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        async with inside(tmp_path) as app:
            _, token = await app.person("ann")
            ann = Uploader(app, token)
            data = recording()
            place = await ann.begin(len(data), filename="a.webm", as_="voice")
            await ann.patch(place, 0, data)
            await settled(app)
            file = (await ann.look(place))["file"]
            assert file == {
                "id": file["id"], "kind": "voice", "name": "a.webm", "type": "video/webm", "size": len(data),
                "variants": [],
            }  # fmt: skip
            assert len(kept(tmp_path)) == 1

    monkeypatch.setattr(sounds, "HAS_AV", False)
    asyncio.run(scenario())
