"""Runs scaled deployments: servers and workers on real PostgreSQL, Redis, S3 and SMTP."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

from tests import migrated
from tests.catcher import Catcher
from tests.forked import fork
from tests.pooler import Pooler
from tests.postgres import Cluster
from tests.redis_server import RedisServer
from tests.s3 import Bucket
from tests.server import Pair, Served, Spawn, started, working


class Site:
    """Holds the components. Each deployment has its own database and Redis database; bucket and mail are shared."""

    DATABASES = 1000

    def __init__(self, cluster: Cluster, pooler: Pooler, redis: RedisServer, bucket: Bucket, catcher: Catcher) -> None:
        self._cluster, self._pooler, self._redis, self._bucket, self._catcher = cluster, pooler, redis, bucket, catcher
        self._numbers = itertools.count(16)  # lower numbers belong to other tests

    @contextmanager
    def one(self, folder: Path, **environment: str) -> Iterator[Served]:
        """Runs a server and a worker with settings, in a folder, until the block ends."""
        shared = self._settings() | environment
        with started(folder, **shared) as served, working(folder, **shared):
            served.mailbox = self._letters
            yield served

    @contextmanager
    def two(self, folder: Path, spawn: Spawn = fork, /, **environment: str) -> Iterator[Pair]:
        """Runs two processes of a server, and a worker; the second and the worker use the database through a pooler."""
        shared = self._settings() | environment
        pooled = shared | {"DATABASE_URL": self._pooler.url(shared["DATABASE_URL"])}
        with (
            started(folder, spawn, **shared) as one,
            started(folder, spawn, **pooled) as other,
            working(folder, spawn, **pooled),
        ):
            pair = Pair(one, other)
            pair.mailbox = self._letters
            yield pair

    def inside(self) -> dict[str, str]:
        """Returns settings of an application in the test's own process, which runs its background jobs itself."""
        settings = self._settings() | {"JOBS_URL": "inproc://"}
        return {name.lower(): value for name, value in settings.items()}

    def _settings(self) -> dict[str, str]:
        redis = f"{self._redis.url}/{next(self._numbers)}"
        return {
            "DATABASE_URL": migrated.scaled(self._cluster),
            "BUS_URL": redis,
            "LIMITS_URL": redis,
            "JOBS_URL": f"celery+{redis}",
            "STORAGE_URL": self._bucket.setting,
            "MAIL_URL": f"smtp://127.0.0.1:{self._catcher.port}?starttls=never",
            "MAIL_FROM": "Our server <messenger@example.org>",
        }

    def _letters(self) -> list[EmailMessage]:
        return list(self._catcher.letters)
