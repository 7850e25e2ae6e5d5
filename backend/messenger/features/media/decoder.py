"""A separate program: takes an image on standard input, writes squares on standard output, each after its size (4
bytes).

Any fault of the image ends it with an error status. It imports none of our modules.
"""

import io
import resource
import sys
import warnings

from PIL import Image

PIXELS_MAX = 40_000_000
SIDE_MAX = 16_384
MEMORY = 768 * 1024 * 1024
"""Bytes for the worst image allowed: of 40 megapixels a WebP takes 700 MB, as its decoder keeps two canvases, the bytes
and the image, 160 MB each; a PNG takes 260 MB.
"""
BAND = 32
"""Rows of the small image that are made at once."""
CPU_S = 10
FORMATS = {"jpg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP"}
ORIENTATION = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""The operation that turns an image upright, by its orientation in EXIF; 1 is upright."""


def main() -> None:
    """Reads, decodes the first frame, cuts the middle square, writes each size."""
    kind, sizes = sys.argv[1], [int(size) for size in sys.argv[2:]]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    middle = read(kind, max(sizes) * 2)
    for size in sizes:
        square = middle.resize((size, size), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        square.save(out, "WEBP", quality=82, method=4)
        sys.stdout.buffer.write(len(out.getvalue()).to_bytes(4, "big") + out.getvalue())


def read(kind: str, least: int) -> Image.Image:
    """Returns the middle square of the image, upright, RGB or RGBA, without metadata.

    It has `least` px or more if the image had.
    """
    with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=[FORMATS[kind]]) as opened:
        if max(opened.size) > SIDE_MAX or opened.width * opened.height > PIXELS_MAX:
            raise ValueError("too many pixels")
        opened.draft("RGB", (least, least))
        turn = UPRIGHT.get(orientation(opened))
        middle = reduced(opened, max(1, min(opened.size) // least))
    return middle if turn is None else middle.transpose(turn)


def reduced(opened: Image.Image, factor: int) -> Image.Image:
    """Returns the middle square of an image by bands.

    The whole one exists once, and never as a copy of another mode.
    """
    side = min(opened.size) // factor
    left, top = (opened.width - side * factor) // 2, (opened.height - side * factor) // 2
    middle = Image.new("RGBA" if opened.has_transparency_data else "RGB", (side, side))
    for row in range(0, side, BAND):
        end = min(side, row + BAND)
        band = opened.crop((left, top + row * factor, left + side * factor, top + end * factor))
        if band.mode.startswith("I"):
            # 16 bits of gray: Pillow would cut off values above 255 instead of scaling, and take the transparent one
            # for 8.
            band = band.point(lambda value: value / 256).convert("L")
            band.info.pop("transparency", None)
        middle.paste(band.convert(middle.mode).reduce(factor), (0, row))
    return middle


def orientation(opened: Image.Image) -> int:
    """Returns the orientation in EXIF, 1 where there is none or it cannot be read: the picture is still whole."""
    try:
        return int(opened.getexif().get(ORIENTATION, 1))
    except Exception:
        return 1


if __name__ == "__main__":
    main()
