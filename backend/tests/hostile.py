"""Makes files as an attacker would send them for photos. None is kept in the tree: they are made when a test asks."""

import base64
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any, Final

from PIL import Image

SCRIPT: Final = b"<script>alert(document.cookie)</script>"
_PNG: Final = b"\x89PNG\r\n\x1a\n"


def saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    """Returns an image as bytes."""
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def scene(width: int = 640, height: int = 480) -> Image.Image:
    """Returns a picture in which every part looks different."""
    ramps = [Image.linear_gradient("L"), Image.radial_gradient("L"), Image.linear_gradient("L").rotate(90)]
    return Image.merge("RGB", [ramp.resize((width, height)) for ramp in ramps])


def chunk(name: bytes, data: bytes) -> bytes:
    """Returns a part of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, rows: int, depth: int, *before: bytes, colour: int = 2) -> bytes:
    """Returns a PNG that claims a size and holds that many empty rows of it."""
    row = 1 + (width * depth * (3 if colour == 2 else 1) + 7) // 8
    packer = zlib.compressobj(1)
    packed = b"".join([*(packer.compress(bytes(row)) for _ in range(rows)), packer.flush()])
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return _PNG + head + b"".join(before) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def bomb() -> bytes:
    """Returns 200 MB of zeros, packed."""
    packer = zlib.compressobj(1)
    return b"".join([*(packer.compress(bytes(1_000_000)) for _ in range(200)), packer.flush()])


def gif(width: int, height: int, frames: int) -> bytes:
    """Returns a GIF with a canvas of that size and frames of one pixel."""
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"\x21\xf9\x04\0\x01\0\0\0" + b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0"
    return head + frame * frames + b";"


def apng() -> bytes:
    """Returns an animated PNG that promises two thousand million frames of a large canvas."""
    control = chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))
    frame = chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 6000, 6000, 0, 0, 1, 100, 0, 0))
    return png(6000, 6000, 6000, 1, control, frame, colour=0)


def flipped(data: bytes, count: int) -> bytes:
    """Returns bytes of which some are others, always the same ones."""
    changed, chance = bytearray(data), random.Random(7)
    for _ in range(count):
        changed[chance.randrange(20, len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def telling() -> bytes:
    """Returns a JPEG that says where it was taken, on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "canary"
    exif.get_ifd(0x8825).update({1: "N", 2: (55.0, 45.0, 7.0), 3: "E", 4: (37.0, 37.0, 2.0)})
    return saved(scene(), "JPEG", exif=exif, comment=b"canary")


def archive() -> bytes:
    """Returns a ZIP archive with a page."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("index.html", SCRIPT)
    return out.getvalue()


def large_webp() -> bytes:
    """Returns a WebP whose head claims 64 megapixels."""
    data = bytearray(saved(scene(64, 64), "WEBP"))
    at = data.index(b"\x9d\x01\x2a") + 3
    data[at : at + 4] = struct.pack("<HH", 8000, 8000)
    return bytes(data)


def box(name: bytes, *inside: bytes, full: bool = False) -> bytes:
    """Returns a box of ISO 14496-12."""
    data = (bytes(4) if full else b"") + b"".join(inside)
    return struct.pack(">I", 8 + len(data)) + name + data


def heic(width: int, height: int) -> bytes:
    """Returns a HEIC that claims a size; its picture is no HEVC."""
    coded = bytes(range(256)) * 4
    size = box(b"ispe", struct.pack(">II", width, height), full=True)
    config = box(b"hvcC", b"\x01" + bytes(22))
    properties = box(b"iprp", box(b"ipco", size, config), box(b"ipma", struct.pack(">IHBBB", 1, 1, 2, 1, 2), full=True))
    handler = box(b"hdlr", bytes(4) + b"pict" + bytes(13), full=True)
    entry = box(b"infe", b"\x02\0\0\0" + struct.pack(">HH", 1, 0) + b"hvc1\0")
    items = box(b"iinf", struct.pack(">H", 1), entry, full=True)

    def meta(start: int) -> bytes:
        place = box(b"iloc", b"\x44\0" + struct.pack(">HHHHII", 1, 1, 0, 1, start, len(coded)), full=True)
        return box(b"meta", handler, box(b"pitm", struct.pack(">H", 1), full=True), place, items, properties, full=True)

    head = box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    return head + meta(len(head) + len(meta(0)) + 8) + box(b"mdat", coded)


TWO_COLOURS: Final = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAA"
    "AAAERAAAEAAQAAAAABoQABAAAAAAAAAE0AAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/WlwcnAA"
    "AADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkA"
    "AAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAA"
    "AAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAAF"
    "VtZGF0AAAASSgBrxOA+BDhp//9Giiv/Ou1f5fpmJVvcnY//OD3F/D5IO7vb29Y0No94hkVcc9WCTC+pt0qJOqgtJ4Tw7TkiOP+wd92fFTIeqY="
)
"""A true HEIC of 64 x 48 px, whose left half is blue and whose right half is red: nothing that we have encodes one."""
SVG: Final = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"
EPS: Final = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (r) file\n%%EOF\n"

FILES: Final[dict[str, tuple[str, Callable[[], bytes]]]] = {
    "01 png of 900 megapixels": ("a.png", lambda: png(30_000, 30_000, 30_000, 1, colour=0)),
    "02 png of 256 megapixels": ("a.png", lambda: png(16_000, 16_000, 100, 8)),
    "03 png with two rows": ("a.png", lambda: png(4000, 4000, 2, 8)),
    "04 zTXt bomb": ("a.png", lambda: png(8, 8, 8, 8, chunk(b"zTXt", b"Comment\0\0" + bomb()))),
    "05 iCCP bomb": ("a.png", lambda: png(8, 8, 8, 8, chunk(b"iCCP", b"icc\0\0" + bomb()))),
    "06 gif of 4295 megapixels": ("a.gif", lambda: gif(65_535, 65_535, 1)),
    "07 gif of 5000 frames": ("a.gif", lambda: gif(100, 100, 5000)),
    "08 gif that is a script": ("a.gif", lambda: b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)//" + SCRIPT),
    "09 apng bomb": ("a.png", apng),
    "10 jpeg, cut": ("a.jpg", lambda: saved(scene(), "JPEG")[:4000]),
    "11 jpeg with flipped bytes": ("a.jpg", lambda: flipped(saved(scene(2000, 1500), "JPEG"), 2000)),
    "12 jpeg with a page behind it": ("a.jpg", lambda: saved(scene(), "JPEG") + SCRIPT),
    "13 jpeg with an archive behind it": ("a.jpg", lambda: saved(scene(), "JPEG") + archive()),
    "14 jpeg with a place": ("a.jpg", telling),
    "15 nothing": ("a.jpg", lambda: b""),
    "16 three bytes": ("a.jpg", lambda: b"\xff\xd8\xff"),
    "17 svg": ("a.svg", lambda: SVG),
    "18 svg called png": ("a.png", lambda: SVG),
    "19 eps called jpeg": ("a.jpg", lambda: EPS),
    "20 tiff called jpeg": ("a.jpg", lambda: saved(scene(), "TIFF")),
    "21 webp of 64 megapixels": ("a.webp", large_webp),
    "22 heic with a false size": ("a.heic", lambda: heic(65_535, 65_535)),
    "23 heic with flipped bytes": ("a.heic", lambda: flipped(heic(640, 480), 200)),
}
"""The names and makers of hostile files."""
