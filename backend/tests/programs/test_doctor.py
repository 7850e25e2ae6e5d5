"""Tests `web-messenger doctor` with real components: it names each fault with its remedy, and invents none."""

import asyncio
import json
import os
import re
import resource
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
import trustme

from messenger.adapters.storage import s3
from messenger.assembly import migrate
from messenger.assembly.variables import Variables
from messenger.db.engine import open_engine
from messenger.doctor import disk, quota, storage
from messenger.doctor import scanner as scan
from messenger.doctor.check import Check, Finding, examine, ok
from messenger.doctor.report import checks_of
from messenger.kernel import clock
from messenger.settings import Settings
from tests import migrated
from tests.catcher import Catcher, Certificates
from tests.ports_free import free_port
from tests.postgres import Cluster, own_folder
from tests.redis_server import RedisServer
from tests.s3 import bucket
from tests.scanner import scanner
from tests.server import BACKEND, started, working

NOBODY = 65_534


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, cluster: Cluster, redis_server: RedisServer
) -> Iterator[dict[str, str]]:
    """Yields the variables of a server with every component, beside a worker."""
    folder = tmp_path_factory.mktemp("data")
    certificates = Certificates(tmp_path_factory.mktemp("certificates"))
    guarded = Catcher(tls_context=certificates.context, require_starttls=True, auth_required=True)
    with bucket(tmp_path_factory.mktemp("s3")) as files, guarded.running() as catcher:
        shared = {
            "DATABASE_URL": cluster.create_database(),
            "BUS_URL": redis_server.url,
            "LIMITS_URL": f"{redis_server.url}/1",
            "JOBS_URL": f"celery+{redis_server.url}/2",
            "STORAGE_URL": files.setting,
            "MAIL_URL": f"smtp://ann:p%40ss%3Aword@127.0.0.1:{catcher.port}?ca={certificates.ca}",
            "MAIL_FROM": "messenger@example.org",
            "SECRET_KEY": "a-secret-that-nobody-may-see-anywhere",
        }
        with started(folder, **shared) as served, working(folder, **shared):
            yield shared | {"DATA_DIR": str(folder), "PORT": str(served.port)}


def doctor(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command as people do."""
    command = [sys.executable, "-m", "messenger", "doctor", *arguments]
    env = {**os.environ, **environment}
    return subprocess.run(command, cwd=BACKEND, env=env, capture_output=True, text=True, timeout=60, check=False)


def found(name: str, site: dict[str, str], **changed: str) -> Finding:
    """Returns the finding of one check with some changed variables."""
    variables: Any = {key.lower(): value for key, value in (site | changed).items()}
    check = next(check for check in checks_of(Settings(**variables)) if check.name == name)
    return examine([check])[0].finding


def is_failure(finding: Finding, *words: str) -> bool:
    """Checks that a finding is a failure with all these words and a remedy."""
    said = f"{finding.what} {finding.advice}"
    assert finding.status == "failed", said
    assert finding.advice, said
    for word in words:
        assert word in said
    return True


def test_all_is_well(site: dict[str, str]) -> None:
    done = doctor("--json", **site)
    report = json.loads(done.stdout)
    wrong = [one for one in report["checks"] if one["status"] != "ok"]
    assert (wrong, report["status"], done.returncode, done.stderr) == ([], "ok", 0, "")
    names = {one["name"] for one in report["checks"]}
    assert names == {
        "database", "bus", "limits", "storage", "pictures", "jobs", "mail", "clock", "disk", "address", "socket",
    }  # fmt: skip
    assert all(set(one) == {"name", "status", "what", "advice", "took_ms"} for one in report["checks"])


def test_only_what_the_server_uses_is_examined(tmp_path: Path) -> None:
    with started(tmp_path) as served:
        done = doctor(DATA_DIR=str(tmp_path), PORT=str(served.port))
    assert done.returncode == 0, done.stdout
    assert [line.split()[:2] for line in done.stdout.splitlines()[:-1]] == [
        ["ok", name] for name in ("database", "storage", "pictures", "disk", "address", "socket")
    ]


def test_nothing_is_there_and_no_secret_is_said(site: dict[str, str], tmp_path: Path) -> None:
    away = f"127.0.0.1:{free_port()}"
    secrets = {"DATABASE_URL": f"postgresql://ann:s3cr%2Fet@{away}/none", "BUS_URL": f"redis://:s3cr%2Fet@{away}"}
    secrets |= {"STORAGE_URL": f"s3://ann:s3cr%2Fet@{away}/none?tls=off", "MAIL_URL": f"smtps://ann:s3cr%2Fet@{away}"}
    secrets |= {"LIMITS_URL": f"redis://{away}?password=s3cr%2Fet", "JOBS_URL": f"celery+redis://:s3cr%2Fet@{away}"}
    done = doctor(**site | secrets | {"DATA_DIR": str(tmp_path / "none"), "PORT": away.rpartition(":")[2]})
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert done.stdout.count("failed ") == 9
    assert "warning  clock" in done.stdout, "no other clock answers"
    for secret in ("s3cr/et", "s3cr%2Fet", site["SECRET_KEY"]):
        assert secret not in said


def test_a_hanging_service_is_named_and_delays_no_check(site: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        there = f"127.0.0.1:{silent.getsockname()[1]}"
        hanging = {"DATABASE_URL": f"postgresql://{there}/none", "BUS_URL": f"redis://{there}"}
        hanging |= {"STORAGE_URL": f"s3://ann:secret@{there}/none?tls=off", "MAIL_URL": f"smtps://{there}"}
        done = doctor("--json", **site | hanging, PUBLIC_URL=f"http://{there}")
    status = {one["name"]: one["status"] for one in json.loads(done.stdout)["checks"]}
    assert done.returncode == 1
    assert {name for name, one in status.items() if one == "ok"} == {"limits", "pictures", "disk"}


def test_wrong_use_and_settings_that_cannot_work(site: dict[str, str]) -> None:
    assert doctor("--xml").returncode == 2
    done = doctor("--json", **site | {"WORKERS": "none"})
    assert done.returncode == 1
    assert json.loads(done.stdout)["checks"][0]["name"] == "settings"


def test_a_mistake_of_the_doctor_is_a_finding_too() -> None:
    def broken() -> Finding:
        raise KeyError("nobody foresaw it")

    results = examine([Check("broken", broken), Check("whole", lambda: ok("Fine."))])
    assert is_failure(results[0].finding, "KeyError", "report it")
    assert results[1].finding == ok("Fine.")


@pytest.mark.parametrize(
    ("revision", "words"),
    [
        ("20251203_init_users", "web-messenger migrate"),
        ("29991231_future", "newer version"),
    ],
)
def test_a_database_at_another_revision(site: dict[str, str], cluster: Cluster, revision: str, words: str) -> None:
    url = cluster.create_database()
    migrate.upgrade(url)
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = %s", (revision,))
    assert is_failure(found("database", site, DATABASE_URL=url), revision, words)


def test_a_database_that_is_empty_or_cannot_be_written(site: dict[str, str], cluster: Cluster) -> None:
    url = cluster.create_database()
    assert is_failure(found("database", site, DATABASE_URL=url), "nothing", "web-messenger migrate")
    migrate.upgrade(url)
    with psycopg.connect(url, autocommit=True) as connection:
        name = url.rpartition("/")[2]
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    assert is_failure(found("database", site, DATABASE_URL=url), "read-only", "replica")


def test_a_replica(site: dict[str, str]) -> None:
    with Cluster.started() as primary:
        url = primary.create_database()
        with primary.replica() as copy:
            there = copy.url(url.rpartition("/")[2])
            assert found("replica", site, DATABASE_REPLICA_URL=there).status == "ok"
        away = found("replica", site, DATABASE_REPLICA_URL=there)
        itself = found("replica", site, DATABASE_REPLICA_URL=url)
    assert (away.status, itself.status) == ("warning", "warning")
    assert "does not answer" in away.what
    assert "follows no other" in itself.what


def test_an_embedded_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert is_failure(found("database", {"DATA_DIR": str(tmp_path)}, BUS_URL="memory://"), "Start the server")
    assert list(tmp_path.iterdir()) == []


def test_a_redis_that_is_away_or_locked(site: dict[str, str], tmp_path: Path) -> None:
    away = f"redis://127.0.0.1:{free_port()}"
    assert is_failure(found("bus", site, BUS_URL=away), "BUS_URL", "Connection refused")
    assert is_failure(found("limits", site, LIMITS_URL=away), "LIMITS_URL", "Connection refused")
    with RedisServer.started(tmp_path) as locked:
        locked_url = locked.url
        with socket.create_connection(("127.0.0.1", locked.port)) as line:
            line.sendall(b"CONFIG SET requirepass open-sesame\r\n")
            assert line.recv(100) == b"+OK\r\n"
        assert is_failure(found("bus", site, BUS_URL=locked_url), "Set user and password")


def test_a_bucket_with_another_secret(site: dict[str, str]) -> None:
    wrong = site["STORAGE_URL"].replace("messenger:", "messenger:not-")
    assert is_failure(found("storage", site, STORAGE_URL=wrong), "STORAGE_URL", "key, secret")


def test_no_worker(site: dict[str, str], cluster: Cluster, redis_server: RedisServer) -> None:
    url = cluster.create_database()
    migrate.upgrade(url)
    jobs = f"celery+{redis_server.url}/3"
    assert is_failure(found("jobs", site, DATABASE_URL=url, JOBS_URL=jobs), "web-messenger worker")
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM outbox").fetchone() == (0,), "nothing is left behind"


def test_a_mail_server_that_refuses(site: dict[str, str]) -> None:
    assert is_failure(found("mail", site, MAIL_URL=site["MAIL_URL"].replace("word", "words")), "user or password")
    unknown = site["MAIL_URL"].partition("?")[0]
    assert is_failure(found("mail", site, MAIL_URL=unknown), "certificate", "?ca=")
    with Catcher().running() as plain:
        assert is_failure(found("mail", site, MAIL_URL=f"smtp://127.0.0.1:{plain.port}"), "STARTTLS")


def test_a_clock_that_is_wrong(site: dict[str, str]) -> None:
    true = clock.now_ms
    clock.replace_source(lambda: int(datetime.now(UTC).timestamp() * 1000) + 10_000)
    try:
        finding = found("clock", site)
    finally:
        clock.replace_source(None)
    assert true is clock.now_ms
    assert finding.status == "warning"
    said = re.search(r"is ([\d.]+) s ahead of the database and ([\d.]+) s ahead of Redis", finding.what)
    assert said, finding.what
    assert [float(one) for one in said.groups()] == pytest.approx([10, 10], abs=1), "less the time of the answers"


def test_a_full_disk(site: dict[str, str]) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        finding = found("disk", site)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert is_failure(finding, site["DATA_DIR"], "Make room")
    assert disk.judged(Path("/data"), 10 * 1024**3).status == "ok"
    assert disk.judged(Path("/data"), 100 * 1024**2).status == "warning"
    assert is_failure(disk.judged(Path("/data"), 1024), "Make room now")


def test_a_disk_on_which_uploads_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Variables(data_dir=tmp_path, disk_reserve=50)
    (tmp_path / "files").mkdir()
    for free, status in ((60, "ok"), (40, "warning")):
        usage = SimpleNamespace(total=100 * 1024**3, free=free * 1024**3)
        monkeypatch.setattr(shutil, "disk_usage", lambda _, usage=usage: usage)
        finding = storage.check(settings)
        assert finding.status == status, finding
    assert "40.0 GiB" in finding.what
    assert storage.check(Variables(data_dir=tmp_path, disk_reserve=0)).status == "ok"


@pytest.mark.parametrize(("used", "status"), [(89, "ok"), (90, "warning")])
def test_the_files_of_all_people_near_their_limit(tmp_path: Path, used: int, status: str) -> None:
    migrated.embedded(tmp_path)
    settings = Variables(data_dir=tmp_path, files_total=100 * 1024**3)
    assert not quota.is_set(Variables(data_dir=tmp_path))
    assert quota.is_set(settings)
    engine = open_engine(settings.database, writes=True, size=1)
    with engine.begin() as connection:
        values = f"(3, {(used - 1) * 1024**3}, {1024**3})"
        connection.exec_driver_sql(f"INSERT INTO storage_total (shard, used, reserved) VALUES {values}")
    engine.dispose()
    finding = quota.check(settings)
    assert (finding.status, f"{used}.0 of 100.0 GiB" in finding.what) == (status, True), finding


def test_a_scanner_of_viruses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "PATIENCE_S", 30)
    with scanner() as running:
        settings = Variables(data_dir=tmp_path, scan_url=running.url, file_max=16 * 1024**2)
        assert scan.check(settings).status == "ok"
        assert sorted(running.seen) == [11, 68]
        running.most = 1024**2
        found = scan.check(settings)
        assert (found.status, "StreamMaxLength" in found.advice) == ("warning", True)
        running.signature = b"another"
        assert is_failure(scan.check(settings), "test virus", "freshclam")
        running.signature = b""
        assert is_failure(scan.check(settings), "plain words")
        running.mood = "closes"
        assert is_failure(scan.check(settings), "does not answer", "Uploads wait")
    away = Variables(data_dir=tmp_path, scan_url=f"clamd://127.0.0.1:{free_port()}")
    assert is_failure(scan.check(away), "nothing listens there")


def test_a_bucket_that_keeps_parts_of_files(site: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    parts = urlsplit(site["STORAGE_URL"])
    address = f"http://{parts.netloc.rpartition('@')[2]}{parts.path}/begun.bin"
    account = s3.Account(address, "us-east-1", parts.username or "", parts.password or "")
    assert found("storage", site).status == "ok"
    assert httpx.post(s3.signed(account, "POST", {"uploads": ""})).status_code == 200
    assert found("storage", site).status == "ok", "it may still go on"
    monkeypatch.setattr(storage, "OLD_MS", -60_000)
    finding = found("storage", site)
    assert (finding.status, "1 multipart" in finding.what) == ("warning", True), finding


def test_a_folder_without_the_right_to_write() -> None:
    me = os.geteuid()
    with own_folder() as top:
        top.chmod(0o755)
        folder = top / "data"
        folder.mkdir(mode=0o555)
        if me == 0:
            os.seteuid(NOBODY)
        try:
            finding = found("disk", {"DATA_DIR": str(folder)}, BUS_URL="memory://")
        finally:
            os.seteuid(me)
    assert is_failure(finding, str(folder), "Permission denied", "the right to write")


class Proxy(BaseHTTPRequestHandler):
    """Runs a reverse proxy with a common mistake: without upgrades."""

    protocol_version = "HTTP/1.1"
    target = ""
    answer: tuple[int, dict[str, str]] | None = None

    def do_GET(self) -> None:
        """Passes a request on, or answers it."""
        hop = ("upgrade", "connection", "host")
        if self.answer is None:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in hop}
            passed = httpx.get(f"{self.target}{self.path}", headers=headers)
            status, said, body = passed.status_code, {"x-passed": "yes"}, passed.content
        else:
            (status, said), body = self.answer, b"<html>"
        self.send_response(status)
        for name, value in said.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Logs nothing."""


@contextmanager
def proxy(target: str, answer: tuple[int, dict[str, str]] | None = None) -> Iterator[str]:
    """Runs such a proxy in front of a server, or one with an answer of its own."""
    handler = type("Bound", (Proxy,), {"target": target, "answer": answer})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def test_a_proxy_without_upgrades(site: dict[str, str]) -> None:
    with proxy(f"http://127.0.0.1:{site['PORT']}") as address:
        assert found("address", site, PUBLIC_URL=address).status == "ok"
        assert is_failure(found("socket", site, PUBLIC_URL=address), "404", "Upgrade")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((502, {}), "Start the server"),
        ((301, {"location": "https://chat.example.org/api/healthz"}), "leads on to https://chat.example.org"),
        ((404, {}), "pass /api/ on"),
        ((200, {}), "Something else"),
    ],
)
def test_an_address_that_leads_elsewhere(site: dict[str, str], answer: Any, words: str) -> None:
    with proxy("", answer) as address:
        assert is_failure(found("address", site, PUBLIC_URL=address), words)
        assert found("socket", site, PUBLIC_URL=address).status == "failed"


def test_a_server_that_believes_in_another_address(site: dict[str, str], tmp_path: Path) -> None:
    production = {"APP_ENV": "production", "PUBLIC_URL": "https://chat.example.org", "SECRET_KEY": site["SECRET_KEY"]}
    with started(tmp_path, **production) as served:
        assert is_failure(found("socket", site, PUBLIC_URL=f"http://127.0.0.1:{served.port}"), "same PUBLIC_URL")


@contextmanager
def encrypted(target: int, certificate: trustme.LeafCert) -> Iterator[int]:
    """Runs a proxy that ends TLS and passes everything on; yields its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    ready, loop = threading.Event(), asyncio.new_event_loop()
    port = free_port()

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
        writer.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(copy(reader, inner_writer), copy(inner_reader, writer), return_exceptions=True)

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(asyncio.start_server(accept, "127.0.0.1", port, ssl=context))
        ready.set()
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


@pytest.mark.parametrize(
    ("days", "status", "words"), [(90, "ok", "90 days"), (5, "warning", "5 days"), (-1, "failed", "expired")]
)
def test_a_certificate(site: dict[str, str], tmp_path: Path, days: int, status: str, words: str) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    ends = datetime.now(UTC) + timedelta(days=days, hours=1)
    with encrypted(int(site["PORT"]), authority.issue_cert("localhost", not_after=ends)) as port:
        secured = {"PUBLIC_URL": f"https://localhost:{port}", "SSL_CERT_FILE": str(tmp_path / "ca.pem")}
        checks = {one["name"]: one for one in json.loads(doctor("--json", **site, **secured).stdout)["checks"]}
    assert (checks["certificate"]["status"], words in checks["certificate"]["what"]) == (status, True), checks
    assert checks["socket"]["status"] == ("failed" if days < 0 else "ok"), checks
    # It is a proxy that ends TLS, and this server has no setting for it.
    assert checks["address"]["status"] == ("failed" if days < 0 else "warning"), checks
    if days > 0:
        assert "TRUSTED_PROXIES" in checks["address"]["advice"]


@pytest.mark.parametrize(("named", "status"), [("127.0.0.1", "warning"), ("172.18.0.1", "ok")])
def test_a_front_that_believes_no_proxy(site: dict[str, str], tmp_path: Path, named: str, status: str) -> None:
    """The composed front: its servers trust it, its own setting names the proxy that it trusts."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with encrypted(int(site["PORT"]), authority.issue_cert("localhost")) as port:
        secured = {"PUBLIC_URL": f"https://localhost:{port}", "SSL_CERT_FILE": str(tmp_path / "ca.pem")}
        composed = {**site, **secured, "TRUSTED_PROXIES": "*", "FRONT_PROXY": named}
        checks = {one["name"]: one for one in json.loads(doctor("--json", **composed).stdout)["checks"]}
    assert checks["address"]["status"] == status, checks
    assert ("FRONT_PROXY" in checks["address"].get("advice", "")) is (status == "warning")
