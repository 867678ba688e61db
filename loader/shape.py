"""The shapes as the loader uses them: rules with texts, and constraints as queries over all data.

SHACL Core runs in the engine; a SPARQL constraint runs once over its whole target set.
Source: *Shapes Constraint Language*, sections 2.1.3 (targets) and 5 (SPARQL-based constraints).
"""

import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from rdflib import RDF, SH, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from loader.errors import LoaderError
from loader.finding import Finding, Severity
from loader.language import Text
from loader.metadata import STADT

_STADT = Namespace(STADT)
_SEVERITIES: dict[Node, Severity] = {SH.Violation: "error", SH.Warning: "warning", SH.Info: "info"}
_UNSUPPORTED = re.compile(
    r"\b(GROUP\s+BY|HAVING|MINUS|VALUES|SERVICE|COUNT|SUM|AVG|MIN|MAX|SAMPLE|GROUP_CONCAT)\b", re.I
)


class UnsupportedConstraint(LoaderError):
    """A SPARQL constraint that does not mean the same when run once over all targets."""


@dataclass(frozen=True, slots=True)
class SparqlConstraint:
    """A constraint as one query; its solutions bind `this` and may bind `path` and `value`."""

    iri: str
    query: str


@dataclass(frozen=True)
class Shapes:
    """All shapes of a folder. `digest` changes with any of their statements."""

    graph: Graph
    digest: str

    @cached_property
    def core(self) -> str:
        """The shapes for the SHACL Core engine as N-Triples, without their SPARQL constraints."""
        core = Graph()
        core += self.graph
        core.remove((None, SH.sparql, None))
        return str(core.serialize(format="nt"))

    @cached_property
    def constraints(self) -> list[SparqlConstraint]:
        """Every SPARQL constraint of every shape that has a target.

        Raises UnsupportedConstraint for aggregates, sub-selects, VALUES, MINUS and SERVICE.
        """
        pairs = sorted(self.graph.subject_objects(SH.sparql))
        return [self._constraint(shape, node) for shape, node in pairs]

    def finding(self, shape: str, severity: str | None = None) -> Finding:
        """The finding of a rule, from the shape's own code, texts and severity."""
        node = URIRef(shape)
        code = self.graph.value(node, _STADT.ruleCode) or Literal(shape.rsplit("/", 1)[-1])
        level = self.graph.value(node, SH.severity) or (URIRef(severity) if severity else None)
        return Finding(
            code=str(code),
            severity=_SEVERITIES.get(level or SH.Violation, "error"),
            message=self._text(node, SH.message),
            hint=self._text(node, _STADT.hint),
            shape=shape,
            privacy=str(code).startswith("P-"),
        )

    def _text(self, node: URIRef, predicate: URIRef) -> Text:
        objects = [o for o in self.graph.objects(node, predicate) if isinstance(o, Literal)]
        texts = {o.language: str(o) for o in objects}
        fallback = next(iter(texts.values()), "")
        return Text(texts.get("de", fallback), texts.get("en", fallback))

    def _constraint(self, shape: Node, node: Node) -> SparqlConstraint:
        select = str(self.graph.value(node, SH.select))
        if _UNSUPPORTED.search(select) or select.upper().count("SELECT") != 1:
            name = str(node)
            raise UnsupportedConstraint(
                Text(
                    f"Die Regel {name} lässt sich nicht über alle Daten auf einmal prüfen.",
                    f"The rule {name} cannot be checked over all data at once.",
                )
            )
        head, brace, body = select.partition("{")
        query = f"{self._prefixes()}{head}{brace} {self._target(shape)} {body}"
        return SparqlConstraint(str(node), query)

    def _target(self, shape: Node) -> str:
        classes = [f"{{ ?this a <{c}> }}" for c in self.graph.objects(shape, SH.targetClass)]
        nodes = [f"{{ BIND(<{n}> AS ?this) }}" for n in self.graph.objects(shape, SH.targetNode)]
        if (shape, RDF.type, SH.PropertyShape) in self.graph:
            owners = self.graph.subjects(SH.property, shape)
            return " UNION ".join(self._target(owner) for owner in owners)
        return " UNION ".join(sorted(classes + nodes))

    def _prefixes(self) -> str:
        pairs = {
            str(self.graph.value(d, SH.prefix)): str(self.graph.value(d, SH.namespace))
            for d in self.graph.objects(None, SH.declare)
        }
        return "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in sorted(pairs.items()))


def read(folder: Path) -> Shapes:
    """Reads the shapes of a folder and its files, not those of its profiles."""
    graph = Graph()
    digest = sha256()
    for file in sorted(folder.glob("*.ttl")):
        graph.parse(file)
        digest.update(file.read_bytes())
    return Shapes(graph, digest.hexdigest()[:16])
