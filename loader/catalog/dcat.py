"""Statements in the terms of DCAT-AP.de: their names, and the groups that return.

A term is its N-Triples text and a statement a line, so that literals stay as delivered.
"""

from collections.abc import Iterator

from pyoxigraph import NamedNode

from loader.language import Text
from loader.term import literal

NAMES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# Lists of values, whose entries have a slash in their names.
_LISTS = {
    "at": "http://publications.europa.eu/resource/authority/",
    "contributor": "http://dcat-ap.de/def/contributors/",
    "hash": "http://dcat-ap.de/def/hashAlgorithms/",
    "iana": "https://www.iana.org/assignments/media-types/",
    "level": "http://dcat-ap.de/def/politicalGeocoding/Level/",
    "publishertype": "http://purl.org/adms/publishertype/",
    "state": "http://dcat-ap.de/def/politicalGeocoding/stateKey/",
    "status": "http://purl.org/adms/status/",
}
_ADDRESSES = {**NAMES, **_LISTS}

Fact = tuple[str, str]


def node(name: str) -> str:
    """A prefixed name or a whole address as a term. Raises ValueError for what is neither."""
    prefix, _, local = name.partition(":")
    known = prefix in _ADDRESSES and not local.startswith("//")
    return str(NamedNode(_ADDRESSES[prefix] + local if known else name))


def about(subject: str, kind: str, *facts: Fact) -> Iterator[str]:
    """One thing: its class, which comes first, and what is said of it."""
    yield said(node(subject), "rdf:type", node(kind))
    for name, value in facts:
        yield said(node(subject), name, value)


def said(subject: str, name: str, value: str) -> str:
    """One statement; `subject` and `value` are terms."""
    return f"{subject} {node(name)} {value} ."


def both(name: str, text: Text) -> Iterator[Fact]:
    """A text in German and English."""
    yield name, literal(text.de, language="de")
    yield name, literal(text.en, language="en")


def typed(value: object, name: str) -> str:
    """A value of one of XSD's datatypes."""
    return literal(str(value), NAMES["xsd"] + name)
