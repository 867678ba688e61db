"""Columns: the values of one property in a table, of one kind, as CSV on the Web describes them.

What a column can carry, `convert` reads back as the same statement, letter by letter.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from loader.prefix import PREFIXES
from loader.term import text_of

SEPARATOR = "|"
_XSD = PREFIXES["xsd"]
_RDF = PREFIXES["rdf"]
_PLAIN = re.compile(
    r"<[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=\[\]-]|%[0-9A-Fa-f]{2})*>"
)
_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f|\ufeff\ufffe\uffff]")
_WHOLE = ("integer", "nonNegativeInteger", "positiveInteger", "int", "long", "short", "byte",
          "nonPositiveInteger", "negativeInteger", "unsignedInt", "unsignedLong")  # fmt: skip
_HOUR = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d|24:00:00)"
_ZONE = r"(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)?"
# How a datatype's values look that a reader of tables has no reason to write otherwise.
_FORMS = {
    **dict.fromkeys(_WHOLE, re.compile(r"[+-]?\d{1,9}")),
    "decimal": re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?"),
    "boolean": re.compile("true|false"),
    "gYear": re.compile(r"[12]\d{3}"),
    "gYearMonth": re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])"),
    "date": re.compile(r"[12]\d{3}-\d\d-\d\d"),
    "dateTime": re.compile(
        rf"[12]\d{{3}}-\d\d-\d\dT(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d|24:00:00){_ZONE}"
    ),
    "anyURI": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]*"),
}
_NUMBERS = {*_WHOLE, "decimal"}


def kind_of(term: str) -> str:
    """What makes values of one property columns of their own: address, language, datatype."""
    if not term.startswith('"'):
        return term[0]
    return '"' + term.rpartition('"')[2]


def text(term: str) -> str:
    """What stands in the cell for a term."""
    return text_of(term) if term.startswith('"') else term[1:-1]


@lru_cache(maxsize=2**16)  # properties and classes return again and again
def is_plain(address: str) -> bool:
    """Whether an address in brackets comes out of a URI template as it went in."""
    return bool(_PLAIN.fullmatch(address))


def can_carry(term: str) -> bool:
    """Whether a cell can say a term so that it is read back the same."""
    if not term.startswith('"'):
        return is_plain(term)
    said, suffix = text_of(term), term.rpartition('"')[2]
    if not said or _ODD.search(said):
        return False
    if not suffix.startswith("^^"):
        return "--" not in suffix
    name = suffix[3:-1].removeprefix(_XSD)
    if name == suffix[3:-1]:
        return not name.startswith(_RDF) and is_plain(suffix[2:])
    form = _FORMS.get(name)
    return bool(form and form.fullmatch(said)) and ("date" not in name or _is_day(said[:10]))


@dataclass(slots=True)
class Column:
    """One column: its name, property, kind and what was seen of it.

    `is_list` when a row has several values. A number is `is_exact` while a program's number says
    the same as its text.
    """

    predicate: str
    kind: str
    name: str = ""
    is_list: bool = False
    is_exact: bool = field(default=True)
    rows: int = 0

    @property
    def is_address(self) -> bool:
        """Whether its values are addresses."""
        return self.kind == "<"

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers for programs too."""
        return self._type in _NUMBERS and self.is_exact and not self.is_list

    @property
    def is_whole(self) -> bool:
        """Whether its values are whole numbers."""
        return self._type in _WHOLE and not self.is_list

    @property
    def is_day(self) -> bool:
        """Whether its values are dates of the calendar."""
        return self._type == "date" and not self.is_list

    def value(self, cell: str) -> "str | int | float | list[str] | None":
        """A cell as a program takes it: numbers where they say the same, lists, None for empty."""
        if not cell:
            return None
        if self.is_list:
            return cell.split(SEPARATOR)
        if self.is_number:
            return float(cell) if "." in cell else int(cell)
        return cell

    @property
    def _type(self) -> str:
        return self.kind[4:-1].removeprefix(_XSD) if self.kind.startswith('"^^') else ""

    def see(self, terms: list[str]) -> None:
        """Notes the values of a row."""
        self.rows += 1
        self.is_list = self.is_list or len(terms) > 1
        if self._type in _NUMBERS and self.is_exact:
            self.is_exact = all(_is_exact(text_of(term)) for term in terms)

    def stem(self) -> str:
        """What it is called, as long as no other column is called so."""
        local = re.split("[/#]", self.predicate[1:-1])[-1]
        language = self.kind[2:] if self.kind.startswith('"@') else ""
        return re.sub("[^A-Za-z0-9]", "_", f"{local}_{language}" if language else local) or "value"

    def described(self) -> dict[str, Any]:
        """The column in the words of CSV on the Web."""
        said: dict[str, Any] = {"name": self.name, "titles": self.name}
        if self.is_list:
            said["separator"] = SEPARATOR
        if self.is_address and self.is_list:  # `links.csv` says them one by one
            return {**said, "suppressOutput": True}
        said["propertyUrl"] = self.predicate[1:-1]
        if self.is_address:
            return {**said, "valueUrl": f"{{+{self.name}}}"}
        if self.kind.startswith('"@'):
            return {**said, "lang": self.kind[2:]}
        if self.kind.startswith('"^^'):
            said["datatype"] = (
                self._type if self._type in _FORMS else {"@id": self.kind[4:-1], "base": "string"}
            )
        return said


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_exact(text: str) -> bool:
    """Whether a floating number says the same as a decimal text."""
    return len(text) < 16 and repr(float(text)).removesuffix(".0") == text.removesuffix(".0")
