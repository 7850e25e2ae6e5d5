"""Tests documents: the first page of a PDF beside its original, and hostile ones, which stay plain files."""

import asyncio
import tempfile
from collections.abc import Callable

import pytest

from messenger.features.media.errors import ImageBroken
from messenger.features.media.making import papers
from tests.features.test_uploads import read, uploaded
from tests.hostile import flipped
from tests.media.test_photos import opened, variant
from tests.papers import KILOMETRE, LOCKED, SCRIPT, bomb, pdf
from tests.world import World

pytestmark = pytest.mark.skipif(not papers.HAS_PDF, reason="web-messenger[media] is not installed")
BROKEN: dict[str, Callable[[], bytes]] = {
    "needs a password": lambda: pdf(trailer=LOCKED),
    "is cut": lambda: pdf()[:300],
    "is only a beginning": lambda: b"%PDF-1.7\n",
    "has no page": lambda: pdf(pages=0),
}
ODD: dict[str, tuple[Callable[[], bytes], int, tuple[int, int]]] = {
    "a kilometre with a script": (lambda: pdf((KILOMETRE, KILOMETRE), catalog=SCRIPT), 1, (800, 800)),
    "a kilometre by a point": (lambda: pdf((KILOMETRE, 1)), 1, (800, 1)),
    "ten thousand pages": (lambda: pdf(pages=10_000), 10_000, (566, 800)),
}


def drawn(data: bytes) -> papers.Paper:
    async def run() -> papers.Paper:
        with tempfile.TemporaryFile() as source:
            source.write(data)
            return await papers.paper(source)

    return asyncio.run(run())


def test_a_pdf_shows_its_first_page_and_stays_a_download(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    data = pdf(pages=3)
    with ann.device() as device:
        file = uploaded(ann, data, filename="план.pdf")
        ready = device.expect("file.ready", timeout=40)["data"]
    assert (file["kind"], file["name"], file["type"], file["size"]) == (
        "file",
        "план.pdf",
        "application/pdf",
        len(data),
    )
    assert (file["pages"], file["width"], file["height"]) == (3, 566, 800)
    assert (ready["pages"], ready["variants"]) == (3, file["variants"])
    page = variant(ann, file, "page")
    picture = opened(page)
    assert picture.size == (566, 800)
    assert len(picture.convert("L").getcolors() or range(257)) > 2, "something is drawn"
    assert file["variants"] == [{"v": "page", "type": "image/webp", "size": len(page.content), "w": 566, "h": 800}]
    answer = read(ann, file)
    assert (answer.content, answer.headers["content-type"]) == (data, "application/pdf")
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert ann.get("/api/users/me/storage")["used"] == len(data) + len(page.content)
    assert variant(bob, file, "page").status_code == 404
    den = world.group(ann, bob)
    sent = ann.post(f"/api/chats/{den}/messages", {"text": "", "files": [{"id": file["id"]}]}, 201)
    assert sent["parts"]["files"]["items"][0]["pages"] == 3
    assert variant(bob, file, "page").content == page.content


@pytest.mark.parametrize("case", ODD)
def test_odd_documents_are_drawn_within_their_limits(case: str) -> None:
    make, pages, size = ODD[case]
    made = drawn(make())
    assert (made.pages, made.picture.width, made.picture.height) == (pages, *size)
    assert made.picture.data[8:12] == b"WEBP"


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_drawn_is_a_plain_file(world: World, case: str) -> None:
    ann = world.person("ann")
    data = BROKEN[case]()
    file = uploaded(ann, data, filename="a.pdf")
    assert file == {"id": file["id"], "kind": "file", "name": "a.pdf", "type": "application/pdf", "size": len(data)}
    assert read(ann, file).content == data


def test_a_page_that_draws_without_an_end_is_given_up() -> None:
    with pytest.raises(ImageBroken):
        drawn(bomb())


def test_flipped_bytes_end_no_server() -> None:
    for count in (20, 200, 2000):
        try:
            made = drawn(flipped(pdf(pages=50), count))
        except ImageBroken:
            continue
        assert made.picture.data[8:12] == b"WEBP"
