"""Entries: terms of the vocabulary as a page shows them, in one language."""

from dataclasses import dataclass

from sparql_api.vocabulary.ruling import Rule


@dataclass(frozen=True, slots=True)
class Link:
    """A name and the address that it leads to."""

    text: str
    iri: str


@dataclass(frozen=True, slots=True)
class Usage:
    """A property on a class: how often, and what its values are."""

    name: Link
    number: str
    values: list[Link]


@dataclass(frozen=True, slots=True)
class Entry:
    """What all terms have: `name` is the last part of the address, `above` are broader terms."""

    iri: str
    name: str
    label: str
    definition: str
    deprecated: bool
    above: list[Link]


@dataclass(frozen=True, slots=True)
class ClassEntry(Entry):
    """A class; `shared` are the rules that it has in common with others."""

    below: list[Link]
    usages: list[Usage]
    rules: list[Rule]
    shared: list[Link]


@dataclass(frozen=True, slots=True)
class PropertyEntry(Entry):
    """A property; an annotation of our own has no domain and no values."""

    domain: list[Link]
    values: list[Link]
    inverse: list[Link]


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the vocabulary with its terms."""

    iri: str
    name: str
    title: str
    description: str
    classes: list[ClassEntry]
    properties: list[PropertyEntry]
