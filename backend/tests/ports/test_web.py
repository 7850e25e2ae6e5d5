"""Tests the contract of the open internet: what is fetched, and that nothing inside is ever asked."""

import asyncio
import ssl
from typing import Final

import pytest
import trustme

from messenger.adapters.web import fetcher as driver
from messenger.adapters.web.fetcher import Fetcher
from messenger.kernel.address import is_public
from messenger.kernel.ports.web import Address, Fetched, Unfetchable, address_of
from tests.outside import AGENT, OUTSIDE, Answer, Pages, site

PAGE: Final = b"HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: 4\r\n\r\npage"
INSIDE: Final = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.1.2.3",
    "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.170", "192.0.0.192",
    "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.1.1", "192.175.48.1", "198.18.0.1",
    "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:7f00:1::", "2001:2::1",
    "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:c0a8:101::1", "2620:4f:8000::1", "3fff::1",
    "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "ff0e::1",
]  # fmt: skip
OPEN: Final = [
    "1.1.1.1", "8.8.8.8", "93.184.215.14", "172.32.0.1", "192.167.255.255", "2606:4700:4700::1111", "2a00:1450::200e",
]  # fmt: skip
DISGUISED: Final = [
    "http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://017700000001/",
    "http://127.1/", "http://127.0.1/", "http://127.0.0.1./", "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/",
    "http://１２７.0.0.1/", "http://0/", "http://0x/", "http://[::1]/", "http://[::ffff:7f00:1]/", "http://[fe80::1%25lo]/",
    "http://localhost/", "http://localhost./", "http://LOCALHOST/", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "http://db/", "http://127.0.0.1%00.example.org/",
    "http://user@example.org/", "http://user:word@example.org/", "http://example.org@127.0.0.1/", "http://@example.org/",
    "http://example.org:22/", "http://example.org:8000/", "http://example.org:0/", "http://example.org:99999/",
    "http://example.org:https/", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "data:text/html,a",
    "javascript:1", "//example.org/", "example.org", "", "http://", "http:///a", "https://exam ple.org/", "http://a\\@b.org/",
    "http://example.org/\r\nX: 1", "http://exa\tmple.org/", "http://[::1/", "http://-a.example.org/", "http://a..org/",
    f"http://{'a' * 64}.org/", f"http://example.org/{'a' * 2000}",
]  # fmt: skip


async def get(fetcher: Fetcher, text: str, most: int = 1000, *, whole: bool = False) -> Fetched:
    """Fetches a page."""
    try:
        return await fetcher.fetch(address_of(text), ["text/html"], most, whole=whole)
    finally:
        await fetcher.close()


def refused(pages: Pages, text: str = "http://site.example/", *, whole: bool = False) -> str:
    """Returns why a fetch from a site was refused."""

    async def run() -> str:
        async with site(pages) as made:
            with pytest.raises(Unfetchable) as caught:
                await get(made.fetcher(), text, whole=whole)
        return str(caught.value)

    return asyncio.run(run())


def leads_to(address: str) -> bytes:
    """Returns an answer that names another address."""
    head = f"HTTP/1.1 302 Found\r\nlocation: {address}\r\nset-cookie: a=b\r\ncontent-length: 0\r\n\r\n"
    return head.encode("utf-8")


def test_a_page_is_fetched_with_nothing_about_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    async def run() -> None:
        async with site({"/a%20%C3%BC?q=%D1%8F&b=1": PAGE}) as made:
            found = await get(made.fetcher(), "http://Site.Example/a%20ü?q=я&b=1#part")
        assert (str(found.address), found.body) == ("http://site.example/a%20%C3%BC?q=%D1%8F&b=1", b"page")
        assert found.type == "text/html; charset=utf-8"
        (head,) = made.asked
        assert head.decode().split("\r\n") == [
            "GET /a%20%C3%BC?q=%D1%8F&b=1 HTTP/1.1",
            "host: site.example",
            f"user-agent: {AGENT}",
            "accept: text/html",
            "accept-encoding: identity",
            "",
            "",
        ]

    asyncio.run(run())


def test_a_name_in_other_letters_is_asked_for_in_ascii() -> None:
    assert str(address_of("https://ПРИМЕР.рф/путь")) == "https://xn--e1afmkfd.xn--p1ai/%D0%BF%D1%83%D1%82%D1%8C"
    assert address_of("HTTPS://Example.ORG:80/?") == Address("https", "example.org", 80, "/")
    assert str(address_of("../c?d", address_of("https://example.org/a/b"))) == "https://example.org/c?d"


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_never_asked(address: str) -> None:
    assert not is_public(address)
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(Unfetchable, match="not on the open internet"):
        asyncio.run(get(Fetcher(AGENT), f"http://{host}/"))
    assert "not on the open internet" in refused({"/": leads_to(f"http://{host}/")})


@pytest.mark.parametrize("address", OPEN)
def test_an_address_outside_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("text", DISGUISED)
def test_a_disguised_address_is_refused(text: str) -> None:
    with pytest.raises(Unfetchable):
        asyncio.run(get(Fetcher(AGENT), text))


@pytest.mark.parametrize("text", [one for one in DISGUISED if not set(one) & set("\r\n") and "://" in one])
def test_a_redirect_to_a_disguised_address_is_refused(text: str) -> None:
    assert refused({"/": leads_to(text)})


def test_one_answer_inside_refuses_a_name() -> None:
    async def run() -> None:
        async with site({"/": PAGE}) as made:
            made.places = [[(OUTSIDE, made.port), ("10.0.0.1", 80)]]
            with pytest.raises(Unfetchable, match="not on the open internet"):
                await get(made.fetcher(), "http://site.example/")
        assert made.asked == []

    asyncio.run(run())


def test_a_name_is_looked_up_once_for_each_request() -> None:
    """A name server that changes its answer after the check changes nothing."""

    async def run() -> None:
        async with site({"/": leads_to("/b"), "/b": PAGE}) as made:
            outside, inside = [(OUTSIDE, made.port)], [("127.0.0.1", made.port)]
            made.places = [outside, inside]
            with pytest.raises(Unfetchable, match="not on the open internet"):
                await get(made.fetcher(), "http://site.example/")
            assert (len(made.asked), made.looked_up) == (1, ["site.example"] * 2)
            made.places = [outside, outside, inside]
            assert (await get(made.fetcher(), "http://site.example/")).body == b"page"
            assert made.places == [inside]

    asyncio.run(run())


def test_three_redirects_are_followed_and_no_cookie_comes_back() -> None:
    pages: Pages = {"/": leads_to("/1"), "/1": leads_to("/2"), "/2": leads_to("//b.example/3")}

    async def run() -> None:
        async with site({**pages, "/3": PAGE}) as made:
            found = await get(made.fetcher(), "http://site.example/")
        assert str(found.address) == "http://b.example/3"
        assert len(made.asked) == 4
        assert not any(b"cookie" in head for head in made.asked)

    asyncio.run(run())
    assert refused(pages | {"/3": leads_to("/4"), "/4": PAGE}) == "it leads on too often"


def test_our_own_host_is_not_asked() -> None:
    assert refused({}, "http://chat.example.org/") == "it is on this server"
    assert refused({"/": leads_to("http://Chat.Example.org/a")}) == "it is on this server"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", "it answers 404"),
        (b"HTTP/1.1 200 OK\r\ncontent-type: image/svg+xml\r\n\r\n<svg/>", "it is of another type: image/svg+xml"),
        (b"HTTP/1.1 200 OK\r\n\r\n<p>", "it is of another type: "),
        (b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-encoding: gzip\r\n\r\n\x1f\x8b", "it comes compressed"),
        (b"HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n", "it leads on too often"),
        (b"HTTP/1.1 302 Found\r\nlocation: file:///etc/passwd\r\n\r\n", "only http and https are fetched"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "it does not answer: RemoteProtocolError"),
        (b"HTTP/1.1 200 OK\r\nx: " + b"a" * 200_000 + b"\r\n\r\n", "it does not answer: RemoteProtocolError"),
        (b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 9\r\n\r\ncut", "it does not answer: RemoteProtocolError"),
        (b"", "it does not answer: RemoteProtocolError"),
    ],
)  # fmt: skip
def test_another_answer_is_refused(answer: bytes, why: str) -> None:
    assert refused({"/": answer}) == why


async def _endless(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n")
    while True:
        writer.write(b"a" * 65_536)
        await writer.drain()


async def _trickled(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n")
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _trickled_head(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"a: b\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _goes_on(_: bytes, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 102 Processing\r\n\r\n")
        await writer.drain()


def test_of_an_endless_page_the_first_bytes_are_taken() -> None:
    async def run() -> None:
        async with site({"/": _endless}) as made:
            assert (await get(made.fetcher(), "http://site.example/")).body == b"a" * 1000

    asyncio.run(run())
    assert refused({"/": _endless}, whole=True) == "it is too large"


@pytest.mark.parametrize("slow", [_trickled, _trickled_head, _goes_on])
def test_a_slow_answer_is_not_waited_for(slow: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "WHOLE_S", 0.4)
    assert refused({"/": slow}) == "it took longer than 0 s"


def test_a_slow_name_server_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "WHOLE_S", 0.2)

    async def never(host: str, port: int) -> list[tuple[str, int]]:
        await asyncio.Event().wait()
        return [(OUTSIDE, port)]

    with pytest.raises(Unfetchable, match="it took longer"):
        asyncio.run(get(Fetcher(AGENT, resolve=never), "http://site.example/"))


def test_a_certificate_must_be_that_of_the_name() -> None:
    authority = trustme.CA()
    serves, trusts = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("site.example").configure_cert(serves)
    authority.configure_trust(trusts)

    async def run() -> None:
        async with site({"/": PAGE}, serves) as made:
            assert (await get(made.fetcher(trusted=trusts), "https://site.example/")).body == b"page"
            for fetcher, host in ((made.fetcher(trusted=trusts), "other.example"), (made.fetcher(), "site.example")):
                with pytest.raises(Unfetchable, match="ConnectError"):
                    await get(fetcher, f"https://{host}/")
        assert len(made.asked) == 1

    asyncio.run(run())
