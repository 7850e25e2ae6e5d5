"""Guessing: every attempt at a secret is counted in the database before its answer is known, whoever makes it.

A tally outlives Redis and restarts, and holds for all processes: attempts at once take their turns at its row.
"""

import hashlib
from typing import Final

from messenger.db.tx import Tx
from messenger.features.accounts import store
from messenger.features.accounts.errors import TooManyGuesses
from messenger.kernel import ids

FREE: Final = 10
"""Wrong answers in a row that cost no wait; each one more doubles it. The owner is told after so many."""
LONGEST_MS: Final = 3_600_000
WINDOW_MS, WINDOW_MAX = 600_000, 15
"""So many attempts in ten minutes by the clock, whatever their answers were: at most twice as many in any ten minutes."""
ROW_MAX: Final = 100
"""Wrong answers in a row; after them only a known device or a new password helps."""
EPISODE_MS: Final = 7 * 86_400_000
"""Longer than the quickest way to `ROW_MAX`, so that the owner is told once of it."""
GUESSES_JOB: Final = "accounts.guesses_letter"


def of_account(email_key: str) -> str:
    """The tally of sign-ins with an address, whether or not it has an account."""
    return _tally(f"account {email_key}")


def of_user(user_id: int) -> str:
    """The tally of current passwords that were told inside a session."""
    return _tally(f"user {user_id}")


def begin(tx: Tx, tally: str) -> None:
    """Count an attempt. Raises `TooManyGuesses`, which counts nothing."""
    row = store.hold_guesses(tx, tally, tx.now)
    began, count = (row.window_at, row.in_window) if tx.now < row.window_at + WINDOW_MS else (tx.now, 0)
    if row.in_a_row >= ROW_MAX:
        raise TooManyGuesses
    free_at = began + WINDOW_MS if count >= WINDOW_MAX else row.free_at
    if tx.now < free_at:
        raise TooManyGuesses(retry_after_ms=free_at - tx.now)
    wait = min(LONGEST_MS, 1000 << (row.in_a_row - FREE)) if row.in_a_row >= FREE else 0
    store.count_guess(tx, tally, (began, count + 1), tx.now + wait, tx.now)


def fail(tx: Tx, tally: str, user_id: int | None, address: str) -> None:
    """The attempt was wrong; the owner of what is guessed at, if there is one, gets a letter when there were many."""
    store.fail_guess(tx, tally, user_id, tx.now)
    if user_id is not None and store.note_told(tx, tally, FREE, tx.now, EPISODE_MS):
        n = ids.new_id()
        happened = {"user_id": user_id, "session_id": n, "device": "", "address": address, "at": tx.now}
        tx.enqueue(GUESSES_JOB, happened, key=f"{GUESSES_JOB}:{n}")


def succeed(tx: Tx, tally: str) -> None:
    """The right answer, or another proof of the same person: the next wrong one is the first in a row."""
    store.clear_guesses(tx, tally)


def forget(tx: Tx, now: int) -> None:
    """Forget tallies that were not used for long; an account's wrong answers in a row are kept for ever."""
    store.delete_guesses(tx, now - EPISODE_MS)


def _tally(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
