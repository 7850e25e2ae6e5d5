"""Tests what is read of a page of strangers, in a process that can do nothing else."""

import asyncio

import pytest

from messenger.features.media.making import children, pages
from messenger.features.media.making.pages import Page

HTML = "text/html; charset=utf-8"


def read(page: str | bytes, type_: str = HTML) -> Page:
    """Returns what a page says of itself."""
    return asyncio.run(pages.read(page.encode() if isinstance(page, str) else page, type_))


def test_the_words_for_previews_come_before_those_for_searches() -> None:
    page = """<!doctype html><html><head><title>Window</title>
        <meta name="description" content="for searches"><meta property="og:title" content=" A  &amp;\n B\u202e\u200b ">
        <meta property="og:description" content="for previews"><meta property="og:site_name" content="Site">
        <meta property="og:image" content="/a.png"><meta name="twitter:title" content="other">
        <meta property="og:title" content="second"></head><body><svg><title>drawing</title></svg></body></html>"""
    assert read(page) == Page("A & B", "Site", "for previews", "/a.png")
    assert read("<title>Window</title><meta name=twitter:image content=b.png>") == Page("Window", "", "", "b.png")
    assert read("<meta name=Twitter:Title content=a><meta name=DESCRIPTION content=a>") == Page("a")
    assert read("nothing") == read("") == read(b"\x00\xff\xfe") == Page()


@pytest.mark.parametrize(
    ("page", "type_"),
    [
        ("<title>Пример</title>".encode("cp1251"), "text/html; charset=windows-1251"),
        ("<title>Пример</title>".encode("koi8-r"), 'text/html; a=b; Charset="KOI8-R"'),
        ("<title>Пример</title>".encode(), HTML),
        ("<meta charset=utf-8><title>Пример</title>".encode(), "text/html"),
        ("<meta charset=windows-1251><title>Пример</title>".encode("cp1251"), "text/html; charset=nothing"),
        ("\ufeff<title>Пример</title>".encode("utf-8"), "text/html"),
    ],
)
def test_a_page_is_read_in_its_own_encoding(page: bytes, type_: str) -> None:
    assert read(page, type_).title == "Пример"


def test_long_words_are_cut() -> None:
    page = f"<title>{'т' * 9_000}</title><meta name=description content='{'о ' * 9_000}'>"
    found = read(page)
    assert (len(found.title), found.title[-2:]) == (pages.TITLE_MAX, "т…")
    assert (len(found.summary) <= pages.SUMMARY_MAX, found.summary[-2:]) == (True, "о…")


@pytest.mark.parametrize(
    "page",
    [
        "<title>a</title>" + "<div>" * 200_000,
        "<title>a</title>" + "<a " * 170_000,
        "<title>a</title><p " + " ".join(f"a{n}=1" for n in range(60_000)) + ">",
        "<title>a</title>" + "<b><i>" * 80_000 + "</b>" * 80_000,
        "<title>a</title>" + "<table><tr><td>" * 30_000,
        "<title>a</title>" + "<!--" * 120_000,
        "<title>a</title>" + "&" * 500_000,
        "<title>a</title><svg><![CDATA[" + "a" * 500_000,
        "<title>a" + "<title>" * 70_000,
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><title>a</title>&b;',
        '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><title>a</title><p>&a;',
    ],
)
def test_a_hostile_page_ends_in_time(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its process is ended after 5 s of computing; then there are no words. A busy machine takes longer."""
    monkeypatch.setattr(children, "WAIT_S", 110)
    assert read(page).title.startswith("a")
