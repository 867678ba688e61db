"""Stores: where queries run; what differs between kinds of store stays behind this door."""

from pathlib import Path

from pyoxigraph import QuerySolutions, RdfFormat, Store


def load(folder: Path, masters: list[Path]) -> Store:
    """A new store in a folder, filled from N-Quads files."""
    folder.mkdir()
    store = Store(str(folder))
    _fill(store, masters)
    return store


def complete(store: Store, masters: list[Path]) -> dict[str, int]:
    """Adds the last graphs, compacts the store for reading, and counts things per class."""
    _fill(store, masters)
    store.flush()
    store.optimize()
    query = "SELECT ?class (COUNT(DISTINCT ?thing) AS ?n) WHERE { ?thing a ?class } GROUP BY ?class"
    return {_text(row["class"]): int(_text(row["n"])) for row in select(store, query)}


def select(store: Store, query: str) -> QuerySolutions:
    """The solutions of a SELECT query over the union of all graphs. Raises TypeError for others."""
    solutions = store.query(query, use_default_graph_as_union=True)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError(query)
    return solutions


def _fill(store: Store, masters: list[Path]) -> None:
    for path in masters:
        store.bulk_load(path=path, format=RdfFormat.N_QUADS)


def _text(term: object) -> str:
    return str(getattr(term, "value", ""))
