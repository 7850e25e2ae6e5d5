"""PDF made for tests: plain ones, and hostile ones."""

from collections.abc import Mapping
from typing import Final

SCRIPT: Final = b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"
LOCKED: Final = (
    b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<"
    + b"1f" * 32
    + b">/U<"
    + b"2e" * 32
    + b">>>/ID[<"
    + b"0a" * 16
    + b"><"
    + b"0a" * 16
    + b">]"
)
"""An entry of the trailer: the document needs a password that no one knows."""
KILOMETRE: Final = 2_834_646
"""Points."""
DRAWING: Final = b"BT /F1 40 Tf 72 700 Td (Plan of the house) Tj ET 0.1 0.3 0.9 rg 72 300 400 300 re f"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """Returns an object with bytes."""
    return b"<<" + entries + b"/Length %d>>stream\n%s\nendstream" % (len(data), data)


def pdf(
    size: tuple[int, int] = (595, 842),
    pages: int = 1,
    catalog: bytes = b"",
    trailer: bytes = b"",
    forms: Mapping[str, bytes] | None = None,
) -> bytes:
    """Returns a PDF whose pages all show the same; `forms` are drawings that a page may use, by name."""
    forms = forms or {}
    names = b"".join(b"/%s %d 0 R" % (name.encode(), 5 + pages + n) for n, name in enumerate(forms))
    resources = b"/Resources<</Font<</F1 4 0 R>>/XObject<<" + names + b">>>>"
    kids = b" ".join(b"%d 0 R" % (5 + n) for n in range(pages))
    drawing = DRAWING + b"".join(b" /%s Do" % name.encode() for name in list(forms)[-1:])
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        stream(drawing),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *[b"<</Type/Page/Parent 2 0 R/Contents 3 0 R/MediaBox[0 0 %d %d]" % size + resources + b">>"] * pages,
        *(stream(data, b"/Type/XObject/Subtype/Form/BBox[0 0 600 900]" + resources) for data in forms.values()),
    ]
    out, places = b"%PDF-1.7\n", []
    for n, one in enumerate(objects):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n + 1, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer\n<</Size %d/Root 1 0 R" % (len(objects) + 1) + trailer + b">>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + head + table + end


def bomb() -> bytes:
    """Returns a PDF of a few kilobytes that draws ten forms, each of which draws ten, and so on."""
    forms = {"X0": b"0 0 600 900 re f " * 50} | {f"X{n}": b"/X%d Do " % (n - 1) * 10 for n in range(1, 10)}
    return pdf(forms=forms)
