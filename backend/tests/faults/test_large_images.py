"""Tests that the largest allowed images fit the limits of the decoder."""

import asyncio
import io
import tempfile

import pytest
from PIL import Image

from messenger.features.media.decoder.pictures import PIXELS_MAX, WEBP_PIXELS_MAX
from messenger.features.media.making.images import BYTES_MAX, Made, photo, squares


def square(pixels: int) -> tuple[int, int]:
    return int(pixels**0.5), int(pixels**0.5)


def wide(pixels: int) -> tuple[int, int]:
    return 16_000, pixels // 16_000


LARGEST = [
    ("png", "RGBA", square(PIXELS_MAX)),
    ("png", "RGBA", wide(PIXELS_MAX)),
    ("png", "LA", square(PIXELS_MAX)),
    ("png", "I;16", square(PIXELS_MAX)),
    ("webp", "RGBA", square(WEBP_PIXELS_MAX)),
    ("webp", "RGB", wide(WEBP_PIXELS_MAX)),
    ("gif", "P", square(PIXELS_MAX)),
]


def large(kind: str, mode: str, size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, kind, method=0, quality=30)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "mode", "size"), LARGEST)
def test_the_largest_become_squares(kind: str, mode: str, size: tuple[int, int]) -> None:
    data = large(kind, mode, size)
    assert len(data) < BYTES_MAX
    made = asyncio.run(squares(data, kind, (48, 96, 320)))
    assert [Image.open(io.BytesIO(one)).size for one in made] == [(48, 48), (96, 96), (320, 320)]


async def of_bytes(data: bytes, kind: str) -> Made:
    with tempfile.TemporaryFile() as source:
        source.write(data)
        return await photo(source, kind)


@pytest.mark.parametrize(("kind", "mode", "size"), LARGEST)
def test_the_largest_become_photos(kind: str, mode: str, size: tuple[int, int]) -> None:
    made = asyncio.run(of_bytes(large(kind, mode, size), kind))
    assert [max(one.width, one.height) for one in made.pictures] == [2048, 960, 320]
