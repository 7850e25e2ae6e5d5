"""Tests that a damaged database file is never served as healthy.

Flipped bits, in pages of every kind, are either reported or harmless.
"""

import itertools
import json
import random
import re
import shutil
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from messenger.assembly import migrate
from messenger.db.pages import check
from messenger.doctor import damage
from messenger.doctor import database as doctor
from messenger.settings import Settings
from tests.postgres import Cluster
from tests.server import Served, ended, started
from tests.world import World

FLIPS, MANY_FLIPS = 28, 216
"""Seven kinds of pages in turn; `--long` flips many bits."""
PAGE = 4096


class Filled(NamedTuple):
    """A folder whose server has stopped; headers of a person, addresses to ask, and their earlier answers."""

    folder: Path
    headers: dict[str, str]
    answers: dict[str, Any]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """Writes people, chats, messages of all lengths, versions, tombstones and free pages."""
    folder = tmp_path_factory.mktemp("data")
    chance = random.Random(54)
    with started(folder, RATE_LIMITS="off") as server:
        world = World(server)
        ann, bob, *others = world.people("ann", "bob", *(f"person {n}" for n in range(20)))
        den, pair = world.group(ann, bob, *others), world.direct(ann, bob)
        for n in range(400):
            size = chance.choice((5, 40, 200, 200, 900, 9000))
            sent = chance.choice((ann, bob)).say(chance.choice((den, pair)), f"{n} " + "слово " * (size // 6))
            path = f"/api/chats/{sent['chat_id']}/messages/{sent['seq']}"
            author = ann if sent["sender_id"] == ann.id else bob
            if n % 10 == 0:
                author.patch(path, {"text": f"{n} in other words"})
            elif n % 11 == 0:
                author.delete(path)
        for sent in [bob.say(pair, "long " * 3000) for _ in range(4)]:
            bob.delete(f"/api/chats/{pair}/messages/{sent['seq']}")
        addresses = [
            "/api/chats",
            f"/api/chats/{den}/members",
            *(f"/api/chats/{chat}/messages?limit=200{more}" for chat in (den, pair) for more in ("", "&before=120")),
            "/api/users?q=person",
            f"/api/users/{bob.id}",
            "/api/server",
        ]
        headers = dict(ann.http.headers)
        answers = {one: _get(server, one, headers).json() for one in addresses}
    (folder / "server.log").unlink()
    return Filled(folder, headers, answers)


def _get(server: Served, path: str, headers: dict[str, str]) -> httpx.Response:
    return httpx.get(f"{server.url}{path}", headers=headers, timeout=20)


def _kinds(database: Path) -> dict[str, list[int]]:
    """Returns the pages of each kind."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    connection = sqlite3.connect(database)
    indexes = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'index'")}
    used = {1}
    for name, page, kind in connection.execute("SELECT name, pageno, pagetype FROM dbstat"):
        used.add(page)
        found[f"{'index' if name in indexes else 'table'} {kind}"].append(page)
    connection.close()
    found["first"] = [1]
    found["free"] = sorted(set(range(1, database.stat().st_size // PAGE + 1)) - used)
    return found


def _places(database: Path, count: int) -> list[tuple[str, int, int]]:
    """Returns bits to flip, for each kind of page in turn: kind, byte and bit."""
    chance, kinds = random.Random(8), _kinds(database)
    assert {"table internal", "table leaf", "table overflow", "index internal", "index leaf", "first"} <= kinds.keys()
    assert kinds["free"]
    turns = itertools.cycle(sorted(kinds))
    return [
        (kind, (chance.choice(kinds[kind]) - 1) * PAGE + chance.randrange(100 if kind == "first" else PAGE), n % 8)
        for n, kind in enumerate(itertools.islice(turns, count))
    ]


def _copy(filled: Filled, folder: Path) -> Path:
    """Copies the folder, and returns the database of the copy."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(filled.folder, folder)
    check.place_of(folder / "messenger.db").unlink()
    return folder / "messenger.db"


def _flip(database: Path, byte: int, bit: int) -> None:
    with database.open("r+b") as file:
        file.seek(byte)
        (was,) = file.read(1)
        file.seek(byte)
        file.write(bytes([was ^ 1 << bit]))


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.timeout(900)
def test_flipped_bits_are_said_or_harmless(filled: Filled, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    silent = []
    count = MANY_FLIPS if request.config.getoption("--long") else FLIPS
    for kind, byte, bit in _places(filled.folder / "messenger.db", count):
        database = _copy(filled, tmp_path / "copy")
        _flip(database, byte, bit)
        place = check.place_of(database)
        found = damage.of_file(Settings(data_dir=database.parent))
        is_said = found is not None and found.status == "failed" and "is damaged" in found.what
        try:
            with started(database.parent) as server:
                _until(place.exists)
                ready = httpx.get(f"{server.url}/api/readyz")
                is_said = is_said and ready.status_code == 503 and ready.json()["checks"]["database"] == "damaged"
                is_same = all(
                    _get(server, path, filled.headers).json() == answer for path, answer in filled.answers.items()
                )
        except AssertionError as refused:  # the server does not start
            is_same, is_said = False, is_said and "is damaged" in str(refused)
        if not (is_said or is_same):
            silent.append((kind, byte, bit))
    assert silent == []


@pytest.fixture
def whole(filled: Filled, tmp_path: Path) -> Path:
    """Starts a server with an undamaged database."""
    return _copy(filled, tmp_path / "whole")


def test_what_cannot_be_read_is_a_problem_with_a_name(filled: Filled, whole: Path) -> None:
    """Once a thousand messages were answered 500 while readiness said ok."""
    (root,) = _root_of(whole, "messages")
    with whole.open("r+b") as file:
        file.seek((root - 1) * PAGE)
        file.write(bytes(PAGE))
    path = next(path for path in filled.answers if "/messages" in path)
    with started(whole.parent) as server:
        answer = _get(server, path, filled.headers)
        assert (answer.status_code, answer.json()["code"]) == (500, "server.damaged")
        # At once, not after the check.
        assert httpx.get(f"{server.url}/api/readyz").json()["checks"]["database"] == "damaged"
        assert httpx.get(f"{server.url}/api/healthz").status_code == 200
        _until(lambda: "Stop the server, keep the damaged file, and restore a backup" in server.log.read_text())
        assert "Traceback" not in server.log.read_text()
    found = check.read(whole)
    assert found is not None
    assert "messages" in found.sentence()


def test_the_rows_of_a_damaged_page_are_named(whole: Path) -> None:
    at = _words_at(whole)
    _flip(whole, at, 0)
    connection = sqlite3.connect(whole)
    texts = connection.execute("SELECT rowid, text FROM messages").fetchall()
    connection.close()
    (row,) = [rowid for rowid, text in texts if _is_flipped(text)]
    with started(whole.parent):
        _until(check.place_of(whole).exists)
    found = check.read(whole)
    assert found is not None
    first, last = re.fullmatch(r"messages rows (\d+) to (\d+)", found.owners[0]).groups()  # type: ignore[union-attr]
    assert int(first) <= row <= int(last)


def _is_flipped(text: str) -> bool:
    words = set(text.split()) - {"слово"}
    return text.count("слово") > 1 and len(words) > 1


def test_a_text_that_is_no_utf8_is_said_without_its_words(filled: Filled, whole: Path) -> None:
    """The driver puts the text of a value into its error, which would bring it into the log."""
    at = _words_at(whole)
    with whole.open("r+b") as file:
        file.seek(at)
        file.write(b"\xff")
    # Older than all sums, as in a file of an earlier release.
    check.forget(whole)
    with started(whole.parent) as server:
        answers = [_get(server, path, filled.headers) for path in filled.answers]
        assert {answer.json()["code"] for answer in answers if not answer.is_success} == {"server.damaged"}
        assert httpx.get(f"{server.url}/api/readyz").json()["checks"]["database"] == "damaged"
        log = server.log.read_text()
    assert "a text that is no UTF-8" in log
    assert "слово" not in log


def test_the_doctor_says_it_while_the_server_runs_and_after(whole: Path) -> None:
    _flip(whole, (_root_of(whole, "messages")[0] - 1) * PAGE + 2000, 1)
    with started(whole.parent) as server:
        _until(lambda: check.place_of(whole).exists())
        ports = {"PORT": str(server.port)}
        assert _doctor(whole, **ports) == "failed"
    assert _doctor(whole) == "failed"


def test_a_restored_or_rewritten_file_is_no_damage(filled: Filled, whole: Path) -> None:
    before = whole.with_name("before")
    shutil.copy(whole, before)
    with started(whole.parent) as server:
        World(server).person("carl")
        server.kill()
        server.start()
        _until(lambda: check.place_of(whole).exists())
        assert httpx.get(f"{server.url}/api/readyz").status_code == 200, "a killed process is no damage"
    connection = sqlite3.connect(whole)
    connection.execute("VACUUM")
    connection.close()
    for replaced in (None, before):
        if replaced is not None:
            shutil.copy(replaced, whole)
            (whole.parent / "witness.json").unlink()
        check.place_of(whole).unlink()
        with started(whole.parent) as server:
            _until(lambda: check.place_of(whole).exists())
            assert httpx.get(f"{server.url}/api/readyz").status_code == 200
            assert "was replaced, or written by another program" in server.log.read_text()


def test_a_damaged_page_of_postgresql_is_named_too(tmp_path: Path) -> None:
    """PostgreSQL has checksums of its own, if the cluster was created with them."""
    with Cluster.started() as cluster:
        database = cluster.create_database()
        with started(tmp_path, DATABASE_URL=database) as server:
            ann, bob = World(server).people("ann", "bob")
            chat = World(server).direct(ann, bob)
            ann.say(chat, "hello " * 200)
            cluster.damage(database, "messages")
            answer = _get(server, f"/api/chats/{chat}/messages", dict(ann.http.headers))
            assert (answer.status_code, answer.json()["code"]) == (500, "server.damaged")
            _until(lambda: "SQLSTATE XX001" in server.log.read_text())
            finding = doctor.check(Settings(database_url=database, data_dir=tmp_path))
            assert finding.status == "failed"
            assert "met damaged pages" in finding.what


def test_a_postgresql_without_checksums_is_a_warning(tmp_path: Path) -> None:
    with Cluster.started(has_sums=False) as cluster:
        database = cluster.create_database()
        migrate.upgrade(database)
        finding = doctor.check(Settings(database_url=database, data_dir=tmp_path))
        assert finding.status == "warning"
        assert "pg_checksums --enable" in finding.advice


def _words_at(database: Path) -> int:
    """Returns where a message holds its text."""
    connection, data = sqlite3.connect(database), database.read_bytes()
    pages = [
        page
        for (page,) in connection.execute("SELECT pageno FROM dbstat WHERE name = 'messages' AND pagetype = 'leaf'")
    ]
    connection.close()
    found = ((page - 1) * PAGE + data[(page - 1) * PAGE : page * PAGE].find("слово слово".encode()) for page in pages)
    return int(next(at for at in found if at % PAGE != PAGE - 1))


def _root_of(database: Path, table: str) -> list[int]:
    connection = sqlite3.connect(database)
    found = [page for (page,) in connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,))]
    connection.close()
    return found


def _doctor(database: Path, **environment: str) -> str:
    """Returns what the doctor says about the database."""
    checks = json.loads(ended(database.parent, "doctor", "--json", **environment).stdout)["checks"]
    return str(next(one["status"] for one in checks if one["name"] == "database"))
