"""The ration: memory and processor time that a worker may take, kept by the kernel."""

import os
import resource
import time
from pathlib import Path

_GROWTH = 64 * 2**20  # a worker that kept more than this is replaced, not reused
_UNSEEN = 0.01  # seconds of work between two looks; in so few nothing grows by much
_LEAST = _GROWTH // 16  # bytes that may be copied unseen after a look
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Ration:
    """The limits of this process, which may grow by `memory` bytes.

    Asking the kernel takes as long as a look-up, so it is asked again only after some work.
    """

    def __init__(self, memory: int) -> None:
        self._start = _size()
        self._seconds = 0.0  # that the limit in force was set for; 0 when it is used up
        self._worked = 0.0  # since the last look
        self._copied = _faults()  # pages, until the last look at what is no longer shared
        self._room = _GROWTH  # bytes that may be copied until the next
        self._began = 0.0
        limit = self._start + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def begin(self, seconds: float) -> None:
        """A question begins that may take so many seconds of processor time, and two more."""
        if seconds != self._seconds:
            used = resource.getrusage(resource.RUSAGE_SELF)
            end = int(used.ru_utime + used.ru_stime + seconds + _UNSEEN) + 2
            resource.setrlimit(resource.RLIMIT_CPU, (end, resource.RLIM_INFINITY))
            self._seconds = seconds
        self._began = time.perf_counter()

    def is_spent(self) -> bool:
        """Whether the process kept too much of what the question took."""
        self._worked += time.perf_counter() - self._began
        if self._worked < _UNSEEN:
            return False
        self._worked, self._seconds = 0.0, 0.0
        return _size() > self._start + _GROWTH or self._has_own_data()

    def _has_own_data(self) -> bool:
        """Whether too much of the data is a copy of this process by now.

        The engine counts who holds a statement in the statement, so that reading copies its page.
        Each copy is a fault, and faults are quickly counted; but not each fault is a copy.
        """
        copied = _faults()
        if (copied - self._copied) * _PAGE < self._room:
            return False
        own = _private()
        self._copied, self._room = copied, max(_GROWTH - own, _LEAST)
        return own > _GROWTH


def _size() -> int:
    """Bytes of address space of this process."""
    descriptor = os.open("/proc/self/statm", os.O_RDONLY)
    try:
        return int(os.read(descriptor, 64).split()[0]) * _PAGE
    finally:
        os.close(descriptor)


def _faults() -> int:
    """Pages that this process has been given."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def _private() -> int:
    """Bytes that this process shares with no other; the kernel takes milliseconds to count them."""
    lines = Path("/proc/self/smaps_rollup").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_Dirty"))
