"""Tests letters and their links over HTTP: verified addresses, forgotten passwords, new devices."""

import asyncio
import time
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from messenger.db.tx import Tx
from messenger.features.people import access
from messenger.features.sessions import actions, tokens
from messenger.features.sessions.letters import jobs, links
from messenger.kernel import codec
from tests.catcher import Catcher, kept_in, letters_to, link_of, text_of
from tests.database import everything_in, statements
from tests.inside import Inside, Within
from tests.world import PASSWORD, Person, World, client

NEXT = "another long battery"


def _mail(person: Person, least: int = 1, subject: str = "") -> list[Any]:
    return letters_to(person.server.mailbox, person.email, least, subject)


def _verify(person: Person) -> str:
    (letter,) = _mail(person)
    page, token = link_of(letter)
    assert page == "/verify"
    client(person.server).post("/api/auth/email/verify", json={"token": token}).raise_for_status()
    return token


def _forget(person: Person, count: int = 1) -> str:
    """Requests a new password, and returns the token of the letter."""
    answer = client(person.server).post("/api/auth/password/forgot", json={"email": person.email})
    assert answer.status_code == 204
    page, token = link_of(_mail(person, count, "password")[-1])
    assert page == "/reset"
    return token


def _reset(person: Person, token: str, password: str = NEXT) -> httpx.Response:
    return client(person.server).post("/api/auth/password/reset", json={"token": token, "password": password})


def _login(person: Person, password: str) -> int:
    body = {"email": person.email, "password": password}
    return client(person.server).post("/api/auth/login", json=body).status_code


def test_a_new_person_verifies_the_address_and_every_device_hears_of_it(world: World) -> None:
    ann = world.person("ann", language="ru")
    assert ann.get("/api/users/me")["email_verified"] is False
    (letter,) = _mail(ann)
    assert letter["Subject"].startswith("Подтвердите почту")
    assert "24 часа" in text_of(letter) or "1 день" in text_of(letter)
    with ann.device() as device:
        token = _verify(ann)
        assert device.expect("user.changed")["data"]["user"]["email_verified"] is True
    assert ann.get("/api/users/me")["email_verified"] is True
    again = client(world.server).post("/api/auth/email/verify", json={"token": token})
    assert again.status_code == 204, "a second use of a link gets no error"
    assert "email_verified" not in world.person("bob").get(f"/api/users/{ann.id}")


def test_the_letter_comes_again_until_the_address_is_verified(world: World) -> None:
    ann = world.person("ann")
    first = link_of(_mail(ann)[0])[1]
    ann.post("/api/users/me/email/resend", status=204)
    tokens_sent = {link_of(letter)[1] for letter in _mail(ann, 2)}
    assert len(tokens_sent) == 2
    client(world.server).post("/api/auth/email/verify", json={"token": first}).raise_for_status()
    ann.post("/api/users/me/email/resend", status=204)
    time.sleep(0.5)
    assert len(_mail(ann, 2)) == 2


def test_a_forgotten_password_is_replaced_and_every_session_ends(world: World) -> None:
    ann = world.person("ann")
    other = world.again(ann)
    token = _forget(ann)
    with ann.device() as device:
        assert _reset(ann, token).status_code == 204
        assert device.closed() == 4403
    for session in (ann, other):
        session.get("/api/users/me", 401)
        refresh = {"refresh_token": session.tokens["refresh_token"]}
        assert client(world.server).post("/api/auth/refresh", json=refresh).status_code == 401
    assert (_login(ann, PASSWORD), _login(ann, NEXT)) == (401, 200)
    signed = client(world.server).post("/api/auth/login", json={"email": ann.email, "password": NEXT}).json()
    assert signed["user"]["email_verified"] is True, "the reader of the letters has the address"


def test_a_link_works_once_and_only_for_what_it_is(world: World) -> None:
    ann = world.person("ann")
    verification = link_of(_mail(ann)[0])[1]
    first, second = _forget(ann), _forget(ann, 2)
    refused = _reset(ann, verification)
    assert (refused.status_code, refused.json()["code"]) == (404, "link.not_found")
    assert client(world.server).post("/api/auth/email/verify", json={"token": first}).status_code == 404
    weak = _reset(ann, first, "short")
    assert weak.json()["code"] == "password.weak"
    assert _reset(ann, first, ann.email).json()["reason"] == "personal"
    assert _reset(ann, first).status_code == 204, "a refused password does not use the link up"
    assert [_reset(ann, one).status_code for one in (first, second)] == [404, 404], "the other link ended too"
    for nonsense in ("x", "é" * 40, first + "x", first[:-1]):
        assert _reset(ann, nonsense).status_code == 404


def test_a_password_that_was_changed_ends_the_links_to_a_new_one(world: World) -> None:
    ann = world.person("ann")
    token = _forget(ann)
    ann.post("/api/users/me/password", {"current_password": PASSWORD, "new_password": NEXT}, 204)
    assert _reset(ann, token, f"{NEXT} 2").status_code == 404
    assert _login(ann, NEXT) == 200


def test_of_two_who_open_a_link_at_once_one_has_the_account(world: World) -> None:
    ann = world.person("ann")
    token = _forget(ann)
    choices = [f"{NEXT} {n}" for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda password: _reset(ann, token, password).status_code, choices))
    assert sorted(statuses) == [204, 404, 404, 404]
    winner = choices[statuses.index(204)]
    assert [_login(ann, password) for password in choices] == [200 if one == winner else 401 for one in choices]


def test_an_unknown_address_is_answered_the_same_and_gets_no_letter(world: World) -> None:
    ann = world.person("ann")
    nobody = f"nobody-{ann.id}@example.org"
    answers = [
        client(world.server).post("/api/auth/password/forgot", json={"email": email})
        for email in (ann.email, nobody, "no address at all", ann.email.upper())
    ]
    assert {(one.status_code, one.content) for one in answers} == {(204, b"")}
    changing = {"x-request-id", "date", "ratelimit", "x-ratelimit-remaining", "x-ratelimit-reset"}
    heads = [{name: value for name, value in one.headers.items() if name not in changing} for one in answers]
    assert all(one == heads[0] for one in heads)
    _mail(ann, 2, "password")
    assert nobody not in [one["To"] for one in world.server.mailbox()]


async def _statements(app: Inside, call: Awaitable[Any]) -> list[str]:
    """Returns the statements during a call."""
    with statements(app.platform.db._writes, app.platform.db._reads) as seen:
        await call
    return seen


def test_an_unknown_address_costs_the_same_statements(within: Within) -> None:
    """Equal work takes equal time: a background job looks for the account when it writes the letter."""

    async def scenario() -> None:
        async with within() as app:
            ann, _ = await app.person("ann")
            email = await app.platform.db.read(lambda tx: access.get_me(tx, ann).email)
            await app.still()
            known, unknown = [
                await _statements(app, app.call("POST", "/api/auth/password/forgot", {"email": one}))
                for one in (email, "nobody@example.org")
            ]
            assert known == unknown
            assert any("INSERT INTO outbox" in one for one in known)
            rows = await app.platform.db.read(
                lambda tx: tx.all("SELECT job, payload FROM outbox WHERE job LIKE '%reset%' ORDER BY n")
            )
            assert [codec.decode(row.payload.encode(), jobs.Asked).email_key for row in rows] == [
                email,
                "nobody@example.org",
            ]

    asyncio.run(scenario())


def test_links_end(serve: Any) -> None:
    world = World(serve(RESET_TOKEN_TTL="3s", EMAIL_TOKEN_TTL="3s", RATE_LIMITS="off"))
    ann = world.person("ann")
    verification, token = link_of(_mail(ann)[0])[1], _forget(ann)
    time.sleep(3.1)
    assert _reset(ann, token).status_code == 404
    assert client(world.server).post("/api/auth/email/verify", json={"token": verification}).status_code == 404


def test_asking_is_limited_by_address_of_mail_and_of_peer(serve: Any) -> None:
    http = client(serve())

    def forget(email: str) -> int:
        return http.post("/api/auth/password/forgot", json={"email": email}).status_code

    assert [forget("ann@example.org") for _ in range(4)] == [204, 204, 204, 429]
    assert forget("ANN@example.org") == 429, "in upper or lower case"
    assert [forget(f"p{n}@example.org") for n in range(6)] == [204] * 5 + [429]


def test_resending_is_limited(serve: Any) -> None:
    ann = World(serve()).person("ann")
    statuses = [ann.http.post("/api/users/me/email/resend").status_code for _ in range(4)]
    assert statuses == [204, 204, 204, 429]


def _browser(person: Person) -> httpx.Client:
    """Returns a browser with its own cookies."""
    http = client(person.server)
    http.headers["user-agent"] = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0"
    return http


def _enter(http: httpx.Client, person: Person) -> None:
    body = {"email": person.email, "password": PASSWORD, "transport": "cookie"}
    answer = http.post("/api/auth/login", json=body)
    assert answer.status_code == 200
    assert any("device=" in one and "HttpOnly" in one for one in answer.headers.get_list("set-cookie"))


def test_a_new_device_is_told_of_once(world: World) -> None:
    ann = world.person("ann")
    _verify(ann)
    home, away = _browser(ann), _browser(ann)
    for http in (home, home, away, home, away):
        _enter(http, ann)
    letters = _mail(ann, 2, "device")
    assert "Chrome, Linux, address 127.0.0.1, 20" in text_of(letters[0])
    assert "/settings/sessions" in text_of(letters[0])
    world.again(ann)  # the program with which ann registered
    time.sleep(0.5)
    assert len(_mail(ann, 2, "device")) == 2


def test_who_never_verified_the_address_is_not_written_to_about_devices(world: World) -> None:
    ann = world.person("ann")
    for _ in range(3):
        _enter(_browser(ann), ann)
    time.sleep(0.7)
    assert len(_mail(ann)) == 1


def test_a_new_version_of_a_program_is_no_new_device(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            ann, _ = await app.person("ann")
            write = app.platform.db.write

            async def enter(name: str, address: str) -> int:
                await write(actions.sign_in, ann, actions.Device(name, address, False))
                count = await app.platform.db.read(lambda tx: tx.first("SELECT count(*) FROM devices"))
                return int(count[0]) if count else 0

            first = await enter("Program/1.2", "192.0.2.1")
            assert await enter("Program/1.10.3", "192.0.2.1") == first
            assert await enter("Program/1.10.3", "192.0.2.2") == first + 1
            assert await enter("Other/1.0", "192.0.2.2") == first + 2
            assert await enter("Other/1.0", "2001:db8::1") == first + 3
            assert await enter("Other/1.0", "2001:db8::2") == first + 3, "one network"

    asyncio.run(scenario())


def test_the_database_holds_no_token(serve: Any) -> None:
    server = serve(RATE_LIMITS="off")
    ann = World(server).person("ann")
    sent = [link_of(_mail(ann)[0])[1], _forget(ann)]
    kept = everything_in(server.database)
    assert ann.email in kept
    for token in sent:
        assert token not in kept
        assert tokens.fingerprint(token) in kept


def test_without_mail_letters_stay_here_for_us_alone(serve: Any) -> None:
    server = serve(MAIL_URL="log://", RATE_LIMITS="off")
    assert "mail" not in client(server).get("/api/server").json()["features"]
    ann = World(server).person("ann")
    folder = server.folder / "mail"
    assert len(letters_to(lambda: kept_in(folder), ann.email)) == 1
    assert folder.stat().st_mode & 0o077 == 0


def test_letters_go_out_by_smtp_once_each(serve: Any) -> None:
    with Catcher().running() as catcher:
        server = serve(
            MAIL_URL=f"smtp://127.0.0.1:{catcher.port}?starttls=never",
            MAIL_FROM="Our server <messenger@example.org>",
            PUBLIC_URL="http://chat.example.org",
        )
        ann = World(server).person("ann")
        (letter,) = catcher.until(1, ann.email)
        assert "http://chat.example.org/verify#" in text_of(letter)
        assert "mail" in client(server).get("/api/server").json()["features"]
        World(server).person("bob")
        time.sleep(0.5)
        assert len(catcher.letters) == 2


def test_a_repeated_job_writes_the_same_letter_and_none_that_is_of_no_use(within: Within) -> None:
    async def scenario(catcher: Catcher) -> None:
        url = f"smtp://127.0.0.1:{catcher.port}?starttls=never"
        async with within(mail_url=url, mail_from="m@example.org") as app:
            await app.person("ann")
            (first,) = await asyncio.to_thread(catcher.until, 1)
            email = str(first["To"])
            (row,) = await app.platform.db.read(lambda tx: tx.all("SELECT * FROM letter_links"))
            asked = jobs.Asked(email, 7, row.expires_at - 86_400_000)
            payload = codec.encode(asked)
            for _ in range(2):
                await jobs.verify_letter(app.platform, payload)
            same = catcher.letters[1:]
            assert len({one["Message-ID"] for one in same}) == 1
            assert {link_of(one) for one in same} == {link_of(same[0])}
            await app.call("POST", "/api/auth/email/verify", {"token": link_of(same[0])[1]})
            await jobs.verify_letter(app.platform, payload)
            assert len(catcher.letters) == 3, "verified meanwhile"
            old = codec.encode(jobs.Asked(email, 8, row.expires_at - 3 * 86_400_000))
            await jobs.reset_letter(app.platform, old)
            assert len(catcher.letters) == 3, "too old"

    with Catcher().running() as catcher:
        asyncio.run(scenario(catcher))


def _count(tx: Tx, table: str) -> int:
    row = tx.first(f"SELECT count(*) FROM {table}")
    return int(row[0]) if row else 0


def test_what_ended_is_forgotten(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            ann, _ = await app.person("ann")
            write, read = app.platform.db.write, app.platform.db.read
            await write(links.issue, tokens.RESET, (ann, "ann@example.org"), "token", 2**45)

            async def count() -> list[int]:
                return [await read(_count, table) for table in ("letter_links", "devices")]

            await app.idle()
            before = await count()
            await write(links.forget, 0)
            assert await count() == before
            await write(links.forget, 2**45 + 1)
            assert await count() == [0, 0]

    asyncio.run(scenario())
