"""CSV on the Web metadata: what a source says about its own tables.

Source: W3C Recommendations *Metadata Vocabulary for Tabular Data* and *Model for Tabular Data*.
`csvw.normal` checks the document's values, this module makes of them what `csvw.schema` holds.
"""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

from loader.address import normal, resolve
from loader.csvw import dialect, gloss, member
from loader.csvw.annotation import Condition, Persons
from loader.csvw.builtin import STADT
from loader.csvw.fact import Fact
from loader.csvw.gloss import PERSONS, RECORDS
from loader.csvw.library import Library
from loader.csvw.normal import CONTEXT, FACTS, Json, Reader
from loader.csvw.outline import Outline, outline
from loader.csvw.schema import ForeignKey, Group, Table
from loader.errors import UnreadableMetadata
from loader.finding import Finding
from loader.language import Text
from loader.prefix import PREFIXES

LOOKUP = STADT + "lookup"
IGNORED = STADT + "ignored"
EXPECTATION = STADT + "expectation"
SHEET = STADT + "sheet"
SHRINKAGE = STADT + "maximumShrinkage"

__all__ = [
    "EXPECTATION",
    "IGNORED",
    "LOOKUP",
    "SHEET",
    "SHRINKAGE",
    "STADT",
    "by_item",
    "described",
    "read",
    "read_address",
    "undescribed",
]

_Annotation = TypeVar("_Annotation", Condition | None, Persons | None)
_NOTE = PREFIXES["csvw"] + "note"


def read(path: Path, library: Library | None = None) -> Group:
    """The group that the metadata file of one of our sources describes.

    `library` knows where tables stand that are not beside it. Raises UnreadableMetadata naming the
    file and what is missing.
    """
    group = read_address(path.absolute().as_uri(), library or Library())
    tables = (replace(t, file=f"{path.parent.name}/{t.file}") for t in by_item(group).tables)
    return replace(group, tables=tuple(tables))


def read_address(address: str, library: Library, table: str | None = None) -> Group:
    """The group that a metadata document describes; `table` is what a table without url is.

    Raises UnreadableMetadata.
    """
    try:
        return _Builder(library, address, table).group(json.loads(library.text(address)))
    except json.JSONDecodeError as error:
        place = f"{error.lineno}:{error.colno}"
        raise _unreadable(address, f"(JSON, {place}: {error.msg})") from error
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise _unreadable(address, f"({error})") from error


def described(description: Json, where: str, library: Library) -> Group:
    """The group that a description in memory makes; `where` is what its addresses start from.

    Raises UnreadableMetadata.
    """
    try:
        return _Builder(library, where, None).group(description)
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable(where, f"({error})") from error


def undescribed(table: str, library: Library) -> Group:
    """The group of one table of which nobody says anything."""
    return _Builder(library, table, None).group({"@context": CONTEXT, "url": table})


def _unreadable(address: str, why: str) -> UnreadableMetadata:
    return UnreadableMetadata(
        Text(
            f"Die Beschreibung {address} ist nicht lesbar {why}.",
            f"The description {address} cannot be read {why}.",
        )
    )


def by_item(group: Group) -> Group:
    """The group as our own sources mean it: items are values, blank rows hold no record."""
    return replace(group, tables=tuple(_by_item(table) for table in group.tables))


def _by_item(table: Table) -> Table:
    columns = tuple(replace(column, by_item=True) for column in table.columns)
    skips = table.dialect.skip_blank_rows or len(table.real_columns) > 1
    characters = replace(table.dialect, skip_blank_rows=skips)
    return replace(table, columns=columns, dialect=characters)


@dataclass(slots=True)
class _Builder:
    """Makes the schema of one document; `default` is the address of a table that names none."""

    library: Library
    where: str
    default: str | None
    warnings: list[Finding] = field(default_factory=list)

    def group(self, description: Any) -> Group:
        reader = Reader(self.library, self.where, self.warnings)
        whole = reader.document(description)
        kept: Json = {FACTS: ()}
        tables = [whole]
        if "tables" in whole or whole.get("@type") == "TableGroup":
            kept = reader.members(whole, member.GROUP, "TableGroup")
            tables = list(reader.objects("tables", whole.get("tables")))
        if not tables:
            raise ValueError("tables")
        outlines = [self._table(reader, table, kept) for table in tables]
        return Group(
            graph=kept.get("@id", ""),
            tables=_linked(outlines),
            language=reader.language,
            facts=kept[FACTS],
            maximum_shrinkage=float(kept.get(SHRINKAGE, 0.2)),
            notes=self._notes(reader, kept),
            warnings=tuple(self.warnings),
        )

    def _table(self, reader: Reader, description: Json, group: Json) -> tuple[Table, Outline]:
        kept = reader.members(description, member.TABLE, "Table")
        url = kept.get("url", self.default)
        if url is None:
            raise ValueError("url")
        url = resolve(url, reader.base)
        inherited = {**reader.inherited(group), **reader.inherited(kept)}
        self._transformations(reader, kept)
        schema = outline(reader, kept.get("tableSchema", group.get("tableSchema")), inherited)
        path = self.library.path(url)
        name = unquote(url.partition("#")[0].partition("?")[0].rpartition("/")[2])
        expectation = kept.get(EXPECTATION, {})
        if not isinstance(expectation, dict):
            raise ValueError(EXPECTATION)
        table = Table(
            path=path or Path(name),
            file=name,
            dialect=dialect.read(reader, kept.get("dialect", group.get("dialect")), name),
            columns=schema.columns,
            primary_key=schema.primary_key,
            minimum_rows=expectation.get("minimumRows", 0),
            maximum_rows=expectation.get("maximumRows"),
            url=url,
            address=kept.get("@id"),
            facts=kept[FACTS],
            notes=self._notes(reader, kept),
            row_titles=schema.row_titles,
            suppress_output=kept.get("suppressOutput", False),
            undescribed=schema.undescribed,
            is_described=schema.is_described,
            sheet=_sheet(kept.get(SHEET)),
            persons=_real(gloss.persons(kept.get(PERSONS)), schema),
            records=_real(gloss.condition(RECORDS, kept.get(RECORDS)), schema),
        )
        return table, schema

    def _notes(self, reader: Reader, kept: Json) -> tuple[Fact, ...]:
        notes = reader.objects("notes", kept.get("notes", []))
        return tuple(fact for note in notes for fact in reader.facts.values(_NOTE, note))

    def _transformations(self, reader: Reader, kept: Json) -> None:
        """Transformations are not run, but a wrong one is said to be wrong."""
        for each in reader.objects("transformations", kept.get("transformations", [])):
            known = reader.members(each, member.TRANSFORMATION, "Template")
            missing = {"scriptFormat", "targetFormat", "url"} - known.keys()
            if missing:
                raise ValueError(min(missing))


def _sheet(value: Any) -> str | int | None:
    """A sheet's name, or its number from 1. Raises ValueError."""
    if value is None or (value and member.text(value)) or (value and member.count(value)):
        return value
    raise ValueError(f"{SHEET}: {value}")


def _real(found: _Annotation, schema: Outline) -> _Annotation:
    """The annotation, whose column must stand in the file. Raises ValueError."""
    if found and found.column not in {c.name for c in schema.columns if not c.virtual}:
        raise ValueError(f"columnReference: {found.column}")
    return found


def _linked(outlines: list[tuple[Table, Outline]]) -> tuple[Table, ...]:
    """The tables with their foreign keys. Raises ValueError for a key that points nowhere."""
    by_url = {normal(table.url): table for table, _ in outlines}
    by_schema = {schema.address: table for table, schema in outlines if schema.address}
    tables = []
    for table, schema in outlines:
        keys = []
        for key in schema.foreign_keys:
            target = by_schema.get(key.schema) if key.schema else by_url.get(normal(key.resource))
            if target is None:
                raise ValueError(f"reference: {key.schema or key.resource}")
            if target.is_described:
                _require(key.reference, target)
            keys.append(ForeignKey(key.columns, target.url, key.reference))
        tables.append(replace(table, foreign_keys=tuple(keys)))
    return tuple(tables)


def _require(names: tuple[str, ...], table: Table) -> None:
    missing = set(names) - {column.name for column in table.columns if column.is_named}
    if missing:
        raise ValueError(f"columnReference: {min(missing)}")
