"""Decodes an image and makes smaller pictures of it: upright, in sRGB, without metadata, encoded by us."""

import base64
import copy
import io
from typing import BinaryIO, Final, Literal, NamedTuple

from PIL import (
    GifImagePlugin,
    Image,
    ImageCms,
    ImageColor,
    ImageFile,
    ImagePalette,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from messenger.features.media.decoder.thumbhash import thumbhash

LOADED: Final = (
    copy,
    GifImagePlugin,
    ImageColor,
    ImageFile,
    ImagePalette,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
"""What Pillow would import at the moment of its use, when no file can be opened any more."""
PIXELS_MAX: Final = 50_000_000
WEBP_PIXELS_MAX: Final = 40_000_000
"""The decoder of WebP needs more memory for a pixel than the others (`sandbox.PICTURES`)."""
SIDE_MAX: Final = 16_384
HASHED: Final = 32
"""Pixels of the longer side of the picture whose ThumbHash is taken."""
BAND: Final = 32
"""Rows of the small image that are made at once."""
QUALITY: Final = 80
"""Of WebP, of 100."""
LARGE_SIDE: Final = 1280
LARGE_QUALITY: Final = 78
"""Of pictures with a longer side than `LARGE_SIDE`: 14 % smaller than of 80, and hard to tell from it."""
FORMATS: Final = {"jpg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP", "heic": "HEIF"}
ORIENTATION: Final = 0x0112
UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""The operation that turns an image upright, by its orientation in EXIF; 1 is upright."""
Shape = Literal["square", "whole"]
"""The middle square, in exactly the sizes that are wanted; or the whole picture, never enlarged."""


class Refused(Exception):
    """The image has more pixels than any may have."""


class Large(Exception):
    """The image has more pixels than this process may decode beside others."""


class Wanted(NamedTuple):
    """The pictures to make: their shape, and the pixels of their longer sides. `most`: pixels that the image may
    have.
    """

    kind: str
    shape: Shape
    most: int
    sizes: tuple[int, ...]


def prepare() -> None:
    """Loads everything that is needed later, and sets Pillow's own limits."""
    Image.preinit()
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX


def has_heic() -> bool:
    """Returns whether HEIC is decoded: the server loads `heic.py` where its package is installed."""
    return FORMATS["heic"] in Image.OPEN


def opened(source: BinaryIO, kind: str) -> Image.Image:
    """Returns an image of a kind, of which only the head is read. Raises `Refused`, and whatever Pillow raises."""
    image = Image.open(source, formats=[FORMATS[kind]])
    pixels = image.width * image.height
    if max(image.size) > SIDE_MAX or pixels > (WEBP_PIXELS_MAX if kind == "webp" else PIXELS_MAX):
        raise Refused
    return image


def read(source: BinaryIO, wanted: Wanted) -> Image.Image:
    """Returns the wanted part of an image, upright, RGB or RGBA in sRGB, at least as large as the largest size if the
    image was. Raises `Refused`, `Large`, and whatever Pillow raises for a damaged image.
    """
    is_square = wanted.shape == "square"
    # A square is shown small and sharp: it is made of twice its pixels.
    least = max(wanted.sizes) * (2 if is_square else 1)
    with opened(source, wanted.kind) as image:
        if image.width * image.height > wanted.most:
            raise Large
        profile, turn = image.info.get("icc_profile"), UPRIGHT.get(orientation(image))
        factor = _factor(image, least, is_square=is_square)
        image.draft("RGB", (max(1, image.width // factor), max(1, image.height // factor)))
        picture = reduced(image, _factor(image, least, is_square=is_square), is_square=is_square)
    picture = in_srgb(picture, profile)
    return picture if turn is None else picture.transpose(turn)


def _factor(opened: Image.Image, least: int, *, is_square: bool) -> int:
    """Returns how many pixels of an image become one: its side stays at `least` or above, and no side becomes 0."""
    return max(1, min((min if is_square else max)(opened.size) // least, *opened.size))


def reduced(opened: Image.Image, factor: int, *, is_square: bool) -> Image.Image:
    """Returns an image, or its middle square, by bands.

    The large one exists once, and never as a copy of another mode.
    """
    side = min(opened.size)
    width, height = (side // factor, side // factor) if is_square else (opened.width // factor, opened.height // factor)
    left, top = (opened.width - width * factor) // 2, (opened.height - height * factor) // 2
    picture = Image.new("RGBA" if opened.has_transparency_data else "RGB", (width, height))
    for row in range(0, height, BAND):
        end = min(height, row + BAND)
        band = opened.crop((left, top + row * factor, left + width * factor, top + end * factor))
        if band.mode.startswith("I"):
            # 16 bits of gray: Pillow would cut off values above 255 instead of scaling, and take the transparent one
            # for 8.
            band = band.point(lambda value: value / 256).convert("L")
            band.info.pop("transparency", None)
        picture.paste(band.convert(picture.mode).reduce(factor), (0, row))
    return picture


def in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Returns a picture whose colours follow a profile in sRGB; as it is where the profile is for other numbers than
    red, green and blue, or cannot be read: the picture is still whole.
    """
    if not profile:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() != "RGB":
            return picture
        target = ImageCms.createProfile("sRGB")
        made = ImageCms.profileToProfile(picture, source, target, outputMode=picture.mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return picture if made is None else made


def orientation(opened: Image.Image) -> int:
    """Returns the orientation in EXIF, 1 where there is none or it cannot be read: the picture is still whole."""
    try:
        return int(opened.getexif().get(ORIENTATION, 1))
    except Exception:
        return 1


def fitted(picture: Image.Image, size: int, shape: Shape) -> Image.Image:
    """Returns a picture whose longer side has `size` px; a whole one that is smaller stays as it is."""
    longer = max(picture.size)
    if shape == "whole" and longer <= size:
        return picture
    width, height = (max(1, round(side * size / longer)) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def hashed(picture: Image.Image) -> str:
    """Returns the ThumbHash of a picture in base64."""
    small = fitted(picture, HASHED, "whole").convert("RGBA")
    return base64.b64encode(thumbhash(*small.size, small.tobytes())).decode()


def encoded(picture: Image.Image) -> bytes:
    """Returns a picture as WebP, without anything that the original said beside its pixels."""
    picture.info.clear()
    out = io.BytesIO()
    quality = LARGE_QUALITY if max(picture.size) > LARGE_SIDE else QUALITY
    picture.save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()
