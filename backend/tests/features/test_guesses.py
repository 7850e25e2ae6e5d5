"""Tests guesses at a password: counted per account from all addresses, without shutting its owner out."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import httpx
import pytest

from messenger.db.database import Database
from messenger.db.tx import Tx
from messenger.features.people import access
from messenger.features.sessions import actions
from messenger.features.sessions.errors import TooManyGuesses
from messenger.features.sessions.watch import guesses
from messenger.kernel import clock
from tests.catcher import letters_to, text_of
from tests.database import Opened
from tests.inside import Within
from tests.server import Served
from tests.world import PASSWORD, World, client

MINUTE = 60_000


def _guess(server: Served, email: str, n: int, **more: Any) -> httpx.Response:
    """Tries a wrong password from address number `n`."""
    headers = {"x-forwarded-for": f"198.51.{n // 250}.{n % 250}"}
    return client(server).post("/api/auth/login", json={"email": email, "password": "wrong"} | more, headers=headers)


def test_one_account_is_guessed_at_from_many_addresses(serve: Any) -> None:
    server = serve(TRUSTED_PROXIES="127.0.0.1")
    known = client(server)
    ann = {"email": "ann@example.org", "password": PASSWORD, "transport": "cookie"}
    known.post("/api/auth/register", json=ann | {"name": "Ann"}).raise_for_status()
    answers = [_guess(server, ann["email"], n) for n in range(60)]
    evaluated = [answer for answer in answers if answer.status_code == 401]
    assert 10 <= len(evaluated) <= guesses.WINDOW_MAX
    refused = answers[-1]
    assert (refused.status_code, refused.json()["code"]) == (429, "auth.too_many_guesses")
    assert int(refused.headers["retry-after"]) >= 1
    assert _guess(server, ann["email"], 77, password=PASSWORD).status_code == 429, "also for the right password"
    assert known.post("/api/auth/login", json=ann).status_code == 200, "her own browser"
    letters = letters_to(server.mailbox, ann["email"], 1, "guesses")
    assert "198.51.0." in text_of(letters[0])
    assert len(letters) == 1
    log = server.settled()
    assert log.count("sign-in refused: address 198.51.0.") >= 60
    assert not any(ann["email"] in line for line in log.splitlines() if "refused" in line)


def test_an_unknown_address_is_counted_the_same(serve: Any) -> None:
    server = serve(TRUSTED_PROXIES="127.0.0.1")
    ann = World(server).person("ann")
    for address in (ann.email, "nobody@example.org"):
        answers = [_guess(server, address, n).status_code for n in range(40)]
        assert answers[:10] == [401] * 10
        assert set(answers[-10:]) == {429}


def test_a_stranger_cookie_is_no_known_device(serve: Any) -> None:
    server = serve(TRUSTED_PROXIES="127.0.0.1")
    eve, ann = client(server), client(server)
    new = {"password": PASSWORD, "transport": "cookie"}
    eve.post("/api/auth/register", json=new | {"email": "eve@example.org", "name": "Eve"}).raise_for_status()
    ann.post("/api/auth/register", json=new | {"email": "ann@example.org", "name": "Ann"}).raise_for_status()
    body = {"email": "ann@example.org", "password": "wrong"}
    assert [eve.post("/api/auth/login", json=body).status_code for _ in range(6)] == [401] * 5 + [429]
    statuses = [ann.post("/api/auth/login", json=body).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429], "a known browser has a bucket of its own"


@pytest.fixture
def moved_clock() -> Iterator[Callable[[int], None]]:
    """Yields `moved_clock(ms)`, which sets the clock to that time."""
    yield lambda ms: clock.replace_source(lambda: ms)
    clock.replace_source(None)


def test_no_account_is_guessed_at_more_than_a_hundred_times(within: Within, moved_clock: Callable[[int], None]) -> None:
    async def scenario() -> None:
        async with within() as app:
            ann, _ = await app.person("ann")
            write = app.platform.db.write
            tally = guesses.of_account("ann@example.org")
            now, began = clock.now_ms(), []
            for _ in count():
                moved_clock(now)
                try:
                    await write(guesses.begin, tally)
                except TooManyGuesses as refused:
                    if "retry_after_ms" not in refused.params:
                        break
                    now += refused.params["retry_after_ms"]
                else:
                    began.append(now)
                    await write(guesses.fail, tally, ann, "198.51.100.1")
            assert len(began) == guesses.ROW_MAX
            assert max(sum(at <= one < at + 10 * MINUTE for one in began) for at in began) <= 30
            now += guesses.EPISODE_MS + MINUTE
            moved_clock(now)
            await write(guesses.forget, now)
            with pytest.raises(TooManyGuesses):
                await write(guesses.begin, tally)
            await write(guesses.succeed, tally)
            await write(guesses.begin, tally)

    asyncio.run(scenario())


def test_one_letter_an_episode_and_none_without_an_account(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            ann, _ = await app.person("ann")
            await app.idle()
            write, read = app.platform.db.write, app.platform.db.read
            told = []
            for tally, user_id in (("a" * 64, ann), ("b" * 64, None)):
                for _ in range(guesses.WINDOW_MAX - 3):
                    await write(_free, tally)
                    await write(guesses.fail, tally, user_id, "198.51.100.1")
                told.append(await read(_is_told, tally))
            assert told == [True, False]

    def _is_told(tx: Tx, tally: str) -> bool:
        row = tx.first(f"SELECT told_at FROM guesses WHERE tally='{tally}'")
        return row is not None and row[0] > 0

    def _free(tx: Tx, tally: str) -> None:
        guesses.begin(tx, tally)
        tx.run("UPDATE guesses SET free_at = 0")

    asyncio.run(scenario())


def test_another_password_forgives_the_wrong_ones(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            ann, _ = await app.person("ann")
            write = app.platform.db.write
            email = (await app.platform.db.read(access.get_me, ann)).email
            assert isinstance(email, str)
            tallies = [guesses.of_account(email), guesses.of_user(ann)]
            for tally in tallies:
                await write(guesses.begin, tally)
                await write(lambda tx: tx.run("UPDATE guesses SET in_a_row = 100"))
                with pytest.raises(TooManyGuesses):
                    await write(guesses.begin, tally)
            await write(actions.forgive, ann)
            for tally in tallies:
                await write(guesses.begin, tally)

    asyncio.run(scenario())


def test_attempts_at_once_cost_no_wait_while_attempts_are_free(opened: Opened[Any]) -> None:
    """A transaction that waited for the row of the tally began before the transaction that held it."""

    def attempt(tx: Tx, ms: int) -> None:
        tx.now += ms
        guesses.begin(tx, "tally")

    async def scenario(db: Database) -> None:
        for ms in (50, 0):
            await db.write(attempt, ms)

    opened(scenario)
