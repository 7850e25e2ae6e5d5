"""The program: takes an image on standard input, writes pictures of it on standard output.

Arguments: `probe`; or the kind of the image, the shape and the sizes of the pictures, see `pictures.Wanted`. The output
is blocks (`output.py`): first facts as JSON, then the pictures. Any fault of the image ends it with an
error status, that of a large one is `LARGE_STATUS`.
"""

import sys
import warnings
from typing import Final, cast

from PIL import Image

from messenger.features.media.decoder import LARGE_STATUS, output, pictures, sandbox
from messenger.features.media.decoder.pictures import Large, Shape, Wanted

PROBED: Final = "/dev/null"


def main() -> None:
    """Gives up what it does not need, then decodes, and writes the pictures."""
    kind, *rest = sys.argv[1:]
    pictures.prepare()
    is_filtered = sandbox.confine(sandbox.PICTURES)
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    if kind == "probe":
        output.write(output.json_of({"is_filtered": is_filtered and not _can_open(), "has_heic": pictures.has_heic()}))
        return
    shape, most, *sizes = rest
    wanted = Wanted(kind, cast(Shape, shape), int(most), tuple(int(size) for size in sizes))
    try:
        picture = pictures.read(sys.stdin.buffer, wanted)
    except Large:
        sys.exit(LARGE_STATUS)
    made = {}
    for size in sorted(wanted.sizes, reverse=True):
        # Each of the next larger one: from the first it would cost as much again, and look the same.
        picture = made[size] = pictures.fitted(picture, size, wanted.shape)
    sizes_made = [made[size].size for size in wanted.sizes]
    output.write(output.json_of({"thumbhash": pictures.hashed(picture), "sizes": sizes_made}))
    for size in wanted.sizes:
        output.write(pictures.encoded(made[size]))


def _can_open() -> bool:
    try:
        with open(PROBED, "rb"):  # noqa: PTH123
            return True
    except OSError:
        return False
