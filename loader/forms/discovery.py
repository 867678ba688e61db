"""Discoveries: the tables in files that come without a description, by what they look like."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from loader import table as tables
from loader.csvw import metadata
from loader.csvw.library import Library
from loader.csvw.schema import Dialect, Group, Table
from loader.finding import Finding
from loader.folding import fold
from loader.formats import archive, entries, heading
from loader.formats.record import Record
from loader.forms import appearance, blank, drafting
from loader.forms.drafting import Heading, Json
from loader.forms.recognition import Recognised, Recogniser

SURE = 0.6  # how well a table must fit a form to be taken for one
_BESIDE = {blank.GUIDE, blank.LISTS}  # sheets of our template that hold no rows
_JSON = {".json", ".geojson"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a delivery as found: `located` knows its dialect and its sheet's name.

    `titles` are what its header rows call each column; `recognised` is None where it fits no form,
    `gaps` are the columns with nothing in them. `is_blank` is true for a sheet of our template
    that nobody filled in.
    """

    located: Table
    titles: tuple[tuple[str, ...], ...]
    recognised: Recognised | None
    gaps: frozenset[int] = frozenset()
    is_blank: bool = False

    @property
    def examples(self) -> frozenset[tuple[str, ...]]:
        """The rows of our own template that show how it is filled in, as they stand there."""
        if self.recognised is None:
            return frozenset()
        fields = [heading.field for heading in self.headings]
        return frozenset(
            tuple(example[field.name] if field else "" for field in fields)
            for example in self.recognised.form.examples
        )

    @property
    def headings(self) -> list[Heading]:
        """The columns with the fields that they are taken for."""
        if not self.recognised:
            return [Heading(titles, None) for titles in self.titles]
        found = self.recognised.headings
        return [replace(h, is_empty=i in self.gaps) for i, h in enumerate(found)]


@dataclass(frozen=True, slots=True)
class Discovery:
    """A file and the tables in it that have rows; `name` is that of the source it makes."""

    path: Path
    name: str
    sheets: tuple[Sheet, ...]

    @property
    def group(self) -> Group | None:
        """The recognised tables, as our own sources mean them; None where there are none."""
        found = [sheet for sheet in self.sheets if sheet.recognised]
        if not found:
            return None
        described = drafting.group(self.name, [_table(sheet, self.name) for sheet in found])
        made = metadata.by_item(metadata.described(described, self.path.as_uri(), Library()))
        pairs = zip(made.tables, found, strict=True)
        return replace(made, tables=tuple(replace(t, examples=s.examples) for t, s in pairs))

    @property
    def findings(self) -> list[Finding]:
        """Columns that are missing and columns that nobody knows."""
        return [
            finding
            for sheet in self.sheets
            if sheet.recognised
            for finding in sheet.recognised.findings(sheet.located)
        ]


def read(path: Path, recogniser: Recogniser) -> Discovery:
    """Finds the tables in a file and what they are. Raises UnreadableTable.

    Sheets of our template that nobody filled in count only where none is filled in.
    """
    path = path.absolute()
    name = re.sub(r"[^a-z0-9]+", "-", fold(path.stem)).strip("-") or "datei"
    found = [sheet for table in _tables(path) if (sheet := _sheet(table, recogniser))]
    filled = [sheet for sheet in found if not sheet.is_blank]
    return Discovery(path, name, tuple(filled or found))


def _tables(path: Path) -> Iterator[Table]:
    """The file's tables with the dialect that each seems to have."""
    kind = archive.kind(path)
    bare = Table(path, path.name, Dialect(skip_blank_rows=True), (), url=path.as_uri())
    if kind or path.suffix.lower() in _JSON:
        for name in _sheets(path, kind):
            if name in _BESIDE:
                continue
            yield heading.located(replace(bare, sheet=name or None))
    else:
        yield replace(bare, dialect=appearance.dialect(path))


def _sheets(path: Path, kind: archive.Kind | None) -> list[str]:
    if kind is None:
        return entries.sheets(path)
    names: list[str] = archive.reader(kind).sheets(path)
    return names


def _sheet(table: Table, recogniser: Recogniser) -> Sheet | None:
    """What a table is; None for a sheet with nothing in it."""
    seen = list(islice(_records(table), heading.SEEN))
    if not seen:
        return None
    rows = heading.header_rows(seen)
    if rows == 1 and len(seen) > 1 and recogniser.repeats(seen[0][1], seen[1][1]):
        rows = 2
    header = [texts for _, texts in seen[:rows]]
    width = max(len(texts) for _, texts in seen)
    titles = tuple(
        tuple(str(texts[i]) for texts in header if i < len(texts) and texts[i].strip())
        for i in range(width)
    )
    table = replace(table, dialect=replace(table.dialect, header_row_count=rows))
    hints = [table.path.stem, str(table.sheet or "")]
    recognised = recogniser.recognise(list(titles), hints)
    filled = {i for _, texts in seen for i, text in enumerate(texts) if text.strip()}
    gaps = frozenset(range(width)) - filled
    known = recognised if recognised.confidence >= SURE else None
    sheet = Sheet(table, titles, known, gaps)
    return replace(sheet, is_blank=_is_blank(sheet, seen[rows:]))


def _is_blank(sheet: Sheet, records: list[Record]) -> bool:
    if sheet.recognised is None or not sheet.recognised.is_template:
        return False
    width = len(sheet.titles)
    return all((*cells, *[""] * (width - len(cells))) in sheet.examples for _, cells in records)


def _records(table: Table) -> Iterator[Record]:
    dialect = table.dialect
    for row, texts in tables.reader(table)(table, None):
        if row > dialect.skip_rows and any(texts):
            yield row, texts[dialect.skip_columns :]


def _table(sheet: Sheet, name: str) -> Json:
    """The description of a recognised sheet."""
    if sheet.recognised is None:
        raise ValueError(sheet.located.name)
    schema = drafting.schema(sheet.recognised.form, sheet.headings, name)
    return drafting.table(sheet.located, schema)
