"""Limits guessing: counts every attempt at a secret in the database, before its answer is known.

A tally outlives Redis and restarts, and holds for all processes: attempts at once take their turns at its row.
"""

import hashlib
from typing import Final

from messenger.db.tx import Tx
from messenger.features.sessions import store
from messenger.features.sessions.errors import TooManyGuesses
from messenger.kernel import ids
from messenger.kernel.errors import TooMany

FREE: Final = 10
"""Wrong answers in a row that cost no wait; each one more doubles it. After so many the owner gets a letter."""
LONGEST_MS: Final = 3_600_000
WINDOW_MS, WINDOW_MAX = 600_000, 15
"""The most attempts in ten minutes by the clock, whatever their answers were.

So there are at most twice as many in any ten minutes.
"""
ROW_MAX: Final = 100
"""Wrong answers in a row; after them only a known device or a new password helps."""
EPISODE_MS: Final = 7 * 86_400_000
"""Longer than the quickest way to `ROW_MAX`, so that the owner gets one letter."""
LEARN_MS, LEARN_MAX = 3_600_000, 5
"""How often a caller may learn that an address has an account; the hour begins with the last time."""
LEARN_PAUSE_MS: Final = 86_400_000
GUESSES_JOB: Final = "accounts.guesses_letter"
TAKEN_JOB: Final = "accounts.taken_letter"


def of_account(email_key: str) -> str:
    """Returns the tally of sign-ins with an address, whether or not it has an account."""
    return _tally(f"account {email_key}")


def of_user(user_id: int) -> str:
    """Returns the tally of current passwords that were entered inside a session."""
    return _tally(f"user {user_id}")


def of_network(network: str) -> str:
    """Returns the tally of callers at a network address."""
    return _tally(f"network {network}")


def of_invite(code: str) -> str:
    """Returns the tally of the holders of an invite."""
    return _tally(f"invite {code}")


def begin(tx: Tx, tally: str) -> None:
    """Counts an attempt. Raises `TooManyGuesses`, which counts nothing."""
    row = store.hold_guesses(tx, tally, tx.now)
    began, count = (row.window_at, row.in_window) if tx.now < row.window_at + WINDOW_MS else (tx.now, 0)
    if row.in_a_row >= ROW_MAX:
        raise TooManyGuesses
    free_at = began + WINDOW_MS if count >= WINDOW_MAX else row.free_at
    if tx.now < free_at:
        raise TooManyGuesses(retry_after_ms=free_at - tx.now)
    # An attempt that costs no wait leaves none behind: `now` of another process, which waited for the row, may be
    # earlier than ours.
    free_at = tx.now + min(LONGEST_MS, 1000 << (row.in_a_row - FREE)) if row.in_a_row >= FREE else 0
    store.count_guess(tx, tally, (began, count + 1), free_at, tx.now)


def fail(tx: Tx, tally: str, user_id: int | None, address: str) -> None:
    """Notes that the attempt was wrong.

    The owner of the secret, if there is one, gets a letter when there were many.
    """
    store.fail_guess(tx, tally, user_id, tx.now)
    if user_id is not None and store.note_told(tx, tally, FREE, tx.now, EPISODE_MS):
        _tell(tx, GUESSES_JOB, user_id, ("", address))


def succeed(tx: Tx, tally: str) -> None:
    """Notes the right answer, or another proof of the same person: the next wrong one is the first in a row."""
    store.clear_guesses(tx, tally)


def may_learn(tx: Tx, *tallies: str) -> None:
    """Checks whether these callers may learn (once more) that an address has an account.

    Raises `TooMany`; locks the tallies until the commit.
    """
    for tally in sorted(tallies):
        row = store.hold_guesses(tx, tally, tx.now)
        again_at = row.window_at + LEARN_MS
        if row.in_window >= LEARN_MAX and tx.now < again_at:
            raise TooMany(retry_after_ms=again_at - tx.now, bucket="taken")


def learn(tx: Tx, user_id: int, device: tuple[str, str], *tallies: str) -> None:
    """Counts that these callers learned that a user has an account.

    The user gets a letter, once in a while. `device`: name, address.
    """
    for tally in sorted(tallies):
        row = store.hold_guesses(tx, tally, tx.now)
        count = row.in_window if tx.now < row.window_at + LEARN_MS else 0
        store.count_guess(tx, tally, (tx.now, count + 1), 0, tx.now)
    told = _tally(f"taken {user_id}")
    store.hold_guesses(tx, told, tx.now)
    if store.note_told(tx, told, 0, tx.now, LEARN_PAUSE_MS):
        _tell(tx, TAKEN_JOB, user_id, device)


def forget(tx: Tx, now: int) -> None:
    """Deletes tallies that were not used for long; an account's wrong answers in a row are kept for ever."""
    store.delete_guesses(tx, now - EPISODE_MS)


def _tell(tx: Tx, job: str, user_id: int, device: tuple[str, str]) -> None:
    n = ids.new_id()
    happened = {"user_id": user_id, "session_id": n, "device": device[0], "address": device[1], "at": tx.now}
    tx.enqueue(job, happened, key=f"{job}:{n}")


def _tally(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
