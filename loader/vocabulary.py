"""The vocabulary as the loader needs it: superclasses, inverses and the labels of code lists.

Nobody is asked to reason: what follows from these is written out when a table is described.
"""

from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

import polars as pl
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from loader.csvw.metadata import STADT
from loader.csvw.template import PREFIXES
from loader.folding import fold, folded
from loader.language import Text

_SUBCLASS = NamedNode(PREFIXES["rdfs"] + "subClassOf")
_INVERSE = NamedNode(PREFIXES["owl"] + "inverseOf")
_IN_SCHEME = NamedNode(PREFIXES["skos"] + "inScheme")
_COMPARED = 200  # characters; comparing longer texts takes long
_LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")
_TITLES = (PREFIXES["dc"] + "title", PREFIXES["skos"] + "prefLabel")
_NAMES = {
    NamedNode(PREFIXES["skos"] + "notation"): 0,
    NamedNode(PREFIXES["skos"] + "prefLabel"): 1,
    NamedNode(PREFIXES["skos"] + "altLabel"): 2,
    NamedNode(PREFIXES["skos"] + "hiddenLabel"): 3,
}


@dataclass(frozen=True)
class Scheme:
    """A code list; `concepts` maps each notation, label and synonym to a concept's address."""

    iri: str
    title: str
    concepts: dict[str, str]

    def find(self, texts: pl.Series) -> pl.Series:
        """The concepts that texts name, null where they name none.

        Capitals, umlauts and punctuation make no difference where no entry is written just so.
        """
        known = texts.replace_strict(
            list(self.concepts), list(self.concepts.values()), default=None, return_dtype=pl.String
        )
        if not (texts.is_not_null() & known.is_null()).any():
            return known
        similar = folded(texts).replace_strict(
            list(self._folded), list(self._folded.values()), default=None, return_dtype=pl.String
        )
        return known.zip_with(known.is_not_null(), similar)

    @cached_property
    def _folded(self) -> dict[str, str]:
        """Concepts by their folded names, without names that would then mean several."""
        found: dict[str, set[str]] = {}
        for name, concept in self.concepts.items():
            found.setdefault(fold(name), set()).add(concept)
        return {name: min(several) for name, several in found.items() if len(several) == 1}

    def nearest(self, text: str) -> str | None:
        """The entry that looks most like the text, or None."""
        short = text[:_COMPARED]
        if short not in self._near:
            found = get_close_matches(short, self.concepts, n=1, cutoff=0.5)
            self._near[short] = next(iter(found), None)
        return self._near[short]

    @cached_property
    def _near(self) -> dict[str, str | None]:
        """What was asked for before; comparing takes a millisecond, and mistakes come in heaps."""
        return {}


@dataclass(frozen=True)
class Vocabulary:
    """The statements of `ontology/`, read once: of its modules, and of its code lists."""

    terms: tuple[Quad, ...] = field(repr=False)
    concepts: tuple[Quad, ...] = field(repr=False)

    @cached_property
    def superclasses(self) -> dict[str, tuple[str, ...]]:
        """All classes of ours above a class of ours, nearest first."""
        parents: dict[str, list[str]] = {}
        for quad in self.terms:
            if quad.predicate == _SUBCLASS and isinstance(quad.object, NamedNode):
                parents.setdefault(_address(quad.subject), []).append(quad.object.value)
        return {name: tuple(_above(name, parents)) for name in parents}

    @cached_property
    def inverses(self) -> dict[str, str]:
        """Properties and their inverses, both ways."""
        pairs = {
            _address(q.subject): _address(q.object) for q in self.terms if q.predicate == _INVERSE
        }
        return pairs | {inverse: name for name, inverse in pairs.items()}

    @cached_property
    def schemes(self) -> dict[str, Scheme]:
        """The code lists by their address."""
        members = {
            _address(q.subject): _address(q.object)
            for q in self.concepts
            if q.predicate == _IN_SCHEME
        }
        names: dict[str, dict[str, str]] = {scheme: {} for scheme in members.values()}
        for quad in sorted(self.concepts, key=lambda q: _NAMES.get(q.predicate, 9)):
            scheme = members.get(_address(quad.subject))
            if scheme and quad.predicate in _NAMES:  # a notation wins over a label of its form
                names[scheme].setdefault(str(_text(quad)), _address(quad.subject))
        return {iri: Scheme(iri, self._title(iri), found) for iri, found in names.items()}

    def entries(self, scheme: str) -> dict[str, Text]:
        """The labels of a code list's entries by their addresses, in the order of those."""
        members = {
            _address(q.subject)
            for q in self.concepts
            if q.predicate == _IN_SCHEME and _address(q.object) == scheme
        }
        labels: dict[str, dict[str | None, str]] = {member: {} for member in sorted(members)}
        for quad in self.concepts:
            concept = _address(quad.subject)
            if concept in labels and quad.predicate == _LABEL and isinstance(quad.object, Literal):
                labels[concept][quad.object.language] = quad.object.value
        return {c: Text(found.get("de", ""), found.get("en", "")) for c, found in labels.items()}

    def _title(self, iri: str) -> str:
        titles = [
            q.object
            for q in self.concepts
            if _address(q.subject) == iri and q.predicate.value in _TITLES
        ]
        german = [t.value for t in titles if isinstance(t, Literal) and t.language == "de"]
        return german[0] if german else iri.rsplit("/", 1)[-1]


def read(folder: Path) -> Vocabulary:
    """Reads all modules, restrictions, alignments and code lists of the ontology's folder."""
    parts = ("", "restrictions/", "alignments/")
    terms = [path for part in parts for path in folder.glob(f"{part}*.ttl")]
    return Vocabulary(_quads(terms), _quads(list(folder.glob("schemes/*.ttl"))))


def _quads(files: list[Path]) -> tuple[Quad, ...]:
    return tuple(q for file in sorted(files) for q in parse(path=file, format=RdfFormat.TURTLE))


def _above(name: str, parents: dict[str, list[str]]) -> list[str]:
    found: list[str] = []
    queue = list(parents.get(name, []))
    while queue:
        parent = queue.pop(0)
        if parent.startswith(STADT) and parent not in found and parent != name:
            found.append(parent)
            queue += parents.get(parent, [])
    return found


def _address(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _text(quad: Quad) -> str:
    return quad.object.value if isinstance(quad.object, Literal) else ""
