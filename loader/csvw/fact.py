"""Facts: what the metadata says of a source or a table as a whole, its common properties.

Source: *Metadata Vocabulary for Tabular Data*, sections 5.8 and 6.3: a text takes the language of
`@context`; `@value` with `@language` or `@type`, `@id`, objects, and lists of these are the other
forms.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from loader import address, term
from loader.csvw import builtin
from loader.language_tag import is_language
from loader.prefix import CLASSES, PREFIXES, full_address

_ANNOTATION = builtin.STADT
_KEYWORDS = {"@id", "@type"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One property of the source and its value as an N-Quads term.

    `nested` are the statements about a value that is no single term, as N-Quads without a graph.
    """

    predicate: str
    term: str
    nested: tuple[str, ...] = ()


@dataclass(slots=True)
class Facts:
    """Reads the common properties of one metadata document; `prefix` begins its blank nodes."""

    base: str
    language: str
    prefix: str = "n"
    _count: int = field(default=0)

    def read(self, description: dict[str, Any]) -> tuple[Fact, ...]:
        """The facts among the members of a description. Raises ValueError for no known form.

        Annotations of ours steer the loader and are no facts.
        """
        named = ((n, v) for n, v in description.items() if is_common(n))
        return tuple(
            fact for name, value in named for fact in self.values(full_address(name), value)
        )

    def values(self, predicate: str, value: Any) -> Iterator[Fact]:
        """One fact for each item of a value. Raises ValueError."""
        for item in value if isinstance(value, list) else [value]:
            if item is not None:
                nested: list[str] = []
                yield Fact(address.safe(predicate), self._term(item, nested), tuple(nested))

    def _term(self, value: Any, nested: list[str]) -> str:
        if isinstance(value, dict):
            return self._literal(value) if "@value" in value else self._node(value, nested)
        return self._plain(value, self.language)

    def _plain(self, value: Any, language: str) -> str:
        if isinstance(value, bool):
            return term.literal(str(value).lower(), builtin.address("boolean"))
        if isinstance(value, int):
            return term.literal(str(value), builtin.address("integer"))
        if isinstance(value, float):
            return term.literal(repr(value), builtin.address("double"))
        if not isinstance(value, str):
            raise ValueError(value)
        return term.literal(value, language=language)

    def _literal(self, value: dict[str, Any]) -> str:
        kind, language = value.get("@type"), value.get("@language")
        if value.keys() - {"@value", "@type", "@language"} or (kind and "@language" in value):
            raise ValueError(value)
        if language is not None and not is_language(language):
            raise ValueError(language)
        if kind is None:
            return self._plain(value["@value"], language or "und")
        return term.literal(_text(value["@value"]), self._kind(kind))

    def _node(self, value: dict[str, Any], nested: list[str]) -> str:
        odd = {name for name in value if name.startswith("@")} - _KEYWORDS
        if odd:
            raise ValueError(odd)
        node = term.iri(self._address(value["@id"])) if "@id" in value else self._blank()
        kinds = value.get("@type", [])
        for kind in kinds if isinstance(kinds, list) else [kinds]:
            nested.append(f"{node} <{term.RDF_TYPE}> {term.iri(self._kind(kind))}")
        for name, inner in value.items():
            if name in _KEYWORDS:
                continue
            if not is_common(name):
                raise ValueError(name)
            for fact in self.values(full_address(name), inner):
                nested += [f"{node} {term.iri(fact.predicate)} {fact.term}", *fact.nested]
        return node

    def _blank(self) -> str:
        self._count += 1
        return f"_:{self.prefix}{self._count}"

    def _address(self, text: Any) -> str:
        if not isinstance(text, str) or text.startswith("_:"):
            raise ValueError(text)
        return address.safe(address.resolve(full_address(text), self.base))

    def _kind(self, name: Any) -> str:
        """The address of a class or datatype: a term of the standard, prefixed or absolute."""
        if not isinstance(name, str) or name.startswith("_:"):
            raise ValueError(name)
        if name in CLASSES:
            return PREFIXES["csvw"] + name
        if name in builtin.NAMES:
            return builtin.address(name)
        full = full_address(name)
        if not address.is_absolute(full):
            raise ValueError(name)
        return address.safe(full)


def is_common(name: str) -> bool:
    """Whether a member is a common property: prefixed or absolute, and no annotation of ours."""
    if name.startswith(("@", _ANNOTATION)) or ":" not in name:
        return False
    return name.partition(":")[0] in PREFIXES or "://" in name or name.startswith("urn:")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int, float)):
        return str(value)
    raise ValueError(value)
