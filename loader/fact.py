"""Facts: what the metadata says of a source as a whole, its common properties.

Source: *Metadata Vocabulary for Tabular Data*, sections 5.8 and 6.3: a text takes the language of
`@context`; `@value` with `@language` or `@type`, `@id`, and lists of these are the other forms.
"""

from dataclasses import dataclass
from typing import Any

from loader.template import PREFIXES, full_address
from loader.term import XSD_STRING, iri, literal

_ANNOTATION = "https://w3id.org/stadtwissen/ontology/"


@dataclass(frozen=True, slots=True)
class Fact:
    """One property of the source and its value as an N-Quads term."""

    predicate: str
    term: str


def read(description: dict[str, Any], language: str) -> tuple[Fact, ...]:
    """The facts among the members of a description. Raises KeyError for a value of no known form.

    Annotations of ours steer the loader and are no facts.
    """
    return tuple(
        Fact(full_address(name), _term(value, language))
        for name, values in description.items()
        if _is_common(name)
        for value in (values if isinstance(values, list) else [values])
    )


def _is_common(name: str) -> bool:
    return ":" in name and not name.startswith(("@", _ANNOTATION))


def _term(value: Any, language: str) -> str:
    if not isinstance(value, dict):
        return literal(str(value), language=language)
    if "@id" in value:
        return iri(full_address(value["@id"]))
    prefixed = value.get("@type", XSD_STRING)
    kind = prefixed if ":" in prefixed else PREFIXES["xsd"] + prefixed
    return literal(str(value["@value"]), full_address(kind), value.get("@language", "und"))
