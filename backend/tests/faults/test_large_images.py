"""Tests that the largest allowed images fit the limits of the decoder."""

import asyncio
import io

import pytest
from PIL import Image

from messenger.features.media.decoder import PIXELS_MAX
from messenger.features.media.images import BYTES_MAX, squares

SQUARE = (int(PIXELS_MAX**0.5), int(PIXELS_MAX**0.5))
WIDE = (16_000, PIXELS_MAX // 16_000)


@pytest.mark.parametrize(
    ("kind", "mode", "size"),
    [
        ("png", "RGBA", SQUARE),
        ("png", "RGBA", WIDE),
        ("png", "LA", SQUARE),
        ("png", "I;16", SQUARE),
        ("webp", "RGBA", SQUARE),
        ("webp", "RGB", WIDE),
        ("gif", "P", SQUARE),
    ],
)
def test_forty_megapixels_become_squares(kind: str, mode: str, size: tuple[int, int]) -> None:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, kind, method=0, quality=30)
    assert len(out.getvalue()) < BYTES_MAX
    made = asyncio.run(squares(out.getvalue(), kind, (48, 96, 320)))
    assert [Image.open(io.BytesIO(one)).size for one in made] == [(48, 48), (96, 96), (320, 320)]
