"""Chooses the checks by the settings, and prints their results."""

import json
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final
from urllib.parse import parse_qs, quote, unquote, urlsplit

import messenger
from messenger.assembly.variables import Variables
from messenger.doctor import clock, database, disk, front, jobs, mail, pictures, quota, redis, replica, scanner, storage
from messenger.doctor.check import Check, Finding, Result, examine, failed
from messenger.settings import Settings, SettingsError

HIDDEN: Final = "•••"
HIDDEN_LEAST: Final = 4
"""Shorter secrets are not hidden: that would take the letters out of every word."""


def run(*, as_json: bool) -> int:
    """Runs the checks, prints the results, and returns the exit status: 1 when a check failed."""
    logging.disable()  # the findings are the output
    hidden: set[str] = set()
    try:
        settings = Variables.load()
    except SettingsError as error:
        results = [Result("settings", failed(str(error), "Set that variable."), 0.0)]
    else:
        hidden = secrets_of(settings)
        results = examine(checks_of(settings))
    print(hide(as_document(results) if as_json else as_text(results), hidden), flush=True)
    return int(any(result.finding.status == "failed" for result in results))


def checks_of(settings: Settings) -> list[Check]:
    """Returns a check for every service that the settings name."""
    shared = settings.database.startswith("postgresql") or settings.bus_url.startswith("redis")
    wired: list[tuple[str, Callable[[], Finding], bool]] = [
        ("database", partial(database.check, settings), True),
        ("replica", partial(replica.check, settings), bool(settings.database_replica_url)),
        ("bus", partial(redis.check_bus, settings.bus_url), settings.bus_url.startswith("redis")),
        ("limits", partial(redis.check_limits, settings.limits_url), settings.limits_url.startswith("redis")),
        ("storage", partial(storage.check, settings), True),
        ("quota", partial(quota.check, settings), quota.is_set(settings)),
        ("scanner", partial(scanner.check, settings), bool(settings.scan_url)),
        ("pictures", pictures.check, True),
        ("jobs", partial(jobs.check, settings), settings.jobs_url.startswith("celery")),
        ("mail", partial(mail.check, settings), settings.sends_mail),
        ("clock", partial(clock.check, settings), shared),
        ("disk", partial(disk.check, settings), True),
        ("address", partial(front.check_address, settings), True),
        ("certificate", partial(front.check_certificate, settings), settings.address.startswith("https")),
        ("socket", partial(front.check_socket, settings), True),
    ]
    return [Check(name, check) for name, check, is_wired in wired if is_wired]


def as_text(results: Sequence[Result]) -> str:
    """Returns the results for people: a line a check, and beneath it the advice."""
    lines = []
    for name, finding, _ in results:
        lines.append(f"{finding.status:8} {name:12} {finding.what}")
        if finding.advice:
            lines.append(f"{'':21} {finding.advice}")
    bad = [f"{sum(one.finding.status == status for one in results)} {status}" for status in ("failed", "warning")]
    return "\n".join([*lines, f"{len(results)} checks: {', '.join(bad)}."])


def as_document(results: Sequence[Result]) -> str:
    """Returns the results for programs; `docs/self-hosting.md` describes the form."""
    found = {result.finding.status for result in results}
    worst = next(status for status in ("failed", "warning", "ok") if status in found)
    checks = [{"name": name, **finding._asdict(), "took_ms": round(took_ms, 1)} for name, finding, took_ms in results]
    return json.dumps({"status": worst, "version": messenger.__version__, "checks": checks}, ensure_ascii=False)


def secrets_of(settings: Settings) -> set[str]:
    """Returns the secrets of the settings: the key, and the passwords in addresses, as written and decoded."""
    found = {settings.secret_key}
    for value in settings.model_dump().values():
        if isinstance(value, str) and "://" in value:
            parts = urlsplit(value)
            for password in (parts.password or "", *parse_qs(parts.query).get("password", [])):
                found |= {password, unquote(password), quote(unquote(password), safe="")}
    return {one for one in found if len(one) >= HIDDEN_LEAST}


def hide(text: str, hidden: set[str]) -> str:
    """Returns a text without secrets: the last guard, when a library puts one into the text of its error."""
    for secret in sorted(hidden, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text
