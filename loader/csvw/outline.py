"""Outlines: the columns and keys of one table's schema, before its file is seen.

Source: *Metadata Vocabulary for Tabular Data*, sections 5.5 and 5.6.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from loader.address import resolve
from loader.csvw import gloss, member
from loader.csvw.builtin import STADT
from loader.csvw.normal import Json, Reader
from loader.csvw.schema import Column, Datatype

_LOOKUP = STADT + "lookup"
_IGNORED = STADT + "ignored"
_CHARACTERS = STADT + "characters"
_SPAN = re.compile(r"([1-9][0-9]*)(?:-([1-9][0-9]*))?")


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key as it is written: by the other table's address or by that of its schema."""

    columns: tuple[str, ...]
    resource: str
    schema: str
    reference: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """What a schema says; `undescribed` is the model of columns that only the file names.

    `is_described` is false where the schema leaves the columns to the file's header.
    """

    columns: tuple[Column, ...]
    undescribed: Column
    is_described: bool = True
    address: str | None = None
    primary_key: tuple[str, ...] = ()
    row_titles: tuple[str, ...] = ()
    foreign_keys: tuple[Reference, ...] = ()


def outline(reader: Reader, description: Any, inherited: Json) -> Outline:
    """The outline of a schema, or of none. Raises ValueError for a contradiction."""
    if description is None:
        return Outline((), _column(reader, {}, inherited, 1), is_described=False)
    reader, found = reader.referred("tableSchema", description)
    kept = reader.members(found, member.SCHEMA, "Schema")
    inherited = {**inherited, **reader.inherited(kept)}
    columns = tuple(
        _column(reader, column, inherited, number)
        for number, column in enumerate(reader.objects("columns", kept.get("columns", [])), 1)
    )
    _check(columns)
    made = Outline(
        columns=columns,
        undescribed=_column(reader, {}, inherited, 1),
        is_described="columns" in kept,
        address=kept.get("@id"),
        primary_key=names(kept.get("primaryKey", [])),
        row_titles=names(kept.get("rowTitles", [])),
        foreign_keys=tuple(
            _reference(reader, key)
            for key in reader.objects("foreignKeys", kept.get("foreignKeys", []))
        ),
    )
    _check_references(made)
    return made


def names(value: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """One name or several, as several."""
    return (value,) if isinstance(value, str) else tuple(value)


def name_of(title: str) -> str:
    """The name that a title gives a column, fit for a URI template."""
    return quote(title, safe="").replace("-", "%2D").replace("~", "%7E")


def _column(reader: Reader, description: Json, inherited: Json, number: int) -> Column:
    kept = reader.members(description, member.COLUMN, "Column")
    found = {**inherited, **reader.inherited(kept)}
    headers = reader.titles(kept["titles"]) if "titles" in kept else ()
    own = [title for language, title in headers if language == reader.language]
    titles = [*own, *(title for _, title in headers if title not in own)]
    name = kept.get("name") or (name_of(own[0]) if own else f"_col.{number}")
    return Column(
        name=name,
        titles=tuple(titles),
        datatype=found.get("datatype", Datatype()),
        virtual=kept.get("virtual", False),
        about_url=found.get("aboutUrl"),
        property_url=found.get("propertyUrl"),
        value_url=found.get("valueUrl"),
        lang=found.get("lang", "und"),
        null=names(found.get("null", "")),
        default=found.get("default", ""),
        required=found.get("required", False),
        separator=found.get("separator"),
        ordered=found.get("ordered", False),
        suppress_output=kept.get("suppressOutput", False),
        lookup=kept.get(_LOOKUP),
        ignored=kept.get(_IGNORED),
        headers=headers,
        is_named="name" in kept,
        annotations=gloss.of_column(kept, found.get("datatype", Datatype()).base),
        characters=_span(kept.get(_CHARACTERS)),
    )


def _span(value: Any) -> tuple[int, int] | None:
    """`11-18` or `4` as the first and the last character. Raises ValueError."""
    if value is None:
        return None
    match = _SPAN.fullmatch(value) if member.text(value) else None
    if match is None:
        raise ValueError(f"{_CHARACTERS}: {value}")
    return int(match[1]), int(match[2] or match[1])


def _check(columns: tuple[Column, ...]) -> None:
    known = [column.name for column in columns]
    twice = [name for name in known if known.count(name) > 1]
    if twice:
        raise ValueError(f"name: {twice[0]}")
    kinds = [column.virtual for column in columns]
    if kinds != sorted(kinds):
        raise ValueError("virtual")
    _check_mentions(columns)


def _check_mentions(columns: tuple[Column, ...]) -> None:
    """A column is made of those before it; beside it any column with texts may be looked at."""
    texts = {column.name for column in columns if not column.virtual}
    for column in columns:
        missing = set(column.annotations.mentions) - texts
        if missing:
            raise ValueError(f"{column.name}: columnReference {min(missing)}")
        if column.is_made:
            texts.add(column.name)


def _check_references(made: Outline) -> None:
    if not made.is_described:
        return
    known = {column.name for column in made.columns if column.is_named}
    keys = [key.columns for key in made.foreign_keys]
    for wanted in (made.primary_key, made.row_titles, *keys):
        if set(wanted) - known:
            raise ValueError(f"columnReference: {min(set(wanted) - known)}")


def _reference(reader: Reader, key: Json) -> Reference:
    target = key.get("reference")
    if key.keys() - {"columnReference", "reference"} or not isinstance(target, dict):
        raise ValueError(f"foreignKeys: {key}")
    places = [name for name in ("resource", "schemaReference") if name in target]
    columns, reference = key.get("columnReference"), target.get("columnReference")
    odd = target.keys() - {"columnReference", "resource", "schemaReference"}
    if odd or len(places) != 1 or not member.texts(columns) or not member.texts(reference):
        raise ValueError(f"reference: {target}")
    if not isinstance(target[places[0]], str):
        raise ValueError(f"{places[0]}: {target[places[0]]}")
    where = resolve(target[places[0]], reader.base)
    resource, schema = (where, "") if places == ["resource"] else ("", where)
    return Reference(names(columns or ()), resource, schema, names(reference or ()))
