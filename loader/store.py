"""Stores: where queries run; what differs between kinds of store stays behind this door."""

from collections.abc import Iterable
from hashlib import sha256
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
)

_MANY = 10_000  # lines from which it pays to make files for the store beside it


def load(folder: Path, masters: list[Path]) -> Store:
    """A new store in a folder, filled from N-Quads files and compacted for reading."""
    folder.mkdir()
    store = Store(str(folder))
    _fill(store, masters)
    store.flush()
    store.optimize()
    return store


def select(store: Store, query: str) -> QuerySolutions:
    """The solutions of a SELECT query over the union of all graphs. Raises TypeError for others."""
    solutions = store.query(query, use_default_graph_as_union=True)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError(query)
    return solutions


def labelled(line: str, graph: str) -> Quad:
    """A line of a master as the store holds it: a blank node belongs to its graph alone.

    Labels such as `c14n0` repeat from master to master, so each gets its graph's mark.
    """
    (quad,) = parse(line, format=RdfFormat.N_QUADS)
    own = mark(graph)
    return Quad(
        _marked(quad.subject, own), quad.predicate, _marked(quad.object, own), quad.graph_name
    )


def unmarked(line: str, graph: str) -> str:
    """The line with the labels of its master again."""
    return line.replace(f"_:{mark(graph)}", "_:")


def named(graph: str) -> NamedNode | DefaultGraph:
    """The name of a graph as the store knows it; an empty text is the unnamed graph."""
    return NamedNode(graph) if graph else DefaultGraph()


def blank(line: str) -> bool:
    """Whether a line may have a blank node; a text that looks like one does no harm."""
    return line.startswith("_:") or " _:" in line


def fill(store: Store, graph: str, lines: Iterable[str]) -> None:
    """Adds the lines of a graph's master."""
    ground: list[str] = []
    rest: list[Quad] = []
    for line in lines:
        if blank(line):
            rest.append(labelled(line, graph))
        else:
            ground.append(line)
    text = "\n".join(ground)
    if len(ground) > _MANY:
        store.bulk_load(text, format=RdfFormat.N_QUADS)
    else:
        store.extend(parse(text, format=RdfFormat.N_QUADS))
    store.extend(rest)


def add(store: Store, quads: list[Quad]) -> None:
    """Adds quads; many at once through files beside the store, which is no transaction."""
    if len(quads) > _MANY:
        store.bulk_extend(quads)
    else:
        store.extend(quads)


def _fill(store: Store, masters: list[Path]) -> None:
    for path in masters:
        if may_have_blanks(path):
            text = path.read_text("utf-8")
            fill(store, _graph(text), text.rstrip("\n").split("\n"))
        else:
            store.bulk_load(path=path, format=RdfFormat.N_QUADS)


def may_have_blanks(path: Path) -> bool:
    """Whether a master may have a blank node, without reading its lines."""
    if not path.stat().st_size:
        return False
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as view:
        return view.find(b"_:") >= 0


def _graph(text: str) -> str:
    """The graph of a master's lines, by its first."""
    (quad,) = parse(text.partition("\n")[0], format=RdfFormat.N_QUADS)
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""


def mark(graph: str) -> str:
    """What the label of a blank node of this graph begins with, where graphs come together."""
    return "g" + sha256(graph.encode()).hexdigest()[:12]


def _marked(term: Any, mark: str) -> Any:
    if isinstance(term, BlankNode):
        return BlankNode(mark + term.value)
    if isinstance(term, Triple):
        return Triple(_marked(term.subject, mark), term.predicate, _marked(term.object, mark))
    return term
