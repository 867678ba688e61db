"""The picture of the vocabulary: which classes it shows, and what leads from one to another."""

from dataclasses import dataclass

from sparql_api.vocabulary.entry import Link
from sparql_api.vocabulary.glossary import Glossary
from sparql_api.wording import OWL, RDF, RDFS

Families = dict[str, list[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Relation:
    """One sentence of the picture: what, by which property, leads to what."""

    start: Link
    name: Link
    end: Link


def families(glossary: Glossary) -> Families:
    """Each class that has none of ours above it, with all below it and how deep they stand."""
    return {
        iri: _family(glossary, iri, 0) for iri in glossary.classes() if not glossary.ancestors(iri)
    }


def relations(glossary: Glossary) -> list[Relation]:
    """What leads from a class of ours to a class of ours; of two inverses only one."""
    classes = set(glossary.classes())
    return [
        Relation(glossary.link(start), glossary.link(name), glossary.link(end))
        for name in glossary.said.subjects(RDF + "type", OWL + "ObjectProperty")
        if not glossary.said.nodes(name, OWL + "inverseOf")
        for start in glossary.members(name, "domain")
        for end in glossary.members(name, "range")
        if start in classes and end in classes
    ]


def _family(glossary: Glossary, iri: str, depth: int) -> list[tuple[str, int]]:
    below = [name for name in glossary.classes() if _is_below(glossary, name, iri)]
    found = [(iri, depth)]
    for name in sorted(below, key=glossary.label):
        found += _family(glossary, name, depth + 1)
    return found


def _is_below(glossary: Glossary, name: str, iri: str) -> bool:
    return iri in glossary.said.nodes(name, RDFS + "subClassOf")
