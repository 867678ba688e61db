"""Blueprints: the forms that shapes and ontology make."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import rdflib
from pyoxigraph import Literal, NamedNode, Quad
from rdflib import RDF, RDFS, SH, SKOS, Graph, URIRef
from rdflib.namespace import FOAF, OWL
from rdflib.term import Node

from loader import bundle
from loader.forms import example
from loader.forms.demand import SHAPES, STADT, Demand, text
from loader.forms.form import KEY, Field, Form, Owner, Requirement
from loader.language import Text
from loader.shacl import shape as shapes
from loader.shacl.shape import Shapes
from loader.vocabulary import Vocabulary

_KEY = SHAPES["header-key"]
_ADDRESS = re.compile(r"\^https://w3id\\\.org/stadtwissen/id/\(?([a-z|-]+)\)?/(.+)\$")
_LANGUAGES_SHOWN = ("de", "en")
_TERMS = {str(term) for term in (RDF.type, RDFS.label, SKOS.definition)}
# Things that the data holds already, to which any row may point.
_KNOWN = {"Actor", "AdministrativeArea", "LocalAuthority", "FundingProgramme"}
_TITLE = Text(" (englisch)", " (English)")


def forms(rules: Shapes, vocabulary: Vocabulary) -> tuple[Form, ...]:
    """The forms of all classes that the shapes put into the template, in its order.

    Their examples are those of the bundled ontology.
    """
    graph = Graph()
    for file in sorted((bundle.ontology() / "examples").glob("*.ttl")):
        graph.parse(file)
    found = _Blueprint(rules.graph, vocabulary).forms()
    return tuple(example.with_examples(form, graph, vocabulary) for form in found)


def bundled(vocabulary: Vocabulary) -> tuple[Form, ...]:
    """The forms of the bundled shapes."""
    return forms(shapes.read(bundle.shapes()), vocabulary)


@dataclass(frozen=True)
class _Blueprint:
    """Reads forms out of shapes."""

    shapes: Graph
    vocabulary: Vocabulary

    def forms(self) -> tuple[Form, ...]:
        return tuple(self._form(cls) for cls in self._delivered)

    @cached_property
    def _delivered(self) -> list[URIRef]:
        ordered = sorted((order, cls) for cls, order in self.shapes[: STADT.templateOrder])
        return [cls for _, cls in ordered if isinstance(cls, URIRef)]

    @cached_property
    def _terms(self) -> Graph:
        """Labels, definitions and kinds of our own terms."""
        graph = Graph()
        for quad in self.vocabulary.terms:
            if quad.predicate.value in _TERMS and isinstance(quad.subject, NamedNode):
                graph.add((URIRef(quad.subject.value), URIRef(quad.predicate.value), _node(quad)))
        return graph

    def _form(self, cls: URIRef) -> Form:
        kinds, pattern, shape = self._addresses(cls)
        key = Field(
            KEY,
            "",
            text(self.shapes, _KEY, SKOS.prefLabel),
            text(self.shapes, shape, STADT.hint),
            "required",
            self._synonyms(_KEY),
            pattern=pattern,
        )
        label = text(self._terms, cls, RDFS.label)
        definition = text(self._terms, cls, SKOS.definition)
        return Form(str(cls), kinds[0], label, definition, (key, *self._fields(cls, "thing")))

    def _fields(self, cls: URIRef, owner: Owner) -> Iterator[Field]:
        by_path: dict[Node, list[Node]] = {}
        for each in (str(cls), *self.vocabulary.superclasses.get(str(cls), ())):
            for shape in self.shapes[: SH.targetClass : URIRef(each)]:
                for rule in self.shapes[shape : SH.property]:
                    path = self.shapes.value(rule, SH.path)
                    if path is not None and not str(rule).startswith(SHAPES["AnyPublished-"]):
                        by_path.setdefault(path, []).append(rule)
        demands = {path: Demand(self.shapes, rules) for path, rules in by_path.items()}
        for path, demand in sorted(demands.items(), key=lambda item: item[1].rank):
            if isinstance(path, URIRef) and path != FOAF.primaryTopic:
                yield from self._of_path(path, demand, owner)
        if owner == "thing":
            yield from self._fields(STADT.Record, "record")

    def _of_path(self, path: URIRef, demand: Demand, owner: Owner) -> Iterator[Field]:
        field = self._field(path, demand, owner)
        if field is None:
            return
        languages = demand.languages
        if not languages and field.label.de:
            yield field
        for language in sorted(languages, key=_LANGUAGES_SHOWN.index):
            yield _in_language(field, language, languages[language])

    def _field(self, path: URIRef, demand: Demand, owner: Owner) -> Field | None:
        requirement, classes = demand.requirement, demand.classes
        if classes and not self._is_offered(path, classes, requirement):
            return None
        is_amount = STADT.MonetaryAmount in classes
        is_place = STADT.AdministrativeArea in classes and len(classes) == 1
        addresses = [self._addresses(cls) for cls in classes] if not is_amount else []
        kinds = ("municipality",) if is_place else tuple(k for a in addresses for k in a[0])
        base, pattern = demand.datatype, demand.pattern
        if pattern and pattern.startswith("http") and not self._names(path):
            base = "anyURI"
        return Field(
            name=path.rsplit("/", 1)[-1].rsplit("#", 1)[-1],
            path=str(path),
            label=self._label(path, demand),
            help=demand.advice,
            requirement=requirement,
            synonyms=self._synonyms(self.shapes.value(None, STADT.headerOf, path)),
            base="decimal" if is_amount else base,
            scheme=demand.scheme,
            kinds=tuple(dict.fromkeys(kinds)),
            pattern=pattern if not kinds else None,
            language=None if kinds or pattern or base != "string" else self._language(path),
            is_address=bool(pattern and "http" in pattern) and self._names(path),
            is_place=is_place,
            is_list=demand.is_list,
            owner="amount" if is_amount else owner,
        )

    def _is_offered(self, path: URIRef, classes: list[URIRef], requirement: Requirement) -> bool:
        """Whether rows can point there; of two inverses the one that is needed is enough."""
        known = {*self._delivered, STADT.MonetaryAmount, *(STADT[name] for name in _KNOWN)}
        one_way = str(path) not in self.vocabulary.inverses or requirement == "required"
        return one_way and any(cls in known for cls in classes)

    def _names(self, path: URIRef) -> bool:
        """Whether the property's values are things and not texts."""
        return (path, RDF.type, OWL.DatatypeProperty) not in self._terms

    def _language(self, path: URIRef) -> str | None:
        """Texts of unknown language are taken for German, since the sheet asks in German."""
        return "de" if (path, RDF.type, OWL.ObjectProperty) not in self._terms else None

    def _addresses(self, cls: URIRef) -> tuple[tuple[str, ...], str, Node | None]:
        """The kinds of a class's addresses, the form of their keys, and the rule that says so."""
        for each in (str(cls), *self.vocabulary.superclasses.get(str(cls), ())):
            for shape in self.shapes[: SH.targetClass : URIRef(each)]:
                match = _ADDRESS.fullmatch(str(self.shapes.value(shape, SH.pattern)))
                if match:
                    kinds = match[1].split("|")
                    own = re.sub(r"(?<!^)(?=[A-Z])", "-", cls.rsplit("/", 1)[-1]).lower()
                    return ((own,) if own in kinds else tuple(kinds)), match[2], shape
        return (), "", None

    def _label(self, path: URIRef, demand: Demand) -> Text:
        header = self.shapes.value(None, STADT.headerOf, path)
        if header is not None and self.shapes.value(header, SKOS.prefLabel):
            return text(self.shapes, header, SKOS.prefLabel)
        return demand.name or text(self._terms, path, RDFS.label)

    def _synonyms(self, header: Node | None) -> tuple[str, ...]:
        if header is None:
            return ()
        return tuple(sorted(str(name) for name in self.shapes.objects(header, SKOS.hiddenLabel)))


def _in_language(field: Field, language: str, requirement: Requirement) -> Field:
    if language == "de":
        return replace(field, language="de", requirement=requirement, is_list=False)
    label = Text(field.label.de + _TITLE.de, field.label.en + _TITLE.en)
    return replace(
        field,
        name=f"{field.name}_{language}",
        label=label,
        language=language,
        requirement=requirement,
        synonyms=(),
        is_list=False,
    )


def _node(quad: Quad) -> Node:
    if isinstance(quad.object, Literal):
        return rdflib.Literal(quad.object.value, lang=quad.object.language)
    return URIRef(str(getattr(quad.object, "value", "")))
