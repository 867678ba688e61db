"""Editions: the vocabulary at one time, as far as a change of it matters to those who use it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from loader.errors import UsageError
from loader.language import Text
from loader.prefix import PREFIXES

_OWL, _RDF, _RDFS = PREFIXES["owl"], PREFIXES["rdf"], PREFIXES["rdfs"]
_SKOS, _DCT = PREFIXES["skos"], PREFIXES["dc"]
_TYPE = _RDF + "type"
_DEPRECATED = _OWL + "deprecated"
_DRAFT = "http://purl.org/ontology/bibo/status/draft"
_HEADER = _OWL + "Ontology"
# Statements that say what a term means to a program; every other one is text or a hint.
MEANING = {
    _TYPE: "kind",
    _RDFS + "subClassOf": "hierarchy",
    _RDFS + "subPropertyOf": "hierarchy",
    _SKOS + "broader": "hierarchy",
    _SKOS + "inScheme": "hierarchy",
    _RDFS + "domain": "domain",
    _RDFS + "range": "range",
    _OWL + "inverseOf": "inverse",
    _OWL + "disjointWith": "disjointness",
    _SKOS + "notation": "notation",
}
_TEXTS = {
    _RDFS + "label": "label",
    _SKOS + "prefLabel": "label",
    _SKOS + "altLabel": "label",
    _SKOS + "definition": "definition",
    _DCT + "title": "label",
    _DCT + "description": "definition",
}
_FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".rdf": RdfFormat.RDF_XML,
}
# What stands beside the vocabulary and is no part of its meaning.
_BESIDE = {"examples", "versions", "checks", "alignments", "profile"}

Aspects = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Edition:
    """The terms of one version: for each its aspects, such as `label`, `range` or `hierarchy`.

    `version` is `owl:versionInfo` of the whole; empty where the files do not say it. A draft says
    of itself by `bibo:status` that its number is not settled yet.
    """

    version: str
    draft: bool
    terms: dict[str, Aspects]
    deprecated: frozenset[str]


def read(place: Path) -> Edition:
    """Reads one file, or a folder with its restrictions and code lists. Raises UsageError."""
    return edition(statements(place))


def statements(place: Path) -> list[Quad]:
    """The statements of one file or of a folder's vocabulary, without alignments and examples."""
    files = [place] if place.is_file() else list(_parts(place))
    if not files:
        text = Text(
            f"In {place} liegt kein Vokabular. Nennen Sie einen Ordner mit .ttl-Dateien "
            "oder eine Datei.",
            f"There is no vocabulary in {place}. Name a folder with .ttl files, or a file.",
        )
        raise UsageError(text)
    return [quad for file in files for quad in _parsed(file)]


def edition(quads: Iterable[Quad]) -> Edition:
    """The edition that statements make."""
    said: dict[str, list[Quad]] = {}
    for quad in quads:
        said.setdefault(str(quad.subject), []).append(quad)
    headers = {node for node, found in said.items() if _types(found) & {_HEADER}}
    terms = {
        _bare(node): _aspects(found, said)
        for node, found in said.items()
        if node.startswith("<") and node not in headers and _types(found)
    }
    deprecated = {
        _bare(node)
        for node, found in said.items()
        for quad in found
        if quad.predicate.value == _DEPRECATED and _value(quad.object) == "true"
    }
    draft = any(_value(quad.object) == _DRAFT for node in headers for quad in said[node])
    return Edition(_version(said, headers), draft, terms, frozenset(deprecated))


def _parts(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*.ttl")):
        if not _BESIDE & set(file.relative_to(folder).parts):
            yield file


def _parsed(file: Path) -> list[Quad]:
    form = _FORMATS.get(file.suffix)
    try:
        if form is None:
            raise SyntaxError(file.suffix)
        return list(parse(path=file, format=form, rename_blank_nodes=True))
    except (OSError, SyntaxError) as error:
        text = Text(f"{file} lässt sich nicht lesen: {error}", f"{file} cannot be read: {error}")
        raise UsageError(text) from error


def _aspects(found: list[Quad], said: dict[str, list[Quad]]) -> Aspects:
    aspects: dict[str, set[str]] = {}
    for quad in found:
        name = quad.predicate.value
        if name != _DEPRECATED:
            aspect = MEANING.get(name) or _TEXTS.get(name) or "note"
            text = _written(quad.object, said)
            whole = aspect in {"hierarchy", "note", "label", "definition"}
            aspects.setdefault(aspect, set()).add(f"{_short(name)} {text}" if whole else text)
    return {aspect: frozenset(values) for aspect, values in aspects.items()}


def _written(term: object, said: dict[str, list[Quad]]) -> str:
    """A term as text that does not depend on the names of blank nodes."""
    if not isinstance(term, BlankNode):
        return _short(term.value) if isinstance(term, NamedNode) else str(term)
    if items := _items(term, said):
        return "(" + " ".join(sorted(items)) + ")"  # of a union or an intersection
    behind = sorted(
        f"{_short(q.predicate.value)} {_written(q.object, said)}" for q in said.get(str(term), [])
    )
    return "[" + "; ".join(behind) + "]"


def _items(node: object, said: dict[str, list[Quad]]) -> list[str]:
    found: list[str] = []
    while links := {q.predicate.value: q.object for q in said.get(str(node), [])}:
        if _RDF + "first" not in links:
            break
        found.append(_written(links[_RDF + "first"], said))
        node = links.get(_RDF + "rest")
    return found


def _version(said: dict[str, list[Quad]], headers: set[str]) -> str:
    """That of the shortest address: the umbrella stands above its modules."""
    for node in sorted(headers or said, key=lambda name: (len(name), name)):
        for quad in said[node]:
            if quad.predicate.value == _OWL + "versionInfo":
                return _value(quad.object)
    return ""


def _types(found: list[Quad]) -> set[str]:
    return {_value(quad.object) for quad in found if quad.predicate.value == _TYPE}


def _short(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if prefix and iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def _value(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""


def _bare(node: str) -> str:
    return node[1:-1]
