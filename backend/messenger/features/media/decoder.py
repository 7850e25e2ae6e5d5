"""A program of its own: an image on standard input, squares on standard output, each after its size (4 bytes).

Whatever is wrong with the image ends it with an error status. It imports nothing of ours.
"""

import io
import resource
import sys
import warnings

from PIL import Image, ImageOps

PIXELS_MAX = 40_000_000
SIDE_MAX = 16_384
MEMORY = 512 * 1024 * 1024
CPU_S = 10
FORMATS = {"jpg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP"}


def main() -> None:
    """Read, decode the first frame, cut the middle square, write each size."""
    kind, sizes = sys.argv[1], [int(size) for size in sys.argv[2:]]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=[FORMATS[kind]]) as opened:
        if max(opened.size) > SIDE_MAX or opened.width * opened.height > PIXELS_MAX:
            raise ValueError("too many pixels")
        opened.draft("RGB", (max(sizes) * 2, max(sizes) * 2))
        upright = ImageOps.exif_transpose(opened)
        mode = "RGBA" if upright.has_transparency_data else "RGB"
        for size in sizes:
            square = ImageOps.fit(upright.convert(mode), (size, size), Image.Resampling.LANCZOS)
            square.info.clear()
            out = io.BytesIO()
            square.save(out, "WEBP", quality=82, method=4)
            sys.stdout.buffer.write(len(out.getvalue()).to_bytes(4, "big") + out.getvalue())


if __name__ == "__main__":
    main()
