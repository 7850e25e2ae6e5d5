"""Tests the image decoder with unusual images, as a camera or program may write them."""

import asyncio
import io
from typing import Any

import pytest
from PIL import Image

from messenger.features.media.making.images import squares

RED, GREEN, BLUE, GRAY = (200, 40, 40), (40, 160, 40), (40, 40, 200), (128, 128, 128)
TURNED = {
    1: (RED, GREEN, BLUE, GRAY),
    2: (GREEN, RED, GRAY, BLUE),
    3: (GRAY, BLUE, GREEN, RED),
    4: (BLUE, GRAY, RED, GREEN),
    5: (RED, BLUE, GREEN, GRAY),
    6: (GREEN, GRAY, RED, BLUE),
    7: (GRAY, GREEN, BLUE, RED),
    8: (BLUE, RED, GRAY, GREEN),
}
"""The order of the corners red, green, blue and gray, by rows, as a camera held in each way stores them."""


def corners(colours: tuple[Any, ...], mode: str = "RGB") -> Image.Image:
    image = Image.new(mode, (2, 2))
    for place, colour in enumerate(colours):
        image.putpixel((place % 2, place // 2), colour)
    return image.resize((200, 200), Image.Resampling.NEAREST)


def saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def seen(data: bytes, kind: str) -> list[tuple[int, ...]]:
    """Returns the four corners of the small square made from an image."""
    (square,) = asyncio.run(squares(data, kind, (48,)))
    with Image.open(io.BytesIO(square)) as image:
        assert (image.size, dict(image.getexif())) == ((48, 48), {})
        pixels = image.convert("RGBA" if image.has_transparency_data else "RGB")
        return [pixels.getpixel(at) for at in ((6, 6), (41, 6), (6, 41), (41, 41))]  # type: ignore[misc]


def is_near(found: list[tuple[int, ...]], meant: tuple[tuple[int, ...], ...]) -> bool:
    return all(
        abs(a - b) < 16 for one, other in zip(found, meant, strict=True) for a, b in zip(one, other, strict=True)
    )


@pytest.mark.parametrize("orientation", TURNED)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_image_is_turned_upright(kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(corners(TURNED[orientation]), kind, exif=exif)
    assert is_near(seen(data, {"JPEG": "jpg"}.get(kind, kind.lower())), TURNED[1])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0no TIFF at all",
        b"Exif\0\0II*\0\x08\0\0\0",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\xff\xff\xff\x7f\xff\xff\xff\x7f\0\0\0\0",
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x02\0\x05\0\0\0soon\0\0\0\0\0",
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x63\0\0\0\0\0\0",
        b"Exif\0\0",
    ],
    ids=["no tiff", "cut", "far away", "endless", "a word", "no such orientation", "empty"],
)
def test_damaged_exif_is_no_reason_to_refuse(kind: str, exif: bytes) -> None:
    data = saved(corners(TURNED[1]), kind, exif=exif)
    assert is_near(seen(data, {"JPEG": "jpg"}.get(kind, kind.lower())), TURNED[1])


def test_gray_of_sixteen_bits_stays_gray() -> None:
    gray = corners((0, 0x4000, 0x8000, 0xFFFF), "I;16")
    meant = tuple((level, level, level) for level in (0, 64, 128, 255))
    assert is_near(seen(saved(gray, "PNG"), "png"), meant)
    assert is_near(seen(saved(gray, "PNG", transparency=0x80), "png"), meant)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
@pytest.mark.parametrize("frames", [1, 3])
def test_a_gif_shows_its_first_frame(frames: int, mode: str) -> None:
    black, white = (0, 0, 0), (255, 255, 255)
    first, *others = [corners((white, black, black, white)).convert(mode) for _ in range(frames)]
    data = saved(first, "GIF", save_all=True, append_images=[one.rotate(90) for one in others], comment=b"said")
    assert is_near([one[:3] for one in seen(data, "gif")], (white, black, black, white))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK"])
def test_every_mode_keeps_its_colours(mode: str) -> None:
    black, white = (0, 0, 0), (255, 255, 255)
    image = corners((black, white, white, black)).convert(mode)
    kind = "JPEG" if mode == "CMYK" else "PNG"
    found = [one[:3] for one in seen(saved(image, kind), "jpg" if kind == "JPEG" else "png")]
    assert is_near(found, (black, white, white, black))


def test_a_palette_may_be_transparent() -> None:
    image = corners((RED, GREEN, BLUE, GRAY)).quantize(4)
    data = saved(image, "PNG", transparency=bytes([0, 255, 255, 255]))
    assert sorted(one[3] for one in seen(data, "png")) == [0, 255, 255, 255]


def test_a_photo_of_several_pictures_shows_its_first() -> None:
    first, second = corners(TURNED[1]), corners(TURNED[3])
    data = saved(first, "MPO", save_all=True, append_images=[second])
    assert is_near(seen(data, "jpg"), TURNED[1])
