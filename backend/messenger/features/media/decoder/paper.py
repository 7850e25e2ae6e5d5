"""The program for documents: takes a PDF on standard input, writes a picture of its first page.

Its argument is the pixels of the longer side of the picture, or `probe`. The output is blocks (`output.py`): facts as
JSON, and the picture as WebP. A PDF that is damaged, or that needs a password, ends it with an error status.
"""

import sys
from typing import Final

import pypdfium2
from PIL import Image

from messenger.features.media.decoder import output, pictures, sandbox

FIRST: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<<"
    b"/Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj 4 0 obj<</Length "
    b"17>>stream\nBT /F 5 Tf (a) Tj ET\nendstream endobj 5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj "
    b"trailer<</Root 1 0 R>>"
)
"""A page with a letter: what the library loads at its first use is loaded before no file can be opened."""


def main() -> None:
    """Gives up what it does not need, then draws the page."""
    pictures.prepare()
    drawn(FIRST, 9)
    is_filtered = sandbox.confine(sandbox.PICTURES)
    if sys.argv[1] == "probe":
        output.write(output.json_of({"is_filtered": is_filtered}))
        return
    pages, picture = drawn(sys.stdin.buffer.read(), int(sys.argv[1]))
    output.write(output.json_of({"pages": pages, "size": picture.size, "thumbhash": pictures.hashed(picture)}))
    output.write(pictures.encoded(picture))


def drawn(data: bytes, longer: int) -> tuple[int, Image.Image]:
    """Returns the number of pages of a PDF, and its first page, whose longer side has so many pixels.

    No script of it is run: the library is built without an interpreter. Raises whatever the library raises.
    """
    document = pypdfium2.PdfDocument(data)
    page = document[0]
    picture = page.render(scale=longer / max(page.get_size())).to_pil().convert("RGB")
    return len(document), picture
