"""Cells: texts of a chunk become values, and what cannot be read becomes a finding."""

from dataclasses import dataclass, field

import polars as pl

from loader import datatype, real, rule
from loader.finding import Finding, Place
from loader.schema import Column, Table
from loader.table import REAL, ROW, Chunk
from loader.term import well_formed
from loader.vocabulary import Vocabulary

_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
ITEM = "\N{PILCROW SIGN}item"
SOURCE_ROW = "_sourceRow"  # the standard's variable for the row's number in the file


@dataclass(frozen=True, slots=True)
class Values:
    """One column's values: `frame` has ROW, ITEM (lexical text or null) and `datatype`.

    A column with a separator has as many rows a record as the cell has items.
    """

    column: Column
    frame: pl.DataFrame


@dataclass(slots=True)
class Reading:
    """What a chunk says: one `Values` per real column, and the findings on the way."""

    rows: pl.Series
    columns: dict[str, Values] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def texts(self) -> pl.DataFrame:
        """ROW, one lexical text per single-valued column, and SOURCE_ROW, to make addresses of."""
        single = {n: v.frame[ITEM] for n, v in self.columns.items() if v.column.separator is None}
        rows = self.rows.cast(pl.String)
        return pl.DataFrame({ROW: self.rows, **single, SOURCE_ROW: rows})

    def variables(self) -> pl.DataFrame:
        """The same, with the columns of lists as lists of text."""
        frame = self.texts()
        for name, values in self.columns.items():
            if values.column.separator is not None:
                items = values.frame.group_by(ROW, maintain_order=True).agg(
                    pl.col(ITEM).drop_nulls().alias(name)
                )
                frame = frame.join(items, on=ROW, how="left", maintain_order="left")
        return frame


def read(chunk: Chunk, table: Table, vocabulary: Vocabulary) -> Reading:
    """Reads every real column of a chunk by its datatype, list and constraints.

    A cell that cannot be read has no value in our own sources, and stays a text in others.
    """
    reading = Reading(chunk.frame[ROW])
    for ragged in chunk.ragged:
        found = rule.finding("T-ZELLEN", found=ragged.cells, expected=len(table.real_columns))
        reading.findings.append(found.at(table.place(ragged.row), None))
    for column in table.read_columns:
        reader = _ColumnReader(table, column, vocabulary)
        reading.columns[column.name] = reader.read(chunk.frame)
        reading.findings += reader.findings
    return reading


def constant(column: Column, rows: pl.Series) -> Values:
    """The values of a virtual column: its default, read by its datatype, in every row."""
    text = pl.Series([None if column.default in column.null else column.default], dtype=pl.String)
    cells = datatype.read(datatype.spaced(text, column.datatype), column.datatype)
    lexical, kind = cells.with_texts(text).lexical[0], cells.with_texts(text).datatype[0]
    frame = pl.DataFrame({ROW: rows}).with_columns(
        pl.lit(lexical, dtype=pl.String).alias(ITEM), pl.lit(kind).alias("datatype")
    )
    return Values(column, frame)


class _ColumnReader:
    """Reads one column of a chunk and keeps what it finds wrong."""

    def __init__(self, table: Table, column: Column, vocabulary: Vocabulary) -> None:
        self.findings: list[Finding] = []
        self._table = table
        self._column = column
        self._vocabulary = vocabulary

    def read(self, frame: pl.DataFrame) -> Values:
        column = self._column
        items = self._items(frame)
        if column.required:
            self._require(items)
        if column.by_item:
            hidden = items[ITEM].str.contains(_CONTROL).fill_null(value=False)
            self._report("S-ZEICHEN", items, hidden)
            items = items.with_columns(items[ITEM].set(hidden, None).alias(ITEM))
        texts = items[ITEM]
        if column.names_things:
            return self._things(items)
        cells = real.read(texts, column.datatype, items.get_column(REAL, default=None))
        self._report(_code(column), items, cells.bad)
        if not column.by_item:
            cells = cells.with_texts(texts)
        lexical = cells.lexical
        if column.by_item and column.value_url == "{+" + column.name + "}":
            broken = ~well_formed(lexical).fill_null(value=True)
            self._report("S-ADRESSE", items, broken)
            lexical = lexical.set(broken, None)
        return Values(
            column, items.with_columns(lexical.alias(ITEM), cells.datatype.alias("datatype"))
        )

    def _things(self, items: pl.DataFrame) -> Values:
        """Addresses: found in the list now, or already found in the register of places."""
        texts = found = items[ITEM]
        if self._column.lookup:
            found = self._vocabulary.schemes[self._column.lookup].find(texts)
            self._report("S-LISTE", items, texts.is_not_null() & found.is_null())
        kinds = pl.Series("datatype", [None] * len(texts), dtype=pl.String)
        return Values(self._column, items.with_columns(found.alias(ITEM), kinds))

    def _items(self, frame: pl.DataFrame) -> pl.DataFrame:
        """ROW and ITEM: cells, or the items of cells; null where there is no value."""
        column = self._column
        texts = datatype.spaced(frame[column.name], column.datatype)
        items = pl.DataFrame({ROW: frame[ROW], ITEM: texts})
        if REAL + column.name in frame.columns:
            items = items.with_columns(frame[REAL + column.name].alias(REAL))
        if column.default:
            text = pl.when(pl.col(ITEM) == "").then(pl.lit(column.default)).otherwise(pl.col(ITEM))
            items = items.with_columns(text.alias(ITEM))
        if column.separator is not None:
            full = pl.when(pl.col(ITEM) != "").then(pl.col(ITEM))
            items = items.with_columns(full.alias(ITEM))
            items = items.with_columns(pl.col(ITEM).str.split(column.separator)).explode(ITEM)
            if column.by_item or column.datatype.base not in {"string", "anyAtomicType"}:
                items = items.with_columns(pl.col(ITEM).str.strip_chars())
        no_value = pl.col(ITEM).is_in(list(column.null))
        return items.with_columns(pl.when(~no_value).then(pl.col(ITEM)).alias(ITEM))

    def _require(self, items: pl.DataFrame) -> None:
        filled = items.group_by(ROW, maintain_order=True).agg(pl.col(ITEM).is_not_null().any())
        for row in filled.filter(~pl.col(ITEM))[ROW]:
            found = rule.finding("S-PFLICHT", header=self._column.title)
            self.findings.append(found.at(self._place(row), None))

    def _report(self, code: str, items: pl.DataFrame, wrong: pl.Series) -> None:
        if not wrong.any():
            return
        for row, value in items.filter(wrong).select(ROW, ITEM).iter_rows():
            found = rule.finding(code, value=value, **self._help(value))
            self.findings.append(found.at(self._place(row), value))

    def _help(self, value: str) -> dict[str, str]:
        column = self._column
        if column.lookup:
            scheme = self._vocabulary.schemes[column.lookup]
            return {"scheme": scheme.title, "nearest": scheme.nearest(value) or "–"}
        return {"example": _example(column)}

    def _place(self, row: int) -> Place:
        return self._table.place(row, self._column)


def _code(column: Column) -> str:
    base = column.datatype.base
    if base == datatype.PARTIAL_DATE:
        return "S-DATUM-TEIL"
    if base in {"date", "dateTime", "gYear", "gYearMonth"}:
        return "S-DATUM"
    if base == "anyURI":
        return "S-ADRESSE"
    return "S-ZAHL" if datatype.is_number(column.datatype) else "S-FORM"


def _example(column: Column) -> str:
    base, form = column.datatype.base, column.datatype.format
    examples = {"date": "31.12.2023", "gYear": "2023", "gYearMonth": "2023-12"}
    if base == "date":
        form = form or "yyyy-MM-dd"
        return form.replace("yyyy", "2023").replace("MM", "12").replace("dd", "31")
    number = f"1200{column.datatype.decimal_char}50"
    return examples.get(base) or (number if datatype.is_number(column.datatype) else form or base)
