"""The slate: what a clerk is at, written where the server can read it without asking.

With it comes a token that only one of them holds. The clerk lays it down while the engine works.
Does it find it again, the answer is its own to send; has the server taken it, the clerk's clients
are the server's again, and the answer goes the usual way.

A clerk may be killed between any two steps, and what the slate says must be right at each: so a
request is read straight into it, and single words are written in an order that never lies.
"""

import mmap
import os
from dataclasses import dataclass
from typing import NamedTuple

_SIZE = 32 * 2**10
_WORDS = 8
_SINCE, _LINE, _RETURNED, _BORROWED, _READ, _WRITTEN, _LENGTH, _REPLY = range(_WORDS)
_REQUEST = _WORDS * 8  # where it begins
_TOKEN = b"t"
_NS = 1e-9


class Entry(NamedTuple):
    """Since when (monotonic seconds, 0 for nothing) which line is being attended.

    `returned` is how many lines the clerk had given back before, `borrowed` the last that it got.
    `read` and `written` are bytes of the line before this request, `reply` those of its answer once
    that may be on its way. The request is empty while it is read from the line.
    """

    since: float
    line: int
    returned: int
    borrowed: int
    read: int
    written: int
    reply: int
    request: bytes


@dataclass(frozen=True, slots=True)
class Slate:
    """One for each worker; `descriptors` are for the process at the other end."""

    descriptors: tuple[int, int, int]
    _memory: mmap.mmap
    _words: memoryview
    _room: memoryview  # for a request

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
        memory = mmap.mmap(descriptors[0], _SIZE)
        whole = memoryview(memory)
        return cls(descriptors, memory, whole[:_REQUEST].cast("Q"), whole[_REQUEST:])

    def begin(self, entry: Entry) -> None:
        """Writes an entry down: from then on a request that is read is not lost."""
        words, length = self._words, len(entry.request)
        self._room[:length] = entry.request
        words[_LINE], words[_RETURNED] = entry.line, entry.returned
        words[_READ], words[_WRITTEN] = entry.read, entry.written
        words[_LENGTH], words[_REPLY] = length, entry.reply
        words[_SINCE] = int(entry.since / _NS)
        words[_BORROWED] = entry.borrowed  # a loan without an entry is one that did not come

    def fill(self, descriptor: int, most: int) -> bytes:
        """Reads at most so many bytes of a request into the entry. Raises OSError."""
        return bytes(self._room[: os.readv(descriptor, [self._room[:most]])])

    def lay(self, length: int) -> None:
        """The engine works on a request of so many bytes; the token is whoever's takes it."""
        self._words[_LENGTH] = length
        os.write(self.descriptors[2], _TOKEN)

    def take(self) -> bool:
        """Takes the token; False if it does not lie there."""
        try:
            return os.read(self.descriptors[1], 1) == _TOKEN
        except BlockingIOError:
            return False

    def reply(self, length: int) -> None:
        """An answer of so many bytes is being sent to the client."""
        self._words[_REPLY] = length

    def clear(self) -> None:
        """Nothing is being attended."""
        self._words[_SINCE] = 0

    def read(self, length: int = 0) -> Entry:
        """What it says; certain only for who holds the token, or when the clerk is dead.

        `length` is that of the request where the slate does not have it.
        """
        words = self._words
        return Entry(
            since=words[_SINCE] * _NS,
            line=words[_LINE],
            returned=words[_RETURNED],
            borrowed=words[_BORROWED],
            read=words[_READ],
            written=words[_WRITTEN],
            reply=words[_REPLY],
            request=bytes(self._room[: words[_LENGTH] or length]),
        )

    def close(self) -> None:
        """Nobody reads or writes it any more."""
        self._words.release()
        self._room.release()
        self._memory.close()
        for descriptor in self.descriptors:
            os.close(descriptor)
