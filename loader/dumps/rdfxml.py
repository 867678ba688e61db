"""RDF/XML: statements without their graphs, one description a subject.

It cannot say every statement: not every predicate is an XML name, and XML 1.0 has no control
characters. What is left out is counted in `omitted`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import escape

from loader.dumps.graph import BLOCK, Graph
from loader.term import unescaped

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*$")
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class RdfXml:
    """The statements of all graphs; what two graphs say stands twice."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.omitted = 0
        self._prefixes = {**prefixes, "rdf": _RDF}
        self._spaces = {space: prefix for prefix, space in self._prefixes.items()}
        self._names: dict[bytes, tuple[str, str] | None] = {}

    def pieces(self, graphs: Iterable[Graph]) -> Iterator[bytes]:
        """The file in pieces."""
        spaces = "".join(f"\n  xmlns:{p}={_quoted(s)}" for p, s in self._prefixes.items())
        yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{spaces}>\n'.encode()
        for graph in graphs:
            yield from self._descriptions(graph)
        yield b"</rdf:RDF>\n"

    def _descriptions(self, graph: Graph) -> Iterator[bytes]:
        out: list[str] = []
        size, subject = 0, b""
        for s, p, o in graph.lines():
            if s != subject:
                end = "</rdf:Description>\n" if subject else ""
                out.append(f"{end}<rdf:Description {_subject(s)}>\n")
                subject = s
            element = self._element(p, o)
            if element is None:
                self.omitted += 1
                continue
            out.append(element)
            size += len(element)
            if size > BLOCK:
                yield "".join(out).encode()
                out, size = [], 0
        yield "".join(out).encode() + (b"</rdf:Description>\n" if subject else b"")

    def _element(self, predicate: bytes, term: bytes) -> str | None:
        """A statement as an element of its subject; None for what the format cannot say."""
        if predicate not in self._names:
            self._names[predicate] = self._named(predicate.decode()[1:-1])
        name = self._names[predicate]
        if name is None:
            return None
        start, end = name
        if term.startswith(b'"'):
            return _literal(start, end, term.decode())
        if term.startswith(b"_:"):
            return f"  <{start} rdf:nodeID={_quoted(term.decode()[2:])}/>\n"
        if term.startswith(b"<<"):
            return None
        return f"  <{start} rdf:resource={_quoted(term.decode()[1:-1])}/>\n"

    def _named(self, address: str) -> tuple[str, str] | None:
        """What the element's start and end tags say."""
        found = _NAME.search(address)
        if not found or found.start() == 0:
            return None
        space, local = address[: found.start()], found[0]
        if prefix := self._spaces.get(space):
            return f"{prefix}:{local}", f"{prefix}:{local}"
        return f"x:{local} xmlns:x={_quoted(space)}", f"x:{local}"


def _subject(term: bytes) -> str:
    text = term.decode()
    if text.startswith("_:"):
        return f"rdf:nodeID={_quoted(text[2:])}"
    return f"rdf:about={_quoted(text[1:-1])}"


def _quoted(address: str) -> str:
    """An address or a label as an attribute's value; neither has quotes or brackets."""
    return '"' + address.replace("&", "&amp;") + '"'


def _literal(start: str, end: str, term: str) -> str | None:
    said, _, suffix = term[1:].rpartition('"')
    text = unescaped(said)
    if _UNSAYABLE.search(text) or "--" in suffix:  # a direction of text, as RDF 1.2 has it
        return None
    kind = ""
    if suffix.startswith("@"):
        kind = f' xml:lang="{suffix[1:]}"'
    elif suffix:
        kind = f" rdf:datatype={_quoted(suffix[3:-1])}"
    return f"  <{start}{kind}>{escape(text, {chr(13): '&#xD;'})}</{end}>\n"
