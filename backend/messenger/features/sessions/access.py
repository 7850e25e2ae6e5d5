"""The functions by which houses above read facts of the server and of signed-in people."""

from collections.abc import Collection

from messenger.db.tx import Tx
from messenger.doors.platform import Config, Platform
from messenger.features.sessions import store
from messenger.features.sessions.settings import SessionSettings
from messenger.features.sessions.watch import audit
from messenger.kernel.actor import Actor
from messenger.kernel.signing import signature

DEFAULT_NAME = "web-messenger"


def last_seen(tx: Tx, user_ids: Collection[int]) -> dict[int, int | None]:
    """Returns when each of these people was last seen (ms)."""
    return store.last_seen(tx, user_ids) if user_ids else {}


def ended_sessions(tx: Tx, session_ids: Collection[int]) -> set[int]:
    """Returns those of these sessions that were ended, have expired, or are deleted."""
    return {row.id for row in store.list_ended(tx, session_ids, tx.now)}


def note_role(tx: Tx, me: Actor, user_id: int, chat_id: int, role: str) -> None:
    """Writes to a person's audit trail that they have another role in a chat."""
    audit.note(tx, "member.role", user_id, me.user_id, audit.place_of(tx, me), (chat_id, role))


def note_quota(tx: Tx, me: Actor, user_id: int, quota: int | None) -> None:
    """Writes to a person's audit trail how many bytes they may store (`None`: as many as all others)."""
    detail = "" if quota is None else str(quota)
    audit.note(tx, "quota.changed", user_id, me.user_id, audit.place_of(tx, me), (None, detail))


def note_found(tx: Tx, user_id: int, found: str) -> None:
    """Writes to a person's audit trail what a scanner of viruses found in a file of theirs, which was refused."""
    audit.note(tx, "file.infected", user_id, user_id, audit.Place(), (None, found))


def server_name(tx: Tx, set_name: str = "") -> str:
    """Returns the server's name from the settings or the first account."""
    return set_name or store.find_fact(tx, "name") or DEFAULT_NAME


def server_names(tx: Tx, set_name: str) -> list[str]:
    """Returns the names of product and server, which may not be passwords."""
    return [DEFAULT_NAME, set_name, server_name(tx)]


def facts(tx: Tx, platform: Platform) -> dict[str, str | bool]:
    """Returns the facts for people who are not signed in: the name of the server, and how to register."""
    settings = platform.of(SessionSettings)
    return {
        "name": server_name(tx, settings.server_name),
        "registration": settings.registers,
        "needs_setup": needs_setup(tx),
    }


def setup_code(config: Config) -> str:
    """Returns the code that the first account needs; empty where only this machine can make it.

    It is derived from the secret, so every process of a deployment has the same one.
    """
    return signature(config.secret_key, "setup", "") if config.env == "production" else ""


async def first_page(platform: Platform) -> str:
    """Returns the address at which the first account is made; empty once it exists."""
    if not await platform.db.read(needs_setup):
        return ""
    code = setup_code(platform.config)
    return f"{platform.config.public_url}/setup{'?code=' + code if code else ''}"


def needs_setup(tx: Tx) -> bool:
    """Returns whether there is no account yet."""
    return store.find_fact(tx, "first_user") is None
