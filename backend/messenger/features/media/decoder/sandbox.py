"""Takes from this process what a decoder does not need: memory, time, files, the network, other processes.

The filter of system calls (seccomp) is a program for the kernel's packet filter. It names the few calls that remain:
those on memory, threads, clocks, and the three descriptors that are open. No file can be opened any more, so every
module must be imported before.
"""

import ctypes
import os
import resource
import signal
import struct
import sys
from typing import Final, NamedTuple


class Limits(NamedTuple):
    """What a decoder may use: bytes of memory, seconds of computing, and bytes of the file that it may write."""

    memory: int
    cpu_s: int
    file: int = 0


PICTURES: Final = Limits(768 * 1024**2, 10)
"""For the worst image allowed: of 40 megapixels a WebP takes 700 MB, as its decoder keeps two canvases, the bytes and
the image, 160 MB each; a PNG of 50 takes 510 MB.
"""
VOICE: Final = Limits(1024**3, 30)
PAGES: Final = Limits(256 * 1024**2, 5)
FILM: Final = Limits(1024**3, 20)
DESCRIPTORS: Final = 16
NICE: Final = 10
ALLOWED: Final[dict[str, tuple[int, int | None]]] = {
    "brk": (12, 214), "clock_getres": (229, 114), "clock_gettime": (228, 113), "clock_nanosleep": (230, 115),
    "close": (3, 57), "exit": (60, 93), "exit_group": (231, 94), "fstat": (5, 80), "futex": (202, 98),
    "getcpu": (309, 168), "getpid": (39, 172), "getrandom": (318, 278), "getrlimit": (97, 163),
    "getrusage": (98, 165), "gettid": (186, 178), "gettimeofday": (96, 169), "lseek": (8, 62), "madvise": (28, 233),
    "membarrier": (324, 283), "mmap": (9, 222), "mprotect": (10, 226), "mremap": (25, 216), "munmap": (11, 215),
    "nanosleep": (35, 101), "pread64": (17, 67), "read": (0, 63), "readv": (19, 65), "restart_syscall": (219, 128),
    "rseq": (334, 293), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "sched_getaffinity": (204, 123), "sched_yield": (24, 124), "set_robust_list": (273, 99),
    "set_tid_address": (218, 96), "sigaltstack": (131, 132), "sysinfo": (99, 179), "time": (201, None),
    "uname": (63, 160), "write": (1, 64), "writev": (20, 66),
}  # fmt: skip
"""The numbers of the calls that remain, on x86-64 and on arm64, which has no older forms of some."""
_MACHINES: Final = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""The column of a machine in the tables, and the number by which the kernel names it."""
_CLONE: Final = (56, 220)
_PRLIMIT: Final = (302, 261)
_CLONE3: Final = 435
_X32: Final = 0x40000000
"""From this number on calls of x86-64 have another form (x32), which the tables do not name."""
_SHARING: Final = 0x10000
_ALLOW, _KILL, _EPERM, _ENOSYS = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE, _FIRST, _THIRD, _THIRD_HIGH = 0, 4, 16, 32, 36
"""Places in the record of a call: its number, the machine, its arguments."""


def confine(limits: Limits) -> bool:
    """Sets the limits of this process and its filter; returns whether the kernel took the filter.

    It is called while the process has one thread.
    """
    os.nice(NICE)
    for limit, soft, hard in (
        (resource.RLIMIT_AS, limits.memory, limits.memory),
        # Beyond the soft limit its signal names the cause, which the one of the hard limit does not.
        (resource.RLIMIT_CPU, limits.cpu_s, limits.cpu_s + 1),
        (resource.RLIMIT_FSIZE, limits.file, limits.file),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NOFILE, DESCRIPTORS, DESCRIPTORS),
    ):
        resource.setrlimit(limit, (soft, hard))
    if sys.platform != "linux":
        return False
    column, machine = _MACHINES.get(os.uname().machine, (0, 0))
    return _end_with_parent() and bool(machine) and _install(filter_of(column, machine))


def filter_of(column: int, machine: int) -> bytes:
    """Returns the filter for a machine, as instructions of 8 bytes.

    Each test is followed by its answer, so no jump is long. Threads may begin, processes may not: the flags of `clone`
    distinguish them. `clone3` hides them in memory, so it is answered as unknown, and the C library falls back to
    `clone`.
    """
    steps = [
        (_LOAD, 0, 0, _MACHINE), (_IF_EQUAL, 1, 0, machine), (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER), (_IF_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL),
    ]  # fmt: skip
    for numbers in ALLOWED.values():
        if (number := numbers[column]) is not None:
            steps += [(_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    steps += [
        (_IF_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _ENOSYS),
        (_IF_EQUAL, 0, 4, _CLONE[column]),
        (_LOAD, 0, 0, _FIRST), (_IF_BITS, 0, 1, _SHARING), (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _EPERM),
        # Limits may be read (without new ones as the third argument), as the C library does for its threads.
        (_IF_EQUAL, 0, 6, _PRLIMIT[column]),
        (_LOAD, 0, 0, _THIRD), (_IF_EQUAL, 0, 3, 0), (_LOAD, 0, 0, _THIRD_HIGH), (_IF_EQUAL, 0, 1, 0),
        (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _EPERM),
        (_RETURN, 0, 0, _EPERM),
    ]  # fmt: skip
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


class _Program(ctypes.Structure):
    """A filter as the kernel reads it: the number of its instructions, and where they are."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def _end_with_parent() -> bool:
    """Asks the kernel to kill this process with the server that started it: one that waits uses up no limit."""
    return _control(1, signal.SIGKILL)


def _install(steps: bytes) -> bool:
    """Hands a filter to the kernel; returns whether it took it. A process with one cannot gain rights any more."""
    program = _Program(len(steps) // 8, steps)
    no_new_rights, filtering, by_program = 38, 22, 2
    return _control(no_new_rights, 1) and _control(filtering, by_program, ctypes.addressof(program))


def _control(what: int, first: int, second: int | None = None) -> bool:
    call = ctypes.CDLL(None).prctl
    call.argtypes = (ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong)
    return int(call(what, first, second, 0, 0)) == 0
