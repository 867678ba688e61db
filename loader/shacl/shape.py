"""The shapes as the loader uses them: rules with texts, each given to the engine that judges it."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import shacl
from rdflib import SH, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from loader import graph
from loader.csvw.metadata import STADT
from loader.finding import Finding, Severity
from loader.language import Text
from loader.shacl import division, focus
from loader.shacl.constraint import SparqlConstraint
from loader.shacl.division import Division
from loader.shacl.reach import Reach

_STADT = Namespace(STADT)
_SEVERITIES: dict[Node, Severity] = {SH.Violation: "error", SH.Warning: "warning", SH.Info: "info"}


@dataclass(frozen=True)
class Shapes:
    """All shapes of a folder. `digest` changes with any of their statements."""

    graph: Graph
    digest: str

    @cached_property
    def engine(self) -> shacl.Shapes:
        """What SHACL Core judges, compiled."""
        return _compiled(self._core)

    @cached_property
    def aimed(self) -> shacl.Shapes:
        """The same, to judge only what `focus.marks` names."""
        return _compiled(focus.aimed(self._core))

    @cached_property
    def _core(self) -> Graph:
        return graph.named(self._division.core, keep=SH.path)

    @cached_property
    def constraints(self) -> list[SparqlConstraint]:
        """The SPARQL constraints that are asked once for all targets.

        Raises UnsupportedConstraint for what SHACL forbids.
        """
        return self._division.constraints

    @cached_property
    def asked(self) -> Reach:
        """What the SPARQL constraints can touch."""
        found = Reach()
        for constraint in self.constraints:
            found.add(constraint.reach)
        return found

    @cached_property
    def reach(self) -> Reach:
        """What can be asked of a store: all, where the reference engine judges a rule."""
        return Reach(None, None) if self.apart else self.asked

    @cached_property
    def apart(self) -> Graph:
        """The rules that only the reference engine judges; mostly none."""
        return self._division.apart

    @cached_property
    def _division(self) -> Division:
        return division.divide(self.graph)

    def without(self, rule: str) -> "Shapes":
        """The same shapes with one rule switched off."""
        off = (URIRef(rule), SH.deactivated, Literal(lexical_or_value=True))
        return Shapes(self.graph + Graph().add(off), self.digest)

    def finding(self, shape: str, severity: str | None = None) -> Finding:
        """The finding of a rule, from the shape's own code, texts and severity."""
        found = self._findings.get((shape, severity))
        if found is None:
            found = self._findings[shape, severity] = self._made(shape, severity)
        return found

    def language(self, shape: str) -> str | None:
        """The one language of which a rule asks for a text; None where it asks for none."""
        return self._languages.get(shape)

    @cached_property
    def _languages(self) -> dict[str, str]:
        found = {}
        for rule, asked in self.graph.subject_objects(SH.qualifiedValueShape):
            for tags in self.graph.objects(asked, SH.languageIn):
                names = [str(tag) for tag in Collection(self.graph, tags)]
                if len(names) == 1:
                    found[str(rule)] = names[0]
        return found

    @cached_property
    def _findings(self) -> dict[tuple[str, str | None], Finding]:
        return {}

    def _made(self, shape: str, severity: str | None) -> Finding:
        node = URIRef(shape) if ":" in shape else BNode(shape)
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

    def _text(self, node: Node, predicate: URIRef) -> Text:
        objects = [o for o in self.graph.objects(node, predicate) if isinstance(o, Literal)]
        texts = {o.language: str(o) for o in objects}
        fallback = next(iter(texts.values()), "")
        return Text(texts.get("de", fallback), texts.get("en", fallback))


def _compiled(shapes: Graph) -> shacl.Shapes:
    return shacl.Shapes.from_text(shapes.serialize(format="nt"), format="ntriples")


def read(folder: Path) -> Shapes:
    """Reads the shapes of a folder and its files, not those of its profiles."""
    files = sorted(folder.glob("*.ttl"))
    digest = sha256(b"".join(file.read_bytes() for file in files))
    return Shapes(graph.read(*files), digest.hexdigest()[:16])
