"""Turtle and TriG: statements with one subject together, and addresses shortened by prefixes.

Literals stay as N-Triples writes them, which both understand.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from loader.dumps.graph import BLOCK, Graph

_LOCAL = re.compile(rb"[A-Za-z0-9_][A-Za-z0-9_-]*>")
_TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_KNOWN = 50_000  # shortened addresses that are kept


class Turtle:
    """Statements without their graphs; what two graphs say stands twice."""

    omitted = 0

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = dict(prefixes)
        self._spaces = {b"<" + s.encode(): p.encode() + b":" for p, s in prefixes.items()}
        self._short: dict[bytes, bytes] = {}

    def pieces(self, graphs: Iterable[Graph]) -> Iterator[bytes]:
        """The file in pieces."""
        yield "".join(f"@prefix {p}: <{s}> .\n" for p, s in self._prefixes.items()).encode()
        for graph in graphs:
            yield from self._statements(graph)

    def _statements(self, graph: Graph) -> Iterator[bytes]:
        out: list[bytes] = []
        size, subject, predicate = 0, b"", b""
        for s, p, o in graph.lines():
            term = self._term(o)
            if s != subject:
                out += (b" .\n" if subject else b"\n", self._address(s), b" ", self._verb(p))
            elif p != predicate:
                out += (b" ;\n    ", self._verb(p))
            else:
                out.append(b" ,\n       ")
            out += (b" ", term)
            subject, predicate = s, p
            size += len(o) + 60
            if size > BLOCK:
                yield b"".join(out)
                out, size = [], 0
        yield b"".join(out) + (b" .\n" if subject else b"")

    def _verb(self, predicate: bytes) -> bytes:
        return b"a" if predicate == _TYPE else self._address(predicate)

    def _term(self, term: bytes) -> bytes:
        if term.startswith(b'"') and term.endswith(b">"):
            text, _, datatype = term.rpartition(b"^^")
            return text + b"^^" + self._address(datatype)
        return self._address(term)

    def _address(self, term: bytes) -> bytes:
        if not term.startswith(b"<"):
            return term
        known = self._short.get(term)
        if known is None:
            if len(self._short) > _KNOWN:
                self._short.clear()
            known = self._short[term] = self._shortened(term)
        return known

    def _shortened(self, term: bytes) -> bytes:
        cut = max(term.rfind(b"/"), term.rfind(b"#")) + 1
        prefix = self._spaces.get(term[:cut])
        return prefix + term[cut:-1] if prefix and _LOCAL.fullmatch(term, cut) else term


class Trig(Turtle):
    """Statements by graph; those of the unnamed graph stand outside of braces."""

    def _statements(self, graph: Graph) -> Iterator[bytes]:
        if graph.name:
            yield f"\n<{graph.name}> {{".encode()
        yield from super()._statements(graph)
        if graph.name:
            yield b"}\n"
