"""Validation: the shapes over all statements, and each result led back to its cell."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import shacl
from pyoxigraph import Literal, NamedNode, Store

from loader import table as tables
from loader.finding import Finding
from loader.shape import Shapes
from loader.store import select
from loader.trace import Blamed, Origin, Trace

Texts = dict[tuple[str, int], dict[str, str]]


class Result(NamedTuple):
    """One SHACL result; terms are addresses or plain texts."""

    shape: str
    severity: str | None
    focus: str
    path: str | None
    value: str | None


@dataclass(frozen=True, slots=True)
class Validator:
    """Holds the shapes ready; SHACL Core and SPARQL constraints give one list of findings."""

    shapes: Shapes

    def core(self, ntriples: str) -> list[Result]:
        """The results of SHACL Core over N-Triples; a store would have rewritten the literals.

        The engine lets other threads run meanwhile.
        """
        engine = shacl.Shapes.from_text(self.shapes.core, format="ntriples")
        return [
            Result(
                _bare(r.source_shape),
                r.severity_iri,
                _bare(r.focus_node),
                _bare(r.path) if r.path and r.path.startswith("<") else None,
                r.value_plain,
            )
            for r in engine.validate_text(ntriples, format="ntriples").results
        ]

    def sparql(self, store: Store) -> Iterator[Result]:
        """The results of the SPARQL constraints, each asked once over the union of all graphs."""
        for constraint in self.shapes.constraints:
            solutions = select(store, constraint.query)
            names = {variable.value for variable in solutions.variables}
            for row in solutions:
                path = _plain(row["path"]) if "path" in names else None
                value = _plain(row["value"]) if "value" in names else None
                yield Result(constraint.iri, None, _plain(row["this"]) or "", path, value)

    def findings(self, found: Iterable[Result], trace: Trace) -> list[Finding]:
        """One finding a result, with the place and the cell's text wherever a table made it."""
        results = sorted(set(found), key=str)
        blamed = [Blamed(r.focus, r.path, r.value) for r in results]
        origins = trace.origins(blamed)
        texts = _texts(origins.values())
        findings = []
        for result, each in zip(results, blamed, strict=True):
            base = self.shapes.finding(result.shape, result.severity)
            base = replace(base, focus=result.focus, path=result.path)
            findings.append(_placed(base, result, origins.get(each), texts))
        return findings


def _placed(base: Finding, result: Result, origin: Origin | None, texts: Texts) -> Finding:
    if origin is None:
        return _filled(base, result.value)
    cells = texts.get((origin.table.name, origin.row), {})
    column = origin.blame(cells, result.value)
    value = (column and cells.get(column.name)) or result.value
    return _filled(base, value).at(origin.place(column), value)


def _filled(base: Finding, value: str | None) -> Finding:
    if base.privacy and value:
        value = masked(value)
    values = {"$value": "" if value is None else value}
    message, hint = base.message.filled(**values), base.hint.filled(**values)
    return replace(base, message=message, hint=hint, value=value)


def masked(value: str) -> str:
    """A personal text as a report may show it: `m…@gmx.de`, or its first letter alone."""
    name, at, host = value.removeprefix("mailto:").partition("@")
    return f"{name[:1]}…{at}{host}"


def _texts(origins: Iterable[Origin]) -> Texts:
    """The cells of the rows that findings name: one more look at each file that has any."""
    wanted: dict[str, tuple[Origin, set[int]]] = {}
    for origin in origins:
        wanted.setdefault(origin.table.name, (origin, set()))[1].add(origin.row)
    return {
        (name, row): cells
        for name, (origin, rows) in wanted.items()
        for row, cells in tables.cells(origin.table, rows).items()
    }


def _bare(term: str | None) -> str:
    return (term or "").removeprefix("<").removesuffix(">")


def _plain(term: object) -> str | None:
    return term.value if isinstance(term, NamedNode | Literal) else None
