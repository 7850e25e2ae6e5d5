"""Tests signing in at several processes: a refusal by one of them counts at all."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.site import Site
from tests.world import World, client

pytestmark = pytest.mark.scaled


def test_a_burst_of_guesses_is_one_burst_for_all_processes(site: Site, tmp_path: Path) -> None:
    with site.two(tmp_path) as pair:
        ann = World(pair).person("ann")
        body = {"email": ann.email, "password": "not her password"}

        def guess(n: int) -> int:
            return client(pair.processes[n % 2]).post("/api/auth/login", json=body).status_code

        with ThreadPoolExecutor(40) as pool:
            assert Counter(pool.map(guess, range(40))) == {401: 5, 429: 35}


def test_one_account_is_guessed_at_as_often_at_two_processes(site: Site, tmp_path: Path) -> None:
    """Guesses come from sixty addresses at once; the tally is in the database, so no Redis has to keep it."""
    with site.two(tmp_path, TRUSTED_PROXIES="127.0.0.1", LIMITS_URL="memory://") as pair:
        ann = World(pair).person("ann")
        body = {"email": ann.email, "password": "not her password"}

        def guess(n: int) -> int:
            http, headers = client(pair.processes[n % 2]), {"x-forwarded-for": f"198.51.100.{n}"}
            return http.post("/api/auth/login", json=body, headers=headers).status_code

        with ThreadPoolExecutor(30) as pool:
            counted = Counter(pool.map(guess, range(60)))
        assert 10 <= counted[401] <= 15
        assert counted[401] + counted[429] == 60
