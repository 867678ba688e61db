"""N-Triples and N-Quads: a line a statement."""

from collections.abc import Iterable, Iterator

from loader.dumps.graph import Graph


class NTriples:
    """The statements of all graphs; what two graphs say stands twice."""

    omitted = 0

    def pieces(self, graphs: Iterable[Graph]) -> Iterator[bytes]:
        """The file in pieces."""
        for graph in graphs:
            yield from graph.blocks


class NQuads:
    """The statements with their graphs."""

    omitted = 0

    def pieces(self, graphs: Iterable[Graph]) -> Iterator[bytes]:
        """The file in pieces."""
        for graph in graphs:
            ending = f" <{graph.name}> .\n".encode() if graph.name else b" .\n"
            for block in graph.blocks:
                yield block.replace(b" .\n", ending)
