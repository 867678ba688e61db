"""The slate: what a clerk is answering, written where the server can read it without asking.

With it comes a token that only one of them holds. The clerk lays it down while the engine works.
Does it find it again, the answer is its own to send; has the server taken it, the clerk's clients
are the server's again, and the answer goes the usual way.
"""

import mmap
import os
import struct
from dataclasses import dataclass
from typing import NamedTuple

_SIZE = 16 * 2**10
_HEAD = struct.Struct("dQQQI")
_CLEAR = struct.pack("d", 0.0)
_TOKEN = b"t"


class Entry(NamedTuple):
    """Since when (monotonic seconds, 0 for nothing) which line's request is being answered.

    `returned` is how many lines the clerk had given back before, `borrowed` the last that it got.
    """

    since: float
    line: int
    returned: int
    borrowed: int
    request: bytes


@dataclass(frozen=True, slots=True)
class Slate:
    """One for each worker; `descriptors` are for the process at the other end."""

    descriptors: tuple[int, int, int]
    _memory: mmap.mmap

    @classmethod
    def new(cls) -> "Slate":
        """An empty one."""
        memory = os.memfd_create("slate")
        os.ftruncate(memory, _SIZE)
        taking, laying = os.pipe()
        os.set_blocking(taking, False)
        return cls.of((memory, taking, laying))

    @classmethod
    def of(cls, descriptors: tuple[int, int, int]) -> "Slate":
        """The one that another process made."""
        return cls(descriptors, mmap.mmap(descriptors[0], _SIZE))

    def begin(self, entry: Entry) -> None:
        """Writes an entry down, then lays down the token."""
        since, line, returned, borrowed, request = entry
        _HEAD.pack_into(self._memory, 0, since, line, returned, borrowed, len(request))
        self._memory[_HEAD.size : _HEAD.size + len(request)] = request
        os.write(self.descriptors[2], _TOKEN)

    def take(self) -> bool:
        """Takes the token; False if it does not lie there."""
        try:
            return os.read(self.descriptors[1], 1) == _TOKEN
        except BlockingIOError:
            return False

    def clear(self) -> None:
        """Nothing is being answered."""
        self._memory[: len(_CLEAR)] = _CLEAR

    def read(self) -> Entry:
        """What it says; certain only for who holds the token."""
        since, line, returned, borrowed, size = _HEAD.unpack_from(self._memory)
        request = self._memory[_HEAD.size : _HEAD.size + size]
        return Entry(since, line, returned, borrowed, request)

    def close(self) -> None:
        """Nobody reads or writes it any more."""
        self._memory.close()
        for descriptor in self.descriptors:
            os.close(descriptor)
