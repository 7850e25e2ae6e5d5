"""The program: takes a page of a stranger on standard input, writes what it says of itself on standard output.

Its argument is the `Content-Type` of the page. The output is one block (`output.py`): JSON with the values of the tags
that are read, the first of each.
"""

import sys
from typing import Final

from lxml import etree

from messenger.features.media.decoder import output, sandbox

BYTES_MAX: Final = 512 * 1024
VALUE_MAX: Final = 4_000
"""Characters of a value that are passed on."""
READ: Final = frozenset(
    {
        "og:title", "og:description", "og:site_name", "og:image", "og:image:url", "og:image:secure_url",
        "twitter:title", "twitter:description", "twitter:image", "twitter:image:src", "description",
        "application-name",
    }
)  # fmt: skip


def main() -> None:
    """Gives up what it does not need, then reads the page."""
    charset = charset_of(sys.argv[1])
    read(b"<title>a</title><meta name=description content=b>", charset)  # loads what is loaded late
    sandbox.confine(sandbox.PAGES)
    output.write(output.json_of(read(sys.stdin.buffer.read(BYTES_MAX), charset)))


def charset_of(type_: str) -> str | None:
    """Returns the encoding that a `Content-Type` names, if Python and libxml2 both may know it."""
    for part in type_.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            said = value.strip().strip("\"'")
            try:
                etree.HTMLParser(encoding=said)
            except (LookupError, ValueError):
                return None
            return said
    return None


def read(page: bytes, charset: str | None) -> dict[str, str]:
    """Returns the first value of each tag that is read, `title` among them; nothing of what is no page."""
    parser = etree.HTMLParser(encoding=charset, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(page, parser)
    except (etree.XMLSyntaxError, ValueError):
        return {}
    found: dict[str, str] = {}
    for tag in root.iter("meta", "title") if root is not None else ():
        if tag.tag == "title":
            name, value = "title", "".join(tag.itertext())
        else:
            name, value = (tag.get("property") or tag.get("name") or "").strip().lower(), tag.get("content") or ""
            if name not in READ:
                continue
        if value.strip():
            found.setdefault(name, value.strip()[:VALUE_MAX])
    return found
