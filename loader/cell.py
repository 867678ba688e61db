"""Cells: texts of a chunk become values, and what cannot be read becomes a finding."""

from dataclasses import dataclass, field
from typing import TypeVar

import polars as pl

from loader import address, rule
from loader.csvw import datatype
from loader.csvw.schema import Column, Table
from loader.finding import Finding
from loader.table import REAL, ROW, Chunk
from loader.term import ODD, without
from loader.values import complaint, real
from loader.values.complaint import Complaints
from loader.vocabulary import Vocabulary

_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_PLACE = "\N{PILCROW SIGN}place"
ITEM = "\N{PILCROW SIGN}item"
SOURCE_ROW = "_sourceRow"  # the standard's variable for the row's number in the file
_Rows = TypeVar("_Rows", pl.Series, pl.DataFrame)


@dataclass(frozen=True, slots=True)
class Values:
    """One column's values: `items` are lexical texts or null.

    `kinds` is the datatype's address, one for all items or one each. `places` says of each item
    which of the chunk's rows it stands in; it is None where each row has one.
    """

    column: Column
    items: pl.Series
    kinds: str | pl.Series
    places: pl.Series | None = None

    def by_item(self, rows: _Rows) -> _Rows:
        """What is known of the rows, once for each item."""
        if self.places is None:
            return rows
        return rows[self.places]

    def of_rows(self) -> "Values":
        """One value a row: the first of a list that is none, null where there is none at all."""
        if self.places is None:
            return self
        frame = pl.DataFrame({_PLACE: self.places, ITEM: self.items})
        firsts = frame.group_by(_PLACE, maintain_order=True).agg(pl.col(ITEM).drop_nulls().first())
        return Values(self.column, firsts[ITEM], "")


@dataclass(slots=True)
class Reading:
    """What a chunk says: one `Values` per column that was read, and the findings on the way.

    `first` is the number of the chunk's first record.
    """

    rows: pl.Series
    first: int = 1
    columns: dict[str, Values] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def variables(self, names: tuple[str, ...]) -> pl.DataFrame:
        """What addresses may be made of, by these names: columns, `_row` and `_sourceRow`.

        A list's column holds lists of text; a name that is none of these has no value.
        """
        found = {ROW: self.rows}
        for name in names:
            if name in self.columns:
                found[name] = self._variable(self.columns[name])
            elif name == SOURCE_ROW:
                found[name] = self.rows.cast(pl.String)
            elif name == "_row":
                numbers = pl.int_range(self.first, self.first + len(self.rows), eager=True)
                found[name] = numbers.cast(pl.String)
            else:
                found[name] = pl.Series([None], dtype=pl.String).new_from_index(0, len(self.rows))
        return pl.DataFrame(found)

    def _variable(self, values: Values) -> pl.Series:
        if values.places is None:
            return values.items
        lists = (
            pl.DataFrame({_PLACE: values.places, ITEM: values.items})
            .group_by(_PLACE, maintain_order=True)
            .agg(pl.col(ITEM).drop_nulls())
        )
        return lists[ITEM]


def read(
    chunk: Chunk, table: Table, vocabulary: Vocabulary, names: frozenset[str] | None = None
) -> Reading:
    """Reads the real columns of a chunk, or those named, by datatype, list and constraints.

    A cell that cannot be read has no value in our own sources, and stays a text in others.
    """
    reading = Reading(chunk.frame[ROW], chunk.first)
    for ragged in chunk.ragged:
        found = rule.finding("T-ZELLEN", found=ragged.cells, expected=len(table.real_columns))
        reading.findings.append(found.at(table.place(ragged.row), None))
    for column in table.read_columns:
        if names is not None and column.name not in names:
            continue
        complaints = Complaints(table, column, vocabulary, chunk.frame[ROW])
        reading.columns[column.name] = _values(column, chunk.frame, complaints)
        reading.findings += complaints.findings
    return reading


def constant(column: Column, number: int) -> Values:
    """The values of a virtual column: its default, read by its datatype, in every row."""
    text = pl.Series([None if column.default in column.null else column.default], dtype=pl.String)
    text = datatype.spaced(text, column.datatype)
    cells = datatype.read(text, column.datatype).with_texts(text)
    kinds = cells.kinds if isinstance(cells.kinds, str) else cells.kinds[0]
    return Values(column, cells.lexical.new_from_index(0, number), kinds)


def _values(column: Column, frame: pl.DataFrame, complaints: Complaints) -> Values:
    items, places = _items(column, frame[column.name])
    if column.required:
        _require(items, places, complaints)
    if column.by_item:
        hidden = _hidden(items)
        complaints.add("S-ZEICHEN", hidden, items, places)
        items = without(items, hidden)
    if column.names_things:
        return Values(column, _things(column, items, places, complaints), "", places)
    reals = frame.get_column(REAL + column.name, default=None)
    if reals is not None and places is not None:
        reals = reals.gather(places)
    cells = real.read(items, column.datatype, reals)
    complaints.add(complaint.code(column), cells.bad, items, places)
    if not column.by_item:
        cells = cells.with_texts(items)
    lexical = cells.lexical
    if column.by_item and column.value_url == "{+" + column.name + "}":
        broken = ~address.well_formed(lexical).fill_null(value=True)
        complaints.add("S-ADRESSE", broken, items, places)
        lexical = without(lexical, broken)
    return Values(column, lexical, cells.kinds, places)


def _things(
    column: Column, items: pl.Series, places: pl.Series | None, complaints: Complaints
) -> pl.Series:
    """Addresses: found in the list now, or already found in the register of places."""
    if not column.lookup:
        return items
    distinct = items.unique()
    entries = complaints.vocabulary.schemes[column.lookup].find(distinct)
    known = pl.DataFrame({"text": distinct, "entry": entries})
    found = items.to_frame("text").join(known, on="text", how="left", maintain_order="left")[
        "entry"
    ]
    complaints.add("S-LISTE", items.is_not_null() & found.is_null(), items, places)
    return found


def _items(column: Column, texts: pl.Series) -> tuple[pl.Series, pl.Series | None]:
    """Cells, or the items of cells and their places; null where there is no value."""
    items, places = datatype.spaced(texts, column.datatype), None
    if column.default:
        items = items.set(items == "", column.default)
    if column.separator is not None:
        lists = without(items, items == "").str.split(column.separator)
        rows = pl.int_range(len(lists), dtype=pl.UInt32, eager=True)
        frame = pl.DataFrame({_PLACE: rows, ITEM: lists})
        frame = frame.explode(ITEM, empty_as_null=True, keep_nulls=True)
        places, items = frame[_PLACE], frame[ITEM]
        if column.by_item or column.datatype.base not in {"string", "anyAtomicType"}:
            items = items.str.strip_chars()
    return without(items, items.is_in(list(column.null))), places


def _hidden(items: pl.Series) -> pl.Series:
    """Whether texts hold characters that nobody can see."""
    odd = items.str.contains(ODD).fill_null(value=False)
    return odd & items.str.contains(_CONTROL) if odd.any() else odd


def _require(items: pl.Series, places: pl.Series | None, complaints: Complaints) -> None:
    empty = items.is_null()
    if places is not None:
        full = places.filter(~empty).unique()
        empty = ~pl.int_range(len(complaints.rows), eager=True).is_in(full.implode())
    complaints.add(
        "S-PFLICHT", empty, pl.Series([None], dtype=pl.String).new_from_index(0, len(empty))
    )
