"""JSON-LD, expanded: an array of things, those of a named graph within it.

There is no context, so that no address can be taken for a shortened one. N-Triples' escapes are
JSON's too, so that texts go over as they are.
"""

from collections.abc import Iterable, Iterator

from loader.dumps.graph import BLOCK, Graph

_TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_MANY = 10_000  # values after which a thing goes on in another object


class JsonLd:
    """Statements by graph. Triples as objects (RDF 1.2) are left out and counted in `omitted`."""

    def __init__(self) -> None:
        self.omitted = 0

    def pieces(self, graphs: Iterable[Graph]) -> Iterator[bytes]:
        """The file in pieces."""
        before = b"[\n"
        for graph in graphs:
            if graph.name:
                yield before + b'{"@id":"%b","@graph":[\n' % graph.name.encode()
                yield from self._things(graph, b"")
                yield b"]}"
                before = b",\n"
            else:
                for piece in self._things(graph, before):
                    yield piece
                    before = b",\n"
        yield b"\n]\n" if before != b"[\n" else b"[]\n"

    def _things(self, graph: Graph, before: bytes) -> Iterator[bytes]:
        out: list[bytes] = []
        size = 0
        for thing in self._nodes(graph):
            out.append(before + thing)
            before = b",\n"
            size += len(thing)
            if size > BLOCK:
                yield b"".join(out)
                out, size = [], 0
        if out:
            yield b"".join(out)

    def _nodes(self, graph: Graph) -> Iterator[bytes]:
        """One object a subject."""
        said: dict[bytes, list[bytes]] = {}
        subject, number = b"", 0
        for s, p, o in graph.lines():
            if s != subject or number > _MANY:
                if said:
                    yield _node(subject, said)
                subject, said, number = s, {}, 0
            value = _value(o, is_type=p == _TYPE)
            if value is None:
                self.omitted += 1
                continue
            typed = p == _TYPE and not o.startswith(b'"')
            said.setdefault(b"@type" if typed else p[1:-1], []).append(value)
            number += 1
        if said:
            yield _node(subject, said)


def _node(subject: bytes, said: dict[bytes, list[bytes]]) -> bytes:
    values = (b',"%b":[%b]' % (name, b",".join(values)) for name, values in said.items())
    return b'{"@id":"%b"%b}' % (_address(subject), b"".join(values))


def _value(term: bytes, *, is_type: bool) -> bytes | None:
    if term.startswith(b"<<"):
        return None
    if not term.startswith(b'"'):
        address = _address(term)
        return b'"%b"' % address if is_type else b'{"@id":"%b"}' % address
    text, _, suffix = term.rpartition(b'"')
    if suffix.startswith(b"@"):
        language, _, direction = suffix[1:].partition(b"--")
        said = b',"@direction":"%b"' % direction if direction else b""
        return b'{"@value":%b","@language":"%b"%b}' % (text, language, said)
    kind = b',"@type":"%b"' % suffix[3:-1] if suffix else b""
    return b'{"@value":%b"%b}' % (text, kind)


def _address(term: bytes) -> bytes:
    return term[1:-1] if term.startswith(b"<") else term
