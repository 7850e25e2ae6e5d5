"""The server's own variables, typed, with their defaults; refuses sets that cannot work.

Houses have theirs on their plates.
"""

import re
from pathlib import Path
from typing import Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError

from messenger.doors.section import Section, Words
from messenger.kernel.address import Proxies
from messenger.kernel.origin import LOOPBACK

CLAMD_PORT: Final = 3310
_CLAMD: Final = re.compile(r"clamd://([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?/?")
SECRET_MIN: Final = 32


class SettingsError(Exception):
    """A variable cannot be used; the message says which and what to set."""


class Settings(Section):
    """Where the server runs, which services it uses, and how it reports to its administrators."""

    app_env: Literal["local", "production"] = Field(
        "local",
        description="local: this machine only, open registration. production: needs PUBLIC_URL and SECRET_KEY, invites only.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on; local listens on loopback only.")
    port: int = Field(8000, ge=0, le=65_535, description="Port to listen on; 0 takes any free one.")
    data_dir: Path = Field(Path("./data"), description="Folder of the embedded database, letters and keys.")
    public_url: str = Field(
        "", description="Address people open, such as https://chat.example.org; needed in production."
    )
    insecure_public_url: Literal["no", "yes"] = Field(
        "no",
        description="yes: PUBLIC_URL may begin with http:// in production; the network in between can then read and change everything.",
    )
    public_docs: Literal["no", "yes"] = Field(
        "no",
        description="yes: /docs and /api/openapi.json are public in production too; otherwise only signed-in people can read them.",
    )
    secret_key: str = Field(
        "", description="At least 32 random characters; needed in production, made and kept in DATA_DIR in local."
    )
    database_url: str = Field(
        "", description="Database; default an SQLite file in DATA_DIR, or postgresql://user:password@host/name."
    )
    database_replica_url: str = Field(
        "",
        description="A streaming replica of a PostgreSQL database, from which pages of old messages are read, unless it is away or behind.",
    )
    bus_url: str = Field(
        "memory://",
        description="Bus between processes: memory:// for one process, redis://host:6379/0 (rediss:// with TLS) for any number.",
    )
    storage_url: str = Field(
        "",
        description="Where files are kept; default a folder in DATA_DIR, or s3://KEY:SECRET@host:port/bucket?region=us-east-1&tls=off. With &public=https://files.example.org browsers read from there.",
    )
    scan_url: str = Field(
        "",
        description="Scanner of viruses that sees every file before anyone may read it: clamd://host:3310; none by default. While it is away, uploads wait.",
    )
    jobs_url: str = Field(
        "inproc://",
        description="What runs background jobs: inproc:// the servers themselves, celery+redis://host:6379/0 workers "
        "(web-messenger worker), which need PostgreSQL and a Redis bus.",
    )
    mail_url: str = Field(
        "log://",
        description="Where letters go: log:// writes them to DATA_DIR/mail; smtp://user:password@host:587 (STARTTLS) or "
        "smtps://host:465 sends them. Options: ?ca=/path.pem, ?starttls=never.",
    )
    mail_from: str = Field(
        "", description="Sender of letters, such as Our server <messenger@example.org>; needed by smtp."
    )
    limits_url: str = Field(
        "memory://",
        description="Where rate limits are counted: memory:// in each process, redis://host:6379/0 in all together.",
    )
    workers: int = Field(
        1, ge=1, le=64, description="Server processes of this machine; more than 1 needs PostgreSQL and Redis."
    )
    socket_driver: Literal["picows", "sansio"] = Field(
        "picows", description="WebSocket driver: picows (fast) or sansio (plain)."
    )
    cors_origins: Words = Field(
        [], description="Origins of other web clients that may call the API, separated by commas."
    )
    trusted_proxies: Words = Field(
        [],
        description="Addresses or networks (10.0.0.0/24) of reverse proxies whose X-Forwarded-For is trusted, separated by commas; "
        "* where nothing but a proxy can reach this server.",
    )
    front_proxy: str = Field(
        "",
        description="The TLS proxy that the front of docker-compose.yml trusts; `doctor` checks that it is set.",
    )
    metrics_port: int = Field(
        0,
        ge=0,
        le=65_535,
        description="Port of the metrics for Prometheus (/metrics); 0 for none. The processes of WORKERS use the following ports.",
    )
    metrics_host: str = Field("127.0.0.1", description="Address where METRICS_PORT listens; it needs no password.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level of log lines.")
    log_format: Literal["text", "json"] = Field(
        "text", description="Form of log lines: text for people, json for programs."
    )
    traces_url: str = Field(
        "",
        description="OpenTelemetry collector that traces are sent to (OTLP over HTTP), such as http://127.0.0.1:4318; needs web-messenger[traces].",
    )
    max_connections_per_address: int = Field(
        100,
        ge=0,
        description="Open HTTP connections of one address (or IPv6 /64); 0 for any number. Proxies in TRUSTED_PROXIES are exempt.",
    )
    journal_days: int = Field(
        14,
        ge=1,
        le=3650,
        description="Days for which changes are kept for devices that were away; after longer absences a device loads its chats anew.",
    )
    rate_limits: Literal["on", "off"] = Field("on", description="Rate limits; off only for tests and measurements.")

    @property
    def database(self) -> str:
        """Returns the database's address."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'messenger.db'}"

    @property
    def witness(self) -> Path | None:
        """Returns the path of the record beside an embedded database."""
        return self.data_dir / "witness.json" if self.is_embedded else None

    @property
    def storage(self) -> str:
        """Returns the address of the file storage."""
        return self.storage_url or f"file://{self.data_dir.resolve() / 'files'}"

    @property
    def address(self) -> str:
        """Returns the public address, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url.rstrip("/") or f"http://{host}:{self.port}"

    @property
    def is_embedded(self) -> bool:
        """Returns whether the database is a file of this server."""
        return self.database.startswith("sqlite")

    @property
    def is_shareable(self) -> bool:
        """Returns whether several processes can share database and bus."""
        return not (self.is_embedded or self.bus_url.startswith("memory"))

    @property
    def sends_mail(self) -> bool:
        return not self.mail_url.startswith("log")

    @property
    def is_local(self) -> bool:
        return self.app_env == "local"

    @classmethod
    def load(cls) -> Self:
        """Returns the settings of this process's environment, checked. Raises `SettingsError`."""
        try:
            return cls().check()
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0]).upper() if first["loc"] else "A variable"
            reason = first["msg"].removeprefix("Value error, ")
            raise SettingsError(f"{name} cannot be used: {reason}.") from None

    def check(self) -> Self:
        """Refuses unsafe or impossible values in any section; this section is checked last. Raises `SettingsError`."""
        for form in reversed(type(self).__mro__):
            if issubclass(form, Section) and "complaint" in vars(form) and (said := form.complaint(self)):
                raise SettingsError(said)
        return self

    def complaint(self) -> str:
        return self._environment() or self._drivers() or self._mail() or self._replica()

    def _environment(self) -> str:
        if self.app_env == "local" and self.host not in LOOPBACK:
            return (
                f"HOST={self.host} would open this server to the network while APP_ENV=local lets everyone register: "
                "set APP_ENV=production with PUBLIC_URL and SECRET_KEY, or HOST=127.0.0.1."
            )
        if self.public_url and not re.fullmatch(r"https?://[^/\s]+/?", self.public_url):
            return "PUBLIC_URL must be an address without a path, such as https://chat.example.org."
        try:
            Proxies(self.trusted_proxies)
        except ValueError as error:
            return f"TRUSTED_PROXIES names addresses or networks, such as 127.0.0.1 or 10.0.0.0/24: {error}."
        if self.app_env == "production" and not self.public_url:
            return "APP_ENV=production needs PUBLIC_URL: the address people open, such as https://chat.example.org."
        if self.app_env == "production" and self._is_readable_on_the_way():
            return (
                f"PUBLIC_URL={self.public_url} would send passwords and messages in clear, so the network in between could read and change them: put "
                "a proxy with TLS before the server and set PUBLIC_URL=https://…, or, in a network where you trust everyone, "
                "INSECURE_PUBLIC_URL=yes."
            )
        if self.app_env == "production" and len(self.secret_key) < SECRET_MIN:
            return f"APP_ENV=production needs SECRET_KEY: at least {SECRET_MIN} random characters (openssl rand -base64 48)."
        if self.secret_key and len(self.secret_key) < SECRET_MIN:
            return f"SECRET_KEY is too short: at least {SECRET_MIN} random characters (openssl rand -base64 48)."
        return ""

    def _is_readable_on_the_way(self) -> bool:
        """Returns whether people would connect over a network without TLS, and the settings do not allow that."""
        host = urlsplit(self.public_url).hostname
        return self.public_url.startswith("http:") and host not in LOOPBACK and self.insecure_public_url == "no"

    def _drivers(self) -> str:
        known = {
            "DATABASE_URL": (self.database, ("sqlite", "postgresql", "postgresql+psycopg")),
            "BUS_URL": (self.bus_url, ("memory", "redis", "rediss")),
            "STORAGE_URL": (self.storage, ("file", "s3")),
            "JOBS_URL": (self.jobs_url, ("inproc", "celery+redis", "celery+rediss")),
            "MAIL_URL": (self.mail_url, ("log", "smtp", "smtps")),
            "LIMITS_URL": (self.limits_url, ("memory", "redis", "rediss")),
        }
        for name, (url, schemes) in known.items():
            scheme = url.partition(":")[0]
            if scheme not in schemes:
                return f"{name} begins with {scheme}://, but this version knows only {', '.join(schemes)}."
        if self.scan_url and not _CLAMD.fullmatch(self.scan_url):
            return "SCAN_URL is the address of a scanner of viruses, such as clamd://127.0.0.1:3310."
        if self.workers > 1 and not self.is_shareable:
            return (
                f"{self.workers} server processes need a database and a bus that they can share: "
                "set DATABASE_URL=postgresql://… and BUS_URL=redis://…, or WORKERS=1."
            )
        if self.jobs_url.startswith("celery") and not self.is_shareable:
            return (
                "Workers are other processes, which need a database and a bus that they can share: "
                "set DATABASE_URL=postgresql://… and BUS_URL=redis://…, or JOBS_URL=inproc://."
            )
        return ""

    def _replica(self) -> str:
        if self.database_replica_url and not (
            self.database.startswith("postgresql") and self.database_replica_url.startswith("postgresql")
        ):
            return "DATABASE_REPLICA_URL is the address of a replica of a PostgreSQL database: both begin with postgresql://."
        return ""

    def _mail(self) -> str:
        if self.sends_mail and not self.mail_from:
            return "MAIL_URL needs MAIL_FROM: the sender of letters, such as Our server <messenger@example.org>."
        return ""
