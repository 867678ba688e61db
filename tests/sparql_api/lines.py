"""Connections of our own to a server, read answer by answer."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import quote

from tests.sparql_api.attacks.conftest import dial
from tests.sparql_api.conftest import B, Server


def number_of(number: int) -> str:
    return f"SELECT ?n {{ <{B}id/thing/{number}> <{B}ontology/number> ?n }}"


def request(query: str, more: str = "") -> bytes:
    path = f"/sparql?query={quote(query, safe='')}"
    return f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n{more}\r\n".encode()


def look_up(number: int) -> bytes:
    return request(number_of(number))


class Reader:
    """Reads whole answers from a connection, one after the other."""

    def __init__(self, server: Server) -> None:
        self.connection = dial(server)
        self._file = self.connection.makefile("rb")

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self.connection.close()

    def read(self) -> tuple[bytes, bytes]:
        head = b"".join(iter(self._line, b"\r\n"))
        lengths = [
            line.split()[1] for line in head.lower().split(b"\r\n") if b"content-length:" in line
        ]
        if lengths:
            return head, self._exactly(int(lengths[0]))
        return head, b"".join(iter(self._chunk, b""))

    def _chunk(self) -> bytes:
        data = self._exactly(int(self._line(), 16))
        assert self._line() == b"\r\n"
        return data

    def _line(self) -> bytes:
        line = self._file.readline()
        assert line, "the server hung up"
        return line

    def _exactly(self, size: int) -> bytes:
        data = self._file.read(size)
        assert len(data) == size, "the server hung up"
        return data


@contextmanager
def lines(server: Server, count: int) -> Iterator[list[Reader]]:
    """Connections that have had an answer each, so that workers have them."""
    with ExitStack() as stack:
        readers = [stack.enter_context(Reader(server)) for _ in range(count)]
        for number, reader in enumerate(readers):
            reader.connection.sendall(look_up(number))
            assert reader.read()[1] == b"n\r\n%d\r\n" % number
        yield readers
