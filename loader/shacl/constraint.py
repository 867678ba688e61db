"""SPARQL constraints: each asked once for all its targets, as far as that is proven to be right.

Source: *Shapes Constraint Language*, sections 2.1.3 (targets), 5 (SPARQL-based constraints) and
appendix A (pre-binding: what a constraint's query must not hold).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from pyoxigraph import BlankNode, QuerySolution, Store
from rdflib import OWL, RDF, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from loader.errors import LoaderError
from loader.language import Text
from loader.queries.token import tokens
from loader.shacl import reach
from loader.shacl.reach import Reach, Unproven
from loader.shacl.target import Targets, Term
from loader.store import select

_FORBIDDEN = frozenset(["MINUS", "VALUES", "SERVICE"])
_APART = frozenset(
    {"GROUP", "HAVING", "COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT", "LIMIT"}
    | {"OFFSET", "GRAPH", "FROM", "$PATH", "$shapesGraph", "$currentShape"}
)
_PREBOUND = frozenset(["$this", "$shapesGraph", "$currentShape", "$PATH"])
_AT_ONCE = 2_000
_PATH = re.compile(r"[$?]PATH\b")
_REPEATED = ((SH.zeroOrMorePath, "*"), (SH.oneOrMorePath, "+"), (SH.zeroOrOnePath, "?"))


class UnsupportedConstraint(LoaderError):
    """A SPARQL constraint that SHACL does not allow, or that no engine here can judge."""


@dataclass(frozen=True, slots=True)
class SparqlConstraint:
    """A constraint to be asked once. `reach` is all that its query and its targets can touch."""

    iri: str
    shape: str
    path: str | None
    severity: str
    targets: Targets
    reach: Reach
    _head: str
    _body: str

    def solutions(self, store: Store) -> Iterator[QuerySolution]:
        """The solutions for all targets in a store: they bind `this`, maybe `path` and `value`.

        Rules find little and targets are many: where the query begins with `$this` it is asked
        for whatever there is, and what is no target is left out of the answer.
        """
        if self.reach.begins_with_this and not any(n.startswith('"') for n in self.targets.nodes):
            is_target = self.targets.test(store)
            yield from (s for s in select(store, self.query()) if is_target(s["this"]))
        else:
            yield from select(store, self.query(self.targets.pattern(store)))

    def solutions_of(self, found: Sequence[Term], store: Store) -> Iterator[QuerySolution]:
        """The solutions for some targets alone, which are given to the query: it looks up less.

        No query can name a blank node; with one among them all targets are asked for.
        """
        if any(isinstance(each, BlankNode) for each in found):
            chosen = set(found)
            yield from (s for s in self.solutions(store) if s["this"] in chosen)
            return
        for start in range(0, len(found), _AT_ONCE):
            values = " ".join(map(str, found[start : start + _AT_ONCE]))
            yield from select(store, self.query(f"VALUES ?this {{ {values} }}"))

    def query(self, targets: str = "") -> str:
        """The query with a pattern that binds `this` before its own; without one as it is."""
        return f"{self._head}{{ {targets} {self._body}"


def read(graph: Graph, shape: Node, node: Node, aim: Targets) -> SparqlConstraint:
    """The constraint of a shape, aimed at targets.

    Raises Unproven when it must be asked for one target at a time, UnsupportedConstraint when
    SHACL forbids what its query holds or it is no SPARQL.
    """
    text, path = str(graph.value(node, SH.select)), graph.value(shape, SH.path)
    prefixes = dict(_prefixes(graph, node))
    if path is not None:
        text = _PATH.sub(lambda _: path_text(graph, path), text)
    head = "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in sorted(prefixes.items()))
    _refuse(head, text, node)
    found = list(tokens(text))
    words = [sign.upper() for kind, sign, _ in found if kind == "word"]
    words += ["$" + sign[1:] for kind, sign, _ in found if kind == "variable"]
    if words.count("SELECT") != 1 or not _APART.isdisjoint(words):
        raise Unproven
    opening = next(place for _, sign, place in found if sign == "{")
    scope = reach.of(text[opening:], prefixes)
    scope.add(aim.reach())
    return SparqlConstraint(
        str(node),
        str(shape),
        str(path) if isinstance(path, URIRef) else None,
        str(graph.value(shape, SH.severity) or SH.Violation),
        aim,
        scope,
        head + text[:opening],
        text[opening + 1 :],
    )


def path_text(graph: Graph, path: Node) -> str:
    """A path of SHACL as a path of SPARQL."""
    if isinstance(path, URIRef):
        return path.n3()
    if (path, RDF.first, None) in graph:
        return "(" + "/".join(path_text(graph, each) for each in Collection(graph, path)) + ")"
    if (inverse := graph.value(path, SH.inversePath)) is not None:
        return "^" + path_text(graph, inverse)
    if (choice := graph.value(path, SH.alternativePath)) is not None:
        return "(" + "|".join(path_text(graph, each) for each in Collection(graph, choice)) + ")"
    for predicate, sign in _REPEATED:
        if (inner := graph.value(path, predicate)) is not None:
            return f"({path_text(graph, inner)}){sign}"
    raise Unproven


def _refuse(head: str, text: str, node: Node) -> None:
    """Raises UnsupportedConstraint for what a query with pre-bound variables must not hold."""
    try:
        select(Store(), head + text)
    except (SyntaxError, TypeError) as error:
        raise _unsupported(node) from error
    found = [t.upper() if kind == "word" else t.replace("?", "$") for kind, t, _ in tokens(text)]
    assigned = {after for word, after in pairwise(found) if word == "AS"}
    if _FORBIDDEN.intersection(found) or _PREBOUND & assigned:
        raise _unsupported(node)
    for start in (i for i, word in enumerate(found) if word == "SELECT"):
        projected = takewhile(lambda word: word != "{", found[start:])
        if not {"$this", "*"}.intersection(projected):
            raise _unsupported(node)


def _unsupported(node: Node) -> UnsupportedConstraint:
    return UnsupportedConstraint(
        Text(
            f"Die Regel {node} ist keine Abfrage, wie SHACL sie erlaubt.",
            f"The rule {node} is no query as SHACL allows it.",
        )
    )


def _prefixes(graph: Graph, node: Node) -> Iterator[tuple[str, str]]:
    """The prefixes that a constraint declares, directly or by what it imports."""
    for owner in graph.objects(node, SH.prefixes):
        for source in graph.transitive_objects(owner, OWL.imports):
            for declared in graph.objects(source, SH.declare):
                yield (
                    str(graph.value(declared, SH.prefix)),
                    str(graph.value(declared, SH.namespace)),
                )
