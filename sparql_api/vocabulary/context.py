"""The JSON-LD context: short names for the vocabulary, made from ontology and shapes.

Source: JSON-LD 1.1. Numbers are to be written as texts (`"1.50"`): JSON's own would become doubles.
"""

from typing import Any

from sparql_api.vocabulary.glossary import Glossary
from sparql_api.vocabulary.ruling import SH
from sparql_api.wording import DCT, FOAF, GEO, OWL, PREFIXES, RDF, RDFS, SKOS

_XSD = PREFIXES["xsd"]
# What the vocabularies of others say of their terms, where our rules do not repeat it.
_TEXTS = frozenset([RDFS + "label", SKOS + "altLabel", SKOS + "definition"])
_THINGS = frozenset(
    [
        DCT + "source",
        FOAF + "homepage",
        FOAF + "page",
        FOAF + "primaryTopic",
        GEO + "hasCentroid",
        PREFIXES["schema"] + "sameAs",
        SKOS + "inScheme",
    ]
)
_ALWAYS = _TEXTS | _THINGS | {SKOS + "notation"}
_BY_LANGUAGE = {"@container": "@language"}


def context(glossary: Glossary) -> dict[str, Any]:
    """`{"@context": {…}}`: prefixes, classes, properties with the kind of their values.

    A property of others has a name where the shapes use it and our own have not taken it.
    """
    entries: dict[str, Any] = {"@version": 1.1, "id": "@id", "type": "@type"}
    entries |= {"stadt": glossary.stadt, **PREFIXES}
    for iri in sorted(glossary.classes()):
        entries[iri.removeprefix(glossary.stadt)] = _short(glossary, iri)
    own = sorted(glossary.properties())
    for iri in [*own, *_foreign(glossary)]:
        name = iri.removeprefix(glossary.stadt).replace("#", "/").rpartition("/")[2]
        entries.setdefault(name, _property(glossary, iri))
    return {"@context": entries}


def _foreign(glossary: Glossary) -> list[str]:
    said = glossary.said
    shapes = said.subjects(RDF + "type", SH + "PropertyShape")
    paths = {said.node(shape, SH + "path") for shape in shapes} | _ALWAYS
    return sorted(p for p in paths if p.startswith("http") and not p.startswith(glossary.stadt))


def _property(glossary: Glossary, iri: str) -> dict[str, str]:
    entry = {"@id": _short(glossary, iri)}
    kinds = glossary.said.nodes(iri, RDF + "type")
    ranges = set(glossary.members(iri, "range"))
    if OWL + "ObjectProperty" in kinds or (not kinds and _leads_to_things(glossary, iri)):
        return entry | {"@type": "@id"}
    if RDF + "langString" in ranges or _is_text(glossary, iri):
        return entry | _BY_LANGUAGE
    kind = next(iter(ranges)) if len(ranges) == 1 else ""
    if kind.startswith(_XSD) and kind != _XSD + "string":
        return entry | {"@type": _short(glossary, kind)}
    return entry


def _leads_to_things(glossary: Glossary, iri: str) -> bool:
    """Whether the values are things: a rule names their class, or asks for an address."""
    said = glossary.said
    return iri in _THINGS or any(
        said.nodes(shape, SH + "class") or said.node(shape, SH + "nodeKind") == SH + "IRI"
        for shape in said.subjects(SH + "path", iri)
    )


def _is_text(glossary: Glossary, iri: str) -> bool:
    """Whether a rule speaks of the language of the values."""
    said = glossary.said
    return iri in _TEXTS or any(
        said.text(shape, SH + "uniqueLang") == "true" or said.nodes(shape, SH + "languageIn")
        for shape in said.subjects(SH + "path", iri)
    )


def _short(glossary: Glossary, iri: str) -> str:
    for prefix, namespace in {"stadt": glossary.stadt, **PREFIXES}.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
