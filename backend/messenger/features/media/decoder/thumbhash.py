"""Makes the ThumbHash of a small picture: its colours in 25 bytes or less, the same as the reference in JavaScript.

https://evanw.github.io/thumbhash/ describes the form: a cosine transform of lightness, of two differences of colours,
and of opacity where the picture is not opaque everywhere.
"""

from collections.abc import Sequence
from math import cos, floor, pi
from typing import NamedTuple


class Wave(NamedTuple):
    """A transformed plane: its mean, its further terms from 0 to 1, and by what they were divided."""

    mean: float
    terms: list[float]
    scale: float


def thumbhash(width: int, height: int, pixels: bytes) -> bytes:
    """Returns the hash of a picture of at most 100 x 100 px, given as RGBA, 4 bytes a pixel."""
    colours, alphas = _flat(pixels)
    has_alpha = sum(alphas) < width * height
    most, size, is_wide = 5 if has_alpha else 7, (width, height), width > height
    across, down = (max(1, _round(most * side / max(size))) for side in size)
    light = _wave([(r + g + b) / 3 for r, g, b in colours], size, (max(3, across), max(3, down)))
    yellow = _wave([(r + g) / 2 - b for r, g, b in colours], size, (3, 3))
    red = _wave([r - g for r, g, _ in colours], size, (3, 3))
    first = (
        _round(63 * light.mean)
        | _round(31.5 + 31.5 * yellow.mean) << 6
        | _round(31.5 + 31.5 * red.mean) << 12
        | _round(31 * light.scale) << 18
        | has_alpha << 23
    )
    second = (
        (down if is_wide else across) | _round(63 * yellow.scale) << 3 | _round(63 * red.scale) << 9 | is_wide << 15
    )
    made = first.to_bytes(3, "little") + second.to_bytes(2, "little")
    terms = light.terms + yellow.terms + red.terms
    if has_alpha:
        opaque = _wave(alphas, size, (5, 5))
        made += bytes([_round(15 * opaque.mean) | _round(15 * opaque.scale) << 4])
        terms += opaque.terms
    halves = [_round(15 * term) for term in terms] + [0] * (len(terms) % 2)
    return made + bytes(low | high << 4 for low, high in zip(halves[::2], halves[1::2], strict=True))


def _flat(pixels: bytes) -> tuple[list[list[float]], list[float]]:
    """Returns the colours of pixels from 0 to 1, over the mean colour of all where they are not opaque, and how opaque
    they are. Sums are taken in the order of the reference: another one rounds otherwise.
    """
    rgba = list(zip(*(pixels[n::4] for n in range(4)), strict=True))
    mean, opacity = [0.0, 0.0, 0.0], 0.0
    for *colours, a in rgba:
        alpha = a / 255
        mean = [one + alpha / 255 * colour for one, colour in zip(mean, colours, strict=True)]
        opacity += alpha
    mean = [one / opacity for one in mean] if opacity else mean
    alphas = [a / 255 for *_, a in rgba]
    flat = [
        [mean[n] * (1 - alpha) + alpha / 255 * pixel[n] for n in range(3)]
        for pixel, alpha in zip(rgba, alphas, strict=True)
    ]
    return flat, alphas


def _wave(plane: Sequence[float], size: tuple[int, int], counts: tuple[int, int]) -> Wave:
    """Returns the terms of a plane below the diagonal of `counts`, which are those that the eye sees most."""
    (width, height), (across, down) = size, counts
    found = []
    for cy in range(down):
        rows = [cos(pi / height * cy * (y + 0.5)) for y in range(height)]
        for cx in range(across):
            if cx * down >= across * (down - cy):
                break
            columns = [cos(pi / width * cx * (x + 0.5)) for x in range(width)]
            total = 0.0
            for y, row in enumerate(rows):
                for value, column in zip(plane[y * width : (y + 1) * width], columns, strict=True):
                    total += value * column * row
            found.append(total / (width * height))
    mean, *terms = found
    scale = max(map(abs, terms), default=0.0)
    return Wave(mean, [0.5 + 0.5 / scale * term for term in terms] if scale else terms, scale)


def _round(value: float) -> int:
    return floor(value + 0.5)
