"""Rules: what the shapes demand, as the page of the vocabulary shows it."""

import re
from dataclasses import dataclass

from loader.language import Language, Text
from sparql_api.linked_data.statements import Statements

SH = "http://www.w3.org/ns/shacl#"
_IN_SCHEME = "http://www.w3.org/2004/02/skos/core#inScheme"
_PLACEHOLDER = re.compile(r"\{[$?]\w+\}")
_SEVERITIES = {
    SH + "Violation": Text("Fehler", "error"),
    SH + "Warning": Text("Warnung", "warning"),
    SH + "Info": Text("Hinweis", "note"),
}
_DEMANDS = {
    SH + "Violation": Text("Pflicht", "mandatory"),
    SH + "Warning": Text("empfohlen", "recommended"),
    SH + "Info": Text("nützlich", "useful"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its address and code, what it says, and the property that it looks at, if one."""

    iri: str
    code: str
    severity: str
    message: str
    hint: str
    path: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of `shapes/` in one language. `stadt` is the namespace of our own terms."""

    said: Statements
    stadt: str
    language: Language

    def of_class(self, iri: str) -> list[Rule]:
        """The rules that hold for a class alone."""
        shapes = [shape for shape in self._targeting(iri) if not self._is_shared(shape)]
        return [rule for shape in shapes for rule in self.of_shape(shape)]

    def shared_by(self, iri: str) -> list[str]:
        """The shapes that hold for a class and for others too."""
        return [shape for shape in self._targeting(iri) if self._is_shared(shape)]

    def shared(self) -> list[str]:
        """All shapes that hold for several classes."""
        typed = self.said.subjects(_TYPE, SH + "NodeShape")
        return [shape for shape in typed if self._is_shared(shape)]

    def targets(self, shape: str) -> list[str]:
        """The classes that a shape holds for."""
        return self.said.nodes(shape, SH + "targetClass")

    def of_shape(self, shape: str) -> list[Rule]:
        """Its own rule, if it has a code, those of its properties, and those of its queries."""
        own = [shape] if self._code(shape) else []
        parts = self.said.nodes(shape, SH + "property")
        queries = self.said.nodes(shape, SH + "sparql")
        rules = [self._rule(node) for node in [*own, *parts, *queries]]
        return sorted(rules, key=lambda rule: (rule.path, rule.code, rule.iri))

    def classes(self, node: str) -> list[str]:
        """The classes that a shape, or a part of one, holds for."""
        parts = (SH + "property", SH + "sparql")
        owners = [shape for part in parts for shape in self.said.subjects(part, node)]
        return sorted({name for shape in [node, *owners] for name in self.targets(shape)})

    def of_property(self, iri: str) -> list[Rule]:
        """The rules that look at one property, whatever the class."""
        return [self._rule(node) for node in self.said.subjects(SH + "path", iri)]

    def with_code(self, code: str) -> list[Rule]:
        """The rules that have a code, property rules and queries alike."""
        found = self.said.having(self.stadt + "ruleCode", code)
        return [self._rule(node) for node in found]

    def paths(self, iri: str) -> list[str]:
        """The properties that the rules of a class look at."""
        return sorted({rule.path for rule in self.of_class(iri) if rule.path})

    def number(self, classes: list[str], path: str) -> str:
        """How often a class, given with those above it, is to have a property; in words."""
        least, most = "", False
        for node in self._on(classes, path):
            if self.said.text(node, SH + "minCount") not in {"", "0"}:
                least = self.said.node(node, SH + "severity") or SH + "Violation"
            most = most or self.said.text(node, SH + "maxCount") == "1"
        return _in_words(least, self.language, only_one=most)

    def values(self, classes: list[str], path: str) -> list[str]:
        """The code lists or classes that the values of a property come from."""
        found = []
        for node in self._on(classes, path):
            found += self.said.nodes(node, SH + "class")
            for shape in self.said.nodes(node, SH + "node"):
                found += [
                    scheme
                    for part in self.said.nodes(shape, SH + "property")
                    if self.said.node(part, SH + "path") == _IN_SCHEME
                    for scheme in self.said.nodes(part, SH + "hasValue")
                ]
        return sorted(set(found))

    def _on(self, classes: list[str], path: str) -> list[str]:
        return [
            node
            for name in classes
            for shape in self._targeting(name)
            for node in self.said.nodes(shape, SH + "property")
            if self.said.node(node, SH + "path") == path
        ]

    def _targeting(self, iri: str) -> list[str]:
        return self.said.subjects(SH + "targetClass", iri)

    def _is_shared(self, shape: str) -> bool:
        return len(self.targets(shape)) > 1

    def _code(self, node: str) -> str:
        return self.said.text(node, self.stadt + "ruleCode")

    def _rule(self, node: str) -> Rule:
        """A query has no severity of its own: that of its shape counts."""
        bearers = [node, *self.said.subjects(SH + "sparql", node)]
        said = [level for each in bearers if (level := self.said.node(each, SH + "severity"))]
        severity = said[0] if said else SH + "Violation"
        path = self.said.node(node, SH + "path")
        message = self.said.text(node, SH + "message", self.language)
        return Rule(
            iri=node,
            code=self._code(node),
            severity=_SEVERITIES[severity].say(self.language),
            message=_PLACEHOLDER.sub("…", message),
            hint=self.said.text(node, self.stadt + "hint", self.language),
            path="" if path.startswith("_:") else path,
        )


_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def _in_words(least: str, language: Language, *, only_one: bool) -> str:
    """`Pflicht, genau 1`: whether it is asked for, and how many there may be."""
    if not least:
        many = (
            Text("höchstens 1", "at most 1") if only_one else Text("beliebig viele", "any number")
        )
        return many.say(language)
    amount = Text("genau 1", "exactly 1") if only_one else Text("mindestens 1", "at least 1")
    if least != SH + "Violation" and only_one:
        amount = Text("höchstens 1", "at most 1")
    return f"{_DEMANDS[least].say(language)}, {amount.say(language)}"
