"""Drafting: CSV on the Web descriptions of tables whose columns are those of a form.

Every address and datatype follows from the form's fields; `csvw.metadata` reads the outcome as
it reads what a person wrote.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from loader.csvw import dialect as dialects
from loader.csvw.metadata import IGNORED, LOOKUP, SHEET, STADT
from loader.csvw.schema import Dialect, Table
from loader.forms.form import KEY, Field, Form

Json = dict[str, Any]

BASE = "https://w3id.org/stadtwissen/"
CONTEXT = ["http://www.w3.org/ns/csvw", {"@language": "de"}]
MUNICIPALITY = STADT + "municipality"
SEPARATOR = ";"
# What amounts are in until a description says otherwise.
_EURO = "http://publications.europa.eu/resource/authority/currency/EUR"
_CONDITION = STADT + "condition"
_NUMBER = {"decimalChar": ",", "groupChar": "."}
_KEYS = "[a-z0-9-]+"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column as a file has it: the titles above it, and the field that it is, or None.

    `is_empty` is true for a gap, that has neither a title nor cells.
    """

    titles: tuple[str, ...]
    field: Field | None
    is_empty: bool = False


def group(name: str, tables: Iterable[Json], facts: Json | None = None) -> Json:
    """The description of a source called `name` with its tables."""
    graph = f"{BASE}graph/{name}"
    return {"@context": CONTEXT, "@id": graph, **(facts or {}), "tables": list(tables)}


def table(located: Table, schema: Json) -> Json:
    """The description of a table with the dialect and the sheet that were found for it."""
    file = quote(located.path.name)
    found: Json = {"url": file if located.sheet is None else f"{file}#{quote(str(located.sheet))}"}
    if located.sheet is not None:
        found[SHEET] = located.sheet
    return found | {"dialect": _dialect(located.dialect), "tableSchema": schema}


def _dialect(dialect: Dialect) -> Json:
    """What differs from the standard's own dialect, and always the characters."""
    usual = Dialect()
    names = dialects.NAMES.items()
    known = {name: getattr(dialect, own) for name, own in names}
    differing = {name: known[name] for name, own in names if known[name] != getattr(usual, own)}
    return {"encoding": dialect.encoding, "delimiter": dialect.delimiter, **differing}


def schema(form: Form, headings: list[Heading], name: str) -> Json:
    """The schema of a table; `name` tells the records of this source from those of others.

    A table without a column for keys has the numbers of its rows for them.
    """
    addresses = Addresses(form, name, has_key=any(h.field == form.key for h in headings))
    columns = [_column(heading, addresses, n) for n, heading in enumerate(headings, start=1)]
    fields = [heading.field for heading in headings if heading.field]
    found: Json = {"aboutUrl": addresses.thing, "columns": [*columns, *_made(fields, addresses)]}
    return found | {"primaryKey": KEY} if addresses.has_key else found


@dataclass(frozen=True, slots=True)
class Addresses:
    """The address templates of what a row describes."""

    form: Form
    name: str
    has_key: bool

    @property
    def key(self) -> str:
        """What tells the row's thing from others."""
        return "{key}" if self.has_key else f"{self.name}-{{_sourceRow}}"

    @property
    def thing(self) -> str:
        """The thing itself."""
        return f"{BASE}id/{self.form.kind}/{self.key}"

    @property
    def record(self) -> str:
        """What this source says of the thing, and when."""
        return f"{BASE}id/record/{self.name}-{self.form.kind}-{self.key}"

    def amount(self, field: Field) -> str:
        """An amount of money of the thing."""
        part = "".join(f"-{c.lower()}" if c.isupper() else c for c in field.name)
        return f"{BASE}id/amount/{self.name}-{self.form.kind}-{self.key}-{part}"


def titles(heading: Heading) -> list[str]:
    """A column's titles as they stand in the file, and without the blanks at their ends."""
    bare = [title.strip() for title in heading.titles]
    return list(dict.fromkeys((*bare, *heading.titles))) or [""]


def _column(heading: Heading, addresses: Addresses, number: int) -> Json:
    field = heading.field
    if field is None:
        gap = {IGNORED: "Leere Spalte. Empty column."} if heading.is_empty else {}
        return {"name": f"column_{number}", "titles": titles(heading), **gap}
    found: Json = {"name": field.name, "titles": titles(heading)}
    if field.requirement == "required":
        found["required"] = True
    if not field.path:
        why = "Teil der Adresse. Part of the address."
        form = {"base": "string", "format": field.pattern}
        return found | {"datatype": form, "suppressOutput": True, IGNORED: why}
    if field.is_list:
        found["separator"] = SEPARATOR
    if field.owner == "record":
        found["aboutUrl"] = addresses.record
    if field.owner == "amount":
        found["aboutUrl"] = addresses.amount(field)
    path = STADT + "value" if field.owner == "amount" else field.path
    return found | {"propertyUrl": path, **_values(field)}


def _values(field: Field) -> Json:
    """What the cells of a field hold."""
    if field.scheme:
        return {LOOKUP: field.scheme}
    if field.is_place:
        return {MUNICIPALITY: {"by": "key"}}
    if field.kinds or field.is_address:
        form, url = _addresses(field)
        return {"datatype": {"base": "string", "format": form}, "valueUrl": url}
    return _texts(field)


def _addresses(field: Field) -> tuple[str, str]:
    """The form of cells that name things, and their addresses."""
    if field.is_address:
        return field.pattern or "", f"{{+{field.name}}}"
    if len(field.kinds) == 1:
        return _KEYS, f"{BASE}id/{field.kinds[0]}/{{{field.name}}}"
    return f"({'|'.join(field.kinds)})/{_KEYS}", f"{BASE}id/{{+{field.name}}}"


def _texts(field: Field) -> Json:
    if field.base == "decimal":
        return {"datatype": {"base": "decimal", "format": _NUMBER}}
    if field.base != "string":
        return {"datatype": field.base}
    return {"lang": field.language} if field.language else {}


def _made(fields: list[Field], addresses: Addresses) -> list[Json]:
    """What follows from there being a row: classes, the record, and amounts that are given."""
    record = {"virtual": True, "aboutUrl": addresses.record}
    made: list[Json] = [
        {"virtual": True, "propertyUrl": "rdf:type", "valueUrl": addresses.form.iri},
        {**record, "propertyUrl": "rdf:type", "valueUrl": STADT + "Record"},
        {**record, "propertyUrl": "foaf:primaryTopic", "valueUrl": addresses.thing},
    ]
    for field in fields:
        if field.owner == "amount":
            amount = addresses.amount(field)
            given = {"virtual": True, _CONDITION: {"column": field.name}}
            of_amount = {**given, "aboutUrl": amount}
            made += [
                {**given, "propertyUrl": field.path, "valueUrl": amount},
                {**of_amount, "propertyUrl": "rdf:type", "valueUrl": STADT + "MonetaryAmount"},
                {**of_amount, "propertyUrl": STADT + "currency", "valueUrl": _EURO},
            ]
    return [{"name": f"made_{number}", **each} for number, each in enumerate(made, start=1)]
