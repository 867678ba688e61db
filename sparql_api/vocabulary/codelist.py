"""Code lists as the page of the vocabulary shows them."""

from dataclasses import dataclass

from sparql_api.vocabulary.glossary import Glossary
from sparql_api.wording import DCT, RDF, SKOS


@dataclass(frozen=True, slots=True)
class Concept:
    """An entry of a list; `broader` is the name of the entry above it, if one."""

    iri: str
    notation: str
    label: str
    others: list[str]
    definition: str
    broader: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list with its entries."""

    iri: str
    name: str
    title: str
    description: str
    concepts: list[Concept]


def code_lists(glossary: Glossary) -> list[CodeList]:
    """All lists by their titles."""
    found = glossary.said.subjects(RDF + "type", SKOS + "ConceptScheme")
    lists = [code_list(glossary, iri) for iri in found]
    return sorted(lists, key=lambda each: (each.title.casefold(), each.iri))


def code_list(glossary: Glossary, iri: str) -> CodeList:
    """One list; its entries by notation, `unknown` last."""
    concepts = [_concept(glossary, c) for c in glossary.said.subjects(SKOS + "inScheme", iri)]
    return CodeList(
        iri=iri,
        name=iri.removeprefix(glossary.base + "schemes/"),
        title=glossary.label(iri),
        description=glossary.said.text(iri, DCT + "description", glossary.language),
        concepts=sorted(concepts, key=lambda c: (c.iri.endswith("/unknown"), c.notation, c.iri)),
    )


def _concept(glossary: Glossary, iri: str) -> Concept:
    said, language = glossary.said, glossary.language
    broader = said.node(iri, SKOS + "broader")
    return Concept(
        iri=iri,
        notation=said.text(iri, SKOS + "notation"),
        label=said.text(iri, SKOS + "prefLabel", language),
        others=said.texts(iri, SKOS + "altLabel"),
        definition=said.text(iri, SKOS + "definition", language),
        broader=glossary.label(broader) if broader else "",
    )
