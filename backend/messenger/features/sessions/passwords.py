"""Hashes passwords in few slots on threads of its own, and checks new passwords."""

import asyncio
import gzip
import os
import re
import sys
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from messenger.features.sessions.errors import PasswordWeak
from messenger.kernel.errors import Unavailable

T = TypeVar("T")

QUEUE_MAX: Final = 32
"""Hashes that may wait for a slot; more are refused, because hashing is the cheapest way to overload a server."""
_SLOTS: Final = max(1, (os.cpu_count() or 1) - 1)
"""A hash keeps a core busy for a tenth of a second; one core stays for messages."""
NICENESS: Final = 10


def _give_way() -> None:
    """Lowers the priority of a hashing thread, so that it runs when nothing else wants its core.

    On Linux a priority is a thread's own.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


_pool: Final = ThreadPoolExecutor(_SLOTS, thread_name_prefix="password", initializer=_give_way)
_COMMON: Final = Path(__file__).with_name("common_passwords.txt.gz")
"""The core words (see `_core`) of the 30,000 commonest passwords, sorted, and some Russian ones of ours.

From `frequency_lists.py` of zxcvbn 4.5.0 (MIT licence, Dropbox; it took them from Mark Burnett's ten million, public
domain).
"""
_REPEATED: Final = re.compile(r"(.{4,64}?)\1+\d*")
_KEYS: Final = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`")
_waiting = 0


def check_new(password: str, minimum: int, personal: list[str]) -> None:
    """Checks a new password: its length, a block list, no personal words; no rules of composition.

    Raises `PasswordWeak`.
    """
    folded = _normal(password).casefold()
    if len(folded) < minimum:
        words, words_ru = f"shorter than {minimum} characters", f"короче {minimum} символов"
        raise PasswordWeak(reason="short", words=words, words_ru=words_ru, min=minimum)
    if len(set(folded)) <= 2 or _is_common(folded):
        raise PasswordWeak(reason="common", words="too common", words_ru="слишком распространённый")
    if any(len(_core(part)) > 3 and _core(part) == _core(folded) for part in personal):
        raise PasswordWeak(reason="personal", words="a name or an address", words_ru="совпадает с именем или почтой")


async def make_hash(password: str, memory_kib: int) -> str:
    """Returns the hash to store. Raises `Unavailable` when too many wait."""
    return await _in_slot(_hasher(memory_kib).hash, _normal(password))


async def verify(stored: str | None, password: str, memory_kib: int) -> bool:
    """Returns whether a password matches; without a stored hash it takes as long and returns `False`."""
    fits = await _in_slot(_verify, stored or dummy(memory_kib), _normal(password))
    return fits and stored is not None


def is_outdated(stored: str, memory_kib: int) -> bool:
    """Returns whether a hash was made with older parameters."""
    return _hasher(memory_kib).check_needs_rehash(stored)


def dummy(memory_kib: int) -> str:
    """Returns a hash that no password matches.

    It is verified when the address is unknown, so that both refusals take the same time.
    """
    return f"$argon2id$v=19$m={memory_kib},t=1,p=1$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b7dWDaVhRMOPCr7bfBN0TyzXGM"


@cache
def _hasher(memory_kib: int) -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=memory_kib, parallelism=1)


@cache
def _common() -> bytes:
    """Returns one string instead of a set: a tenth of the memory, and searching it takes microseconds."""
    return b"\n" + gzip.decompress(_COMMON.read_bytes())


def _is_common(folded: str) -> bool:
    """Returns whether a password is a common one.

    Also with other numbers, repeated, or in the other layout of a keyboard.
    """
    words = {folded, _core(folded), _core(folded.translate(_KEYS))}
    words |= {_core(found[1]) for word in words if (found := _REPEATED.fullmatch(word))}
    return any(f"\n{word}\n".encode() in _common() for word in words if len(word) > 3)


def _core(text: str) -> str:
    """Returns the letters of a text, with no numbers around them: `Ann-Lee 1990` is `annlee`."""
    return "".join(c for c in _normal(text).casefold() if c.isalnum()).strip("0123456789")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _verify(stored: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


async def _in_slot(function: Callable[..., T], *args: str) -> T:
    global _waiting
    if _waiting >= QUEUE_MAX + _SLOTS:
        raise Unavailable(retry_after_ms=1000)
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_pool, function, *args)
    finally:
        _waiting -= 1
