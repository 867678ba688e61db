"""Headers: a table's columns as the metadata describes them, brought together with the file's.

Source: *Metadata Vocabulary for Tabular Data*, section 6.2, and *Model for Tabular Data*, 8.
"""

from dataclasses import replace

from loader import rule
from loader import table as tables
from loader.csvw.outline import name_of
from loader.csvw.schema import Column, Table
from loader.errors import UnreadableMetadata
from loader.finding import Finding
from loader.formats import heading
from loader.language import Text
from loader.language_tag import match
from loader.table import Head

_NONE = "–"


def fitted(table: Table) -> tuple[Table, list[Finding]]:
    """The table with a column for each that its file has, and what does not fit.

    Columns that the metadata lacks are called by the header where it leaves them all to the
    file, and by their number otherwise. Raises UnreadableTable, UnreadableMetadata.
    """
    table = heading.located(table)
    head = tables.head(table)
    titles = [_titles(head, index) for index in range(head.width)]
    real = table.real_columns
    found = _differences(table, titles) if table.is_described else []
    columns = list(real)
    for number, title in enumerate(titles[len(real) :], start=len(real) + 1):
        columns.append(_added(table, title, number, {column.name for column in columns}))
    columns += [column for column in table.columns if column.virtual]
    _require(table, {column.name for column in columns})
    return replace(table, columns=tuple(columns)), found


def _require(table: Table, names: set[str]) -> None:
    """Keys and row titles may name columns that only the header knows; here it is known."""
    keys = [name for key in table.foreign_keys for name in key.columns]
    missing = {*table.primary_key, *table.row_titles, *keys} - names
    if missing:
        name = min(missing)
        raise UnreadableMetadata(
            Text(
                f"Die Tabelle {table.file} hat keine Spalte {name}.",
                f"The table {table.file} has no column {name}.",
            )
        )


def _titles(head: Head, index: int) -> tuple[str, ...]:
    """What the header rows call a column."""
    texts = [row[index] for row in head.rows if index < len(row)]
    return tuple(text for text in texts if text)


def _added(table: Table, titles: tuple[str, ...], number: int, taken: set[str]) -> Column:
    model = table.undescribed or Column("", ())
    if table.is_described or not titles or name_of(titles[0]) in taken:
        return replace(model, name=f"_col.{number}", titles=titles)
    return replace(model, name=name_of(titles[0]), titles=titles)


def _differences(table: Table, titles: list[tuple[str, ...]]) -> list[Finding]:
    real = table.real_columns
    language = table.undescribed.lang if table.undescribed else "und"
    odd = [
        (_NONE if not title else title[0], column.title)
        for title, column in zip(titles, real, strict=False)
        if title and not _fits(column, title, language)
    ]
    if titles and len(titles) != len(real):
        odd.append((f"{len(titles)}", f"{len(real)}"))
    place = table.place()
    return [
        rule.finding("T-KOPF", found=found, expected=expected).at(place, found)
        for found, expected in odd
    ]


def _fits(column: Column, titles: tuple[str, ...], language: str) -> bool:
    """Whether a described column is the one that the header, in the table's language, names.

    A header holds titles: the standard lets a name alone match no header.
    """
    if not column.headers:
        return not column.is_named
    return any(title in titles and match(tongue, language) for tongue, title in column.headers)
