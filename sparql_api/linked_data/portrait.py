"""Portraits: a description as its page shows it, with labels instead of addresses."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from loader.language import Language
from loader.releases.release import Release
from sparql_api import wording
from sparql_api.linked_data.description import Description, label, statements
from sparql_api.wording import DCT, RDF, RDFS, SKOS

_BASE = "https://w3id.org/stadtwissen/"
_STADT = _BASE + "ontology/"
_NAMES = frozenset([RDFS + "label", SKOS + "prefLabel", DCT + "title"])

Naming = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Value:
    """One value: `iri` is where it leads, `language` that of its text where it is another."""

    text: str
    iri: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A property in words, with its values."""

    name: str
    values: list[Value]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from: addresses, date of the source, date of our table."""

    addresses: list[Value]
    date: str
    stated: str
    kind: str


@dataclass(frozen=True, slots=True)
class Portrait:
    """What the page of a thing shows."""

    iri: str
    title: str
    kinds: list[str]
    facts: list[Fact]
    sources: list[Source]
    incoming: list[Fact]
    page: int
    more: bool
    graphs: list[str]


def portray(release: Release, thing: Description, language: Language) -> Portrait:
    """The portrait in one language; reads the labels of all that it names from the masters."""
    name = _naming(release, language)
    own = [quad for quad in thing.own if str(quad.subject) == f"<{thing.iri}>"]
    types = [quad.object.value for quad in own if _is(quad, RDF + "type")]  # type: ignore[union-attr]
    hidden = _NAMES | {RDF + "type"}
    facts = [quad for quad in own if quad.predicate.value not in hidden]
    return Portrait(
        iri=thing.iri,
        title=label(own, language) or wording.short(thing.iri),
        kinds=[name(iri) for iri in sorted(types)],
        facts=_facts(((q.predicate.value, q.object) for q in facts), name, language),
        sources=_sources(thing.records, name),
        incoming=_facts(((q.predicate.value, q.subject) for q in thing.incoming), name, language),
        page=thing.page,
        more=thing.more,
        graphs=sorted({q.graph_name.value for q in own}),  # type: ignore[union-attr]
    )


def _naming(release: Release, language: Language) -> Naming:
    known: dict[str, str] = {}

    def name(iri: str) -> str:
        if iri not in known:
            text = wording.TERMS.get(iri)
            said = "" if text else label(statements(release, iri), language)
            known[iri] = text.say(language) if text else said or wording.short(iri)
        return known[iri]

    return name


def _facts(pairs: Iterable[tuple[str, object]], name: Naming, language: Language) -> list[Fact]:
    grouped: dict[str, list[object]] = {}
    for predicate, value in pairs:
        grouped.setdefault(predicate, []).append(value)
    return [
        Fact(name(predicate), _values(values, name, language))
        for predicate, values in sorted(grouped.items())
    ]


def _values(values: list[object], name: Naming, language: Language) -> list[Value]:
    """Texts in the page's language where there are any, else those that there are."""
    texts = [v for v in values if isinstance(v, Literal)]
    ours = [v for v in texts if v.language in {None, language}]
    shown = [
        Value(v.value, language=v.language if v.language and v.language != language else "")
        for v in (ours or texts)
    ]
    for value in values:
        if isinstance(value, NamedNode):
            shown.append(Value(name(value.value), iri=value.value))
    return sorted(dict.fromkeys(shown), key=lambda value: value.text.casefold())


def _sources(quads: list[Quad], name: Naming) -> list[Source]:
    records: dict[str, dict[str, list[str]]] = {}
    for quad in quads:
        values = records.setdefault(str(quad.subject), {})
        values.setdefault(quad.predicate.value, []).append(getattr(quad.object, "value", ""))
    return [
        Source(
            addresses=[
                Value(_page_name(iri, name), iri) for iri in sorted(values.get(DCT + "source", []))
            ],
            date=", ".join(values.get(DCT + "date", [])),
            stated=", ".join(values.get(_STADT + "dateOfStatement", [])),
            kind=", ".join(name(iri) for iri in values.get(_STADT + "sourceClass", [])),
        )
        for values in records.values()
    ]


def _page_name(iri: str, name: Naming) -> str:
    """A web address stands for itself; a publication of ours has a title."""
    return name(iri) if iri.startswith(_BASE) else iri


def _is(quad: Quad, predicate: str) -> bool:
    return quad.predicate.value == predicate and isinstance(quad.object, NamedNode)
