"""Traffic: how much went over a client's connection, as the kernel counts it.

Who dies between two steps cannot say how far it came. The kernel knows.
"""

import fcntl
import socket
import struct
import termios
from typing import NamedTuple

_TCP_INFO = struct.Struct("=B119xQQ")  # state, bytes acknowledged and received (linux/tcp.h)
_ENDED_BY_PEER = frozenset([6, 8, 9, 11])  # states in which its end counts as a byte received
_INT = struct.Struct("i")


class Traffic(NamedTuple):
    """Bytes that were read from a TCP connection, and written to it, by whichever process."""

    read: int
    written: int

    @classmethod
    def of(cls, connection: socket.socket) -> "Traffic":
        """The traffic so far; only the difference of two counts means something. Raises OSError."""
        state, acknowledged, received = _info(connection)
        while True:
            queued = _count(connection, termios.TIOCOUTQ)
            unread = waiting(connection)
            before = acknowledged, received
            state, acknowledged, received = _info(connection)
            if (acknowledged, received) == before:
                break
        end = state in _ENDED_BY_PEER
        return cls(received - end - unread, acknowledged + queued)

    def since(self, other: "Traffic") -> "Traffic":
        """What came after the other count."""
        return Traffic(self.read - other.read, self.written - other.written)


def waiting(connection: socket.socket) -> int:
    """Bytes that came over a connection and that nobody has read."""
    return _count(connection, termios.FIONREAD)


def _info(connection: socket.socket) -> tuple[int, int, int]:
    return _TCP_INFO.unpack(
        connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
    )


def _count(connection: socket.socket, what: int) -> int:
    return int(_INT.unpack(fcntl.ioctl(connection, what, bytes(_INT.size)))[0])
