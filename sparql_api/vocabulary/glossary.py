"""The glossary: the vocabulary as its page shows it, in one language."""

from collections.abc import Iterable

from loader.language import Language, Text
from sparql_api import wording
from sparql_api.linked_data.statements import Statements
from sparql_api.vocabulary.entry import ClassEntry, Entry, Link, Module, PropertyEntry, Usage
from sparql_api.vocabulary.ruling import Rules
from sparql_api.wording import DCT, OWL, RDF, RDFS, SKOS

_XSD = "http://www.w3.org/2001/XMLSchema#"
# Kinds of values in words; a literal of no fixed kind is one of the dates here.
_VALUES = {
    RDFS + "Literal": Text("Tag, Monat oder Jahr", "day, month or year"),
    RDF + "langString": Text("Text mit Sprache", "text with language"),
    _XSD + "string": Text("Text", "text"),
    _XSD + "anyURI": Text("Internetadresse", "web address"),
    _XSD + "date": Text("Tag", "day"),
    _XSD + "decimal": Text("Zahl", "number"),
    _XSD + "gYear": Text("Jahr", "year"),
    _XSD + "nonNegativeInteger": Text("ganze Zahl ab 0", "whole number from 0"),
    SKOS + "Concept": Text("Begriff einer Liste", "concept of a list"),
}
_KINDS = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")


class Glossary:
    """Reads the statements of ontology, code lists and shapes for one language."""

    def __init__(self, said: Statements, base: str, language: Language) -> None:
        self.said = said
        self.base = base
        self.stadt = base + "ontology/"
        self.language: Language = language
        self.rules = Rules(said, self.stadt, language)

    def modules(self) -> list[Module]:
        """The modules in the order of their names, each with its terms."""
        terms = self.classes() + self.properties()
        homes = {self.said.node(term, RDFS + "isDefinedBy") for term in terms}
        return [self._module(home) for home in sorted(homes) if home]

    def classes(self) -> list[str]:
        """The addresses of our own classes."""
        return [iri for iri in self.said.subjects(RDF + "type", OWL + "Class") if self._ours(iri)]

    def properties(self) -> list[str]:
        """The addresses of our own properties."""
        found = [iri for kind in _KINDS for iri in self.said.subjects(RDF + "type", OWL + kind)]
        return [iri for iri in found if self._ours(iri)]

    def entry(self, iri: str) -> ClassEntry | PropertyEntry | None:
        """The entry of one term; None for what is no class and no property of ours."""
        if iri in self.classes():
            return self.class_entry(iri)
        return self.property_entry(iri) if iri in self.properties() else None

    def class_entry(self, iri: str) -> ClassEntry:
        """A class with its properties and rules."""
        family = [iri, *self.ancestors(iri)]
        paths = {*self._of_domain(iri), *self.rules.paths(iri)}
        usages = [
            Usage(self.link(path), self.rules.number(family, path), self._values(family, path))
            for path in paths
        ]
        return ClassEntry(
            *self._common(iri, RDFS + "subClassOf"),
            below=self.links(self.said.subjects(RDFS + "subClassOf", iri)),
            usages=sorted(usages, key=lambda usage: usage.name.text.casefold()),
            rules=self.rules.of_class(iri),
            shared=self.links(s for name in family for s in self.rules.shared_by(name)),
        )

    def property_entry(self, iri: str) -> PropertyEntry:
        """A property with where it belongs and what it leads to."""
        inverse = self.said.nodes(iri, OWL + "inverseOf")
        inverse += self.said.subjects(OWL + "inverseOf", iri)
        return PropertyEntry(
            *self._common(iri, RDFS + "subPropertyOf"),
            domain=self.links(self.members(iri, "domain")),
            values=self._values(self.members(iri, "domain"), iri),
            inverse=self.links(inverse),
        )

    def members(self, iri: str, end: str) -> list[str]:
        """The classes of a property's `domain` or `range`; a union's are taken apart."""
        found = []
        for node in self.said.nodes(iri, RDFS + end):
            union = self.said.node(node, OWL + "unionOf")
            found += self.said.items(union) if union else [node]
        return found

    def ancestors(self, iri: str) -> list[str]:
        """Our own classes above a class, nearest first."""
        found: list[str] = []
        queue = self.said.nodes(iri, RDFS + "subClassOf")
        while queue:
            name = queue.pop(0)
            if self._ours(name) and name not in found:
                found.append(name)
                queue += self.said.nodes(name, RDFS + "subClassOf")
        return found

    def label(self, iri: str) -> str:
        """The name of a term in the language; terms of others by their short address."""
        for predicate in (RDFS + "label", SKOS + "prefLabel", DCT + "title"):
            if text := self.said.text(iri, predicate, self.language):
                return text
        known = _VALUES.get(iri) or wording.TERMS.get(iri)
        return known.say(self.language) if known else wording.short(iri)

    def link(self, iri: str) -> Link:
        """A term with its name."""
        return Link(self.label(iri), iri)

    def links(self, iris: Iterable[str]) -> list[Link]:
        """Terms with their names, each once, by name; nodes without an address are left out."""
        named = [self.link(iri) for iri in set(iris) if not iri.startswith("_:")]
        return sorted(named, key=lambda link: (link.text.casefold(), link.iri))

    def _module(self, iri: str) -> Module:
        terms = self.said.subjects(RDFS + "isDefinedBy", iri)
        classes = [self.class_entry(t) for t in self.classes() if t in terms]
        properties = [self.property_entry(t) for t in self.properties() if t in terms]
        return Module(
            iri=iri,
            name=iri.removeprefix(self.stadt).strip("/"),
            title=self.label(iri).partition(": ")[2] or self.label(iri),
            description=self.said.text(iri, DCT + "description", self.language),
            classes=sorted(classes, key=_by_label),
            properties=sorted(properties, key=_by_label),
        )

    def _common(self, iri: str, hierarchy: str) -> tuple[str, str, str, str, bool, list[Link]]:
        return (
            iri,
            iri.removeprefix(self.stadt),
            self.label(iri),
            self.said.text(iri, SKOS + "definition", self.language),
            self.said.text(iri, OWL + "deprecated") == "true",
            self.links(self.said.nodes(iri, hierarchy)),
        )

    def _of_domain(self, iri: str) -> list[str]:
        return [name for name in self.properties() if iri in self.members(name, "domain")]

    def _values(self, classes: list[str], path: str) -> list[Link]:
        """The code list that the rules name, else the range."""
        lists = [v for v in self.rules.values(classes, path) if self._is_list(v)]
        ranges = self.members(path, "range") or self.rules.values(classes, path)
        return self.links(lists or ranges)

    def _is_list(self, iri: str) -> bool:
        return iri.startswith(self.base + "schemes/")

    def _ours(self, iri: str) -> bool:
        return iri.startswith(self.stadt)


def _by_label(entry: Entry) -> str:
    return entry.label.casefold()
