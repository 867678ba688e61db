"""Validation: the shapes over all statements, and each result led back to its cell."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import shacl
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolution, RdfFormat, Store, parse

from loader import table as tables
from loader import tally
from loader.finding import Finding
from loader.graph import NAME
from loader.shacl import gleaning
from loader.shacl.constraint import SparqlConstraint
from loader.shacl.live import Joined, Live
from loader.shacl.result import Result
from loader.shacl.shape import Shapes
from loader.shacl.target import Choice, Targets, Term
from loader.store import blank
from loader.trace import Blamed, Origin, Trace

Texts = dict[tuple[str, int], dict[str, str]]

_SPARQL = "http://www.w3.org/ns/shacl#SPARQLConstraintComponent"
_ADDRESS = re.compile("<([^<>]*)>")  # a path of one predicate
_ORIGIN = re.compile(r"^_:\d+_")  # the engine numbers the files that blank nodes came from


@dataclass(frozen=True, slots=True)
class Validator:
    """Holds the shapes ready; all engines together give one list of results.

    What counts are the results and the severities that their shapes give them: an engine's own
    word that data conforms leaves some severities out.
    """

    shapes: Shapes

    def results(self, path: Path) -> list[Result]:
        """The results over an N-Triples or N-Quads file, graphs put together.

        Core reads the file by itself, on a core of its own; what the SPARQL constraints can touch
        goes into a store meanwhile.
        """
        with ThreadPoolExecutor(1) as aside:
            core = aside.submit(self.core, path)
            found = list(self.sparql(self._store(path)))
            found += self.apart(parse(path=path, format=_format(path)))
            return found + core.result()

    def core(self, path: Path) -> list[Result]:
        """The results of SHACL Core over a file; a store would have rewritten the literals.

        The engine lets other threads run meanwhile.
        """
        return [_core(result) for result in self.shapes.engine.validate_file(str(path)).results]

    def core_of(self, text: str) -> list[Result]:
        """The same over N-Triples or N-Quads in memory."""
        return _core_of(self.shapes.engine, text)

    def core_about(self, joined: Joined, lines: list[str]) -> list[Result]:
        """The same about the things of `joined` alone."""
        text = "\n".join([*lines, *joined.marks()])
        found = _core_of(self.shapes.aimed, text)
        return [result for result in found if result.focus in joined.things]

    def sparql(self, store: Store, choice: Choice | None = None) -> Iterator[Result]:
        """The results of the SPARQL constraints, each asked once over the union of all graphs.

        `choice` narrows the targets to some things.
        """
        known: dict[Targets, list[Term]] = {}
        for constraint in self.shapes.constraints:
            aim = constraint.targets
            if choice is None:
                solutions = constraint.solutions(store)
            else:
                known[aim] = known[aim] if aim in known else aim.among(choice)
                solutions = constraint.solutions_of(known[aim], store)
            yield from (_result(constraint, solution) for solution in solutions)

    def delivery(self, lines: list[str], live: Live, beside: str = "") -> list[Result]:
        """The results about what N-Triples lines describe, seen together with a live release.

        What the release says of the same things is replaced by the delivery, and nothing in it
        is changed afterwards. `beside`: more N-Triples that Core may look at.
        """
        with live.joined(lines, self.shapes.reach) as joined:
            found = self.core_about(joined, [*lines, *joined.around(), beside])
            more = [*self.sparql(joined.store, joined.choice), *self.apart(joined.store)]
            return found + [result for result in more if result.focus in joined.things]

    def again(
        self, things: Set[str], constraints: Iterable[SparqlConstraint], joined: Joined
    ) -> list[Result] | None:
        """The results of Core about some things, and of some constraints about everything.

        None where Core would look at blank nodes, whose labels tell nothing outside their graph.
        """
        lines = joined.about(things)
        if any(map(blank, lines)):
            return None
        found = self.core_about(joined, lines)
        for constraint in constraints:
            found += (_result(constraint, each) for each in constraint.solutions(joined.store))
        return found

    def apart(self, statements: Iterable[Quad]) -> list[Result]:
        """The results of the rules that only the reference engine judges; mostly there are none."""
        if not self.shapes.apart:
            return []
        from loader.shacl import reference  # noqa: PLC0415  pySHACL takes its time to be imported

        return reference.results(self.shapes.apart, statements)

    def _store(self, path: Path) -> Store:
        store = Store()
        for lines in gleaning.lines(path, self.shapes.asked):
            store.bulk_load(lines, _format(path))
        return store

    def findings(self, found: Iterable[Result], trace: Trace) -> Iterator[Finding]:
        """One finding a result, with its place wherever a table made it, in the tables' order.

        The cell's text goes with the first of each rule and column; the others are only counted
        by whoever tells them.
        """
        results = sorted(set(found), key=str)
        blamed = [
            Blamed(r.focus, r.predicate, r.value, self.shapes.language(r.shape)) for r in results
        ]
        origins = trace.origins(blamed)
        pairs = [(r, origins.get(each)) for r, each in zip(results, blamed, strict=True)]
        pairs.sort(key=lambda pair: (pair[1].table.name, pair[1].row) if pair[1] else ("", 0))
        texts = _texts(_first(pairs))
        for result, origin in pairs:
            base = self.shapes.finding(result.shape, result.severity)
            base = replace(base, focus=result.focus, path=result.predicate)
            yield _placed(base, result, origin, texts)


def _format(path: Path) -> RdfFormat:
    return RdfFormat.N_QUADS if path.suffix == ".nq" else RdfFormat.N_TRIPLES


def _core_of(engine: shacl.Shapes, text: str) -> list[Result]:
    return [_core(result) for result in engine.validate_text(text, "nquads").results]


def _core(result: shacl.Result) -> Result:
    single = _ADDRESS.fullmatch(result.path or "")
    return Result(
        _bare(result.source_shape).removeprefix(NAME),
        result.severity_iri,
        _bare(result.focus_node),
        single[1] if single else result.path,
        result.value and _bare(result.value),
        result.component_iri,
    )


def _result(constraint: SparqlConstraint, solution: QuerySolution) -> Result:
    said = {name: _plain(_bound(solution, name)) for name in ("this", "path", "value")}
    return Result(
        constraint.iri,
        constraint.severity,
        said["this"] or "",
        said["path"] or constraint.path,
        said["value"],
        _SPARQL,
    )


def _bound(solution: QuerySolution, name: str) -> object:
    try:
        return solution[name]
    except KeyError:  # no variable of the query
        return None


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


def _first(pairs: Iterable[tuple[Result, Origin | None]]) -> Iterator[Origin]:
    """The origins of those that are told one by one."""
    numbers: Counter[tuple[object, ...]] = Counter()
    for result, origin in pairs:
        if origin is not None:
            key = result.shape, origin.table.name, origin.columns
            numbers[key] += 1
            if numbers[key] <= tally.KEPT:
                yield origin


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
    """A term of the engine without its notation: an address, a text, or `_:` and a label."""
    if not term or term.startswith("<"):
        return (term or "")[1:-1]
    if term.startswith("_:"):
        return _ORIGIN.sub("_:", term)
    (quad,) = parse(f"<a:> <a:> {term} .", RdfFormat.N_TRIPLES)
    return _plain(quad.object) or ""


def _plain(term: object) -> str | None:
    if isinstance(term, BlankNode):
        return str(term)
    return term.value if isinstance(term, NamedNode | Literal) else None
