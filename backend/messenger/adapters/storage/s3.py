"""Stores files in a bucket of an S3 server: Amazon's, or your own."""

import asyncio
import hashlib
import hmac
import logging
import re
import urllib.error
import urllib.request
from collections.abc import AsyncIterable, AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from messenger.kernel.ports.storage import Kept, Opened, checked, saving, type_of

log = logging.getLogger("messenger.storage")

CONNECT_S: Final = 3
REQUEST_S: Final = 30
RETRY_S: Final = 20
CHUNK: Final = 256 * 1024
PART: Final = 5 * 1024 * 1024
"""The least size of a part of a large file, which is also what an upload holds in memory twice."""


FOR_EVER: Final = "private, max-age=31536000, immutable"
"""A key is written once: a client that read it from the bucket may keep it."""
LISTING_MAX: Final = 4 * 1024 * 1024
_BEGUN: Final = re.compile(r"<Initiated>([^<]{1,40})</Initiated>")
FORM: Final = "s3://KEY:SECRET@host:port/bucket?region=us-east-1&tls=off"


class Account(NamedTuple):
    """Who asks for a bucket: its address, the region, the key and its secret."""

    address: str
    region: str
    key: str
    secret: str


class S3Storage:
    """A driver of `kernel.ports.storage.Storage` for `s3://KEY:SECRET@host[:port]/bucket?region=…&tls=off`.

    With `&public=https://files.example.org`, the address of the same S3 server for browsers, they read from it
    directly.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        bucket, host = parts.path.strip("/"), parts.netloc.rpartition("@")[2]
        if not host or not bucket or "/" in bucket or not parts.username or not parts.password:
            raise ValueError(f"it must look like {FORM}")
        self.origin = query.get("public", "")
        if self.origin and not re.fullmatch(r"https?://[^/?#\s;,'\"]+", self.origin):
            raise ValueError(f"its option public must look like https://files.example.org, after {FORM}")
        self._region = query.get("region", "us-east-1")
        self._bucket = bucket
        self._is_ready = False
        known = unquote(parts.username), unquote(parts.password)
        endpoint = f"{'http' if query.get('tls') == 'off' else 'https'}://{host}"
        self._account = Account(f"{endpoint}/{bucket}", self._region, *known)
        self._store = _store(bucket, endpoint, self._region, *known)
        # A signature holds for one name of the server only.
        self._seen_outside = _store(bucket, self.origin, self._region, *known) if self.origin else None

    async def start(self) -> None:
        try:
            await self._ready()
        except OSError as error:
            # People write to each other without files too; the bucket is looked for again with the next one.
            log.warning("the S3 server does not answer: %s", error)

    async def put(self, key: str, chunks: AsyncIterator[bytes], saved_as: str = "") -> int:
        attributes = {"Content-Type": type_of(checked(key)), "Cache-Control": FOR_EVER}
        if saved_as:
            attributes["Content-Disposition"] = saving(saved_as)
        await self._ready()
        size = 0

        async def counted() -> AsyncIterator[bytes]:
            nonlocal size
            async for chunk in chunks:
                size += len(chunk)
                yield chunk

        with _plain_errors():
            await obstore.put_async(
                self._store,
                key,
                counted(),
                attributes=attributes,
                chunk_size=PART,
                max_concurrency=2,
            )
        return size

    async def join(self, key: str, parts: Sequence[str], saved_as: str = "") -> int:
        if len(parts) == 1 and type_of(checked(key)) == type_of(checked(parts[0])) and not (saved_as and self.origin):
            with _plain_errors():
                await obstore.copy_async(self._store, parts[0], key)
            return await self.stat(key)
        return await self.put(key, self._all(parts), saved_as)

    async def _all(self, parts: Sequence[str]) -> AsyncIterator[bytes]:
        """Yields the bytes of files, one after the other."""
        for part in parts:
            opened = await self.open(part)
            async for chunk in opened.chunks:
                yield chunk

    async def open(self, key: str, start: int = 0, end: int | None = None) -> Opened:
        skipped = 0
        with _plain_errors():
            try:
                result = await obstore.get_async(self._store, checked(key), options=_span(start, end))
            except BaseError as error:
                if "non-partial" not in str(error):
                    raise
                # Some servers (rclone's) answer a part with 200 in place of 206: then all of it is read.
                result, skipped = await obstore.get_async(self._store, checked(key)), start
        wanted = None if end is None else max(0, min(end, result.meta["size"]) - start)
        return Opened(result.meta["size"], _cut(result.stream(CHUNK), skipped, wanted))

    async def stat(self, key: str) -> int:
        with _plain_errors():
            return (await obstore.head_async(self._store, checked(key)))["size"]

    async def disk(self) -> None:
        return None

    async def survey(self, after: str, most: int) -> Sequence[Kept]:
        with _plain_errors():
            # Some servers (rclone's) begin at the first key all the same.
            async for found in obstore.list(self._store, offset=after or None, chunk_size=most):
                if beyond := [one for one in found if one["path"] > after]:
                    return [Kept(one["path"], int(one["last_modified"].timestamp() * 1000)) for one in beyond]
        return []

    async def unfinished(self) -> Sequence[int]:
        return await asyncio.to_thread(list_begun, self._account)

    def signed(self, key: str, ttl_s: int) -> str | None:
        if self._seen_outside is None:
            return None
        return str(obstore.sign(self._seen_outside, "GET", checked(key), timedelta(seconds=ttl_s)))

    async def delete(self, keys: Collection[str]) -> None:
        with _plain_errors():
            if keys:
                await obstore.delete_async(self._store, [checked(key) for key in keys])

    async def _ready(self) -> None:
        """Creates the bucket when it is missing. Raises `OSError`."""
        if self._is_ready:
            return
        # The client has no calls for buckets, but can sign for one.
        look, make = (obstore.sign(self._store, method, "", timedelta(seconds=60)) for method in ("HEAD", "PUT"))
        if not await asyncio.to_thread(_ask, "HEAD", look, 404):
            where = "" if self._region == "us-east-1" else _PLACE.format(region=self._region)
            await asyncio.to_thread(_ask, "PUT", make, 409, where)
            log.info("created the bucket %s", self._bucket)
        self._is_ready = True


def _store(bucket: str, endpoint: str, region: str, key: str, secret: str) -> S3Store:
    return S3Store(
        bucket,
        endpoint=endpoint,
        region=region,
        access_key_id=key,
        secret_access_key=secret,
        virtual_hosted_style_request=False,
        client_options={
            "allow_http": endpoint.startswith("http:"),
            "connect_timeout": timedelta(seconds=CONNECT_S),
            "timeout": timedelta(seconds=REQUEST_S),
        },
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=RETRY_S)},
    )


def _ask(method: str, address: str, expected: int, body: str = "") -> bool:
    """Returns whether a signed request succeeded; `False` for the one refusal that is expected. Raises `OSError`."""
    request = urllib.request.Request(address, body.encode() or None, method=method)  # noqa: S310 (our own setting)
    try:
        urllib.request.urlopen(request, timeout=REQUEST_S).close()  # noqa: S310
    except urllib.error.HTTPError as error:
        error.close()
        if error.code != expected:
            raise
        return False
    return True


_PLACE: Final = (
    '<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    "<LocationConstraint>{region}</LocationConstraint></CreateBucketConfiguration>"
)


def list_begun(account: Account) -> list[int]:
    """Returns when the multipart uploads that have not ended were begun (ms), at most a thousand; none where the server
    or the rights of the key do not answer that. Raises `OSError` for a server that does not answer at all.
    """
    asked = urllib.request.Request(signed(account, "GET", {"uploads": ""}))  # noqa: S310 (our own setting)
    try:
        with urllib.request.urlopen(asked, timeout=REQUEST_S) as answer:  # noqa: S310
            said = answer.read(LISTING_MAX).decode("utf-8", "replace")
        return [int(datetime.fromisoformat(one).timestamp() * 1000) for one in _BEGUN.findall(said)]
    except (urllib.error.HTTPError, ValueError):
        return []


def signed(account: Account, method: str, asked: Mapping[str, str]) -> str:
    """Returns the address of a request to a bucket, signed for a minute (Signature Version 4)."""
    parts, now = urlsplit(account.address), datetime.now(UTC)
    scope = f"{now:%Y%m%d}/{account.region}/s3/aws4_request"
    query = {
        **asked,
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{account.key}/{scope}",
        "X-Amz-Date": f"{now:%Y%m%dT%H%M%SZ}",
        "X-Amz-Expires": "60",
        "X-Amz-SignedHeaders": "host",
    }
    sorted_query = urlencode(sorted(query.items()), quote_via=quote, safe="~")
    request = f"{method}\n{parts.path}\n{sorted_query}\nhost:{parts.netloc}\n\nhost\nUNSIGNED-PAYLOAD"
    hashed = hashlib.sha256(request.encode()).hexdigest()
    key = f"AWS4{account.secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    words = f"AWS4-HMAC-SHA256\n{now:%Y%m%dT%H%M%SZ}\n{scope}\n{hashed}"
    signature = hmac.digest(key, words.encode(), "sha256").hex()
    return f"{account.address}?{sorted_query}&X-Amz-Signature={signature}"


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Raises the client's errors as `OSError`; a missing file is a `FileNotFoundError` already."""
    try:
        yield
    except BaseError as error:
        raise OSError(str(error).partition("\n")[0]) from error


def _span(start: int, end: int | None) -> Any:
    if start == 0 and end is None:
        return None
    return {"range": {"offset": start} if end is None else (start, end)}


async def _cut(stream: AsyncIterable[Any], skipped: int, wanted: int | None) -> AsyncIterator[bytes]:
    """Yields a stream without its first `skipped` bytes, `wanted` bytes long at most."""
    with _plain_errors():
        async for piece in stream:
            chunk = bytes(piece)
            if skipped:
                chunk, skipped = chunk[skipped:], max(0, skipped - len(chunk))
            if wanted is not None:
                chunk = chunk[:wanted]
                wanted -= len(chunk)
            if chunk:
                yield chunk
            if wanted == 0:
                return
