"""Rows: a chunk of any described table as statements, as the standard maps them.

Source: *Generating RDF from Tabular Data on the Web*, section 4.2.
"""

from dataclasses import dataclass

import polars as pl

from loader import address, builtin, cell, template, term
from loader.cell import ITEM, Reading, Values
from loader.prefix import PREFIXES
from loader.schema import Column, Table
from loader.table import ROW

_CSVW, _RDF = PREFIXES["csvw"], PREFIXES["rdf"]
_INTEGER = builtin.address("integer")
_TERM = "term"
_OF_COLUMN = {"_name", "_column", "_sourceColumn"}


@dataclass(frozen=True, slots=True)
class Rows:
    """Maps one table; `node` stands for the table, None in minimal mode.

    `name` begins the blank nodes of this table, so that no two tables share one.
    """

    table: Table
    name: str
    node: str | None

    def lines(self, reading: Reading, first: int) -> list[str]:
        """The statements of a chunk as N-Triples lines; `first` is its first row's number."""
        names = pl.Series("_row", range(first, first + len(reading.rows))).cast(pl.String)
        variables = reading.variables().with_columns(names)
        made: list[pl.DataFrame] = []
        described: dict[str, pl.Series] = {}
        for number, column in enumerate(self.table.columns, start=1):
            if not column.suppress_output:
                known = variables.with_columns(
                    pl.lit(column.name).alias("_name"),
                    pl.lit(str(number)).alias("_column"),
                    pl.lit(str(number + self.table.dialect.skip_columns)).alias("_sourceColumn"),
                )
                subjects = self._subjects(column, known)
                described.setdefault(self._about(column), subjects)
                made += self._statements(column, number, reading, known, subjects)
        if self.node:
            made += self._row_nodes(reading, variables["_row"], list(described.values()))
        return [line for frame in made for line in _lines(frame)]

    def _subjects(self, column: Column, known: pl.DataFrame) -> pl.Series:
        if column.about_url is None:
            return self._blank("r", known[ROW])
        return self._iris(column.about_url, known)

    def _about(self, column: Column) -> str:
        """What tells the column's subjects from those of others: the address, and its own name."""
        names = template.parse(column.about_url or "").names
        own = column.name if any(name in _OF_COLUMN for name in names) else ""
        return f"{column.about_url} {own}"

    def _statements(
        self,
        column: Column,
        number: int,
        reading: Reading,
        known: pl.DataFrame,
        subjects: pl.Series,
    ) -> list[pl.DataFrame]:
        default = f"{self.table.url.partition('#')[0]}#{column.name}"
        predicates = self._iris(
            default if column.property_url is None else column.property_url, known
        )
        places = pl.DataFrame({ROW: reading.rows, "s": subjects, "p": predicates})
        values = reading.columns.get(column.name) or cell.constant(column, reading.rows)
        if column.value_url is not None and not column.by_item:
            objects = self._addresses(column, values, known)
        else:
            objects = _terms(column, values, known)
        objects = objects.drop_nulls(_TERM)
        extra: list[pl.DataFrame] = []
        if column.ordered and column.separator is not None and column.value_url is None:
            objects, extra = self._lists(objects, number)
        found = objects.join(places, on=ROW, how="left", maintain_order="left")
        return [found.select("s", "p", pl.col(_TERM).alias("o")), *extra]

    def _addresses(self, column: Column, values: Values, known: pl.DataFrame) -> pl.DataFrame:
        """One address a cell; none where a real cell has no value."""
        terms = self._iris(column.value_url or "", known)
        frame = pl.DataFrame({ROW: known[ROW], _TERM: terms})
        if column.virtual and not column.is_made:
            return frame
        full = values.frame.filter(pl.col(ITEM).is_not_null())[ROW].unique()
        return frame.join(full.to_frame(), on=ROW, how="semi", maintain_order="left")

    def _lists(self, objects: pl.DataFrame, number: int) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
        """The items of each row as an `rdf:List`."""
        frame = objects.with_columns(pl.int_range(pl.len()).over(ROW).alias("i"))
        start = f"_:{self.name}l{number}_"
        node = pl.concat_str(pl.lit(start), pl.col(ROW), pl.lit("_"), pl.col("i")).alias("s")
        frame = frame.with_columns(node)
        last = (pl.col(ROW) != pl.col(ROW).shift(-1)).fill_null(value=True)
        rest = pl.when(last).then(pl.lit(f"<{_RDF}nil>")).otherwise(pl.col("s").shift(-1))
        firsts = frame.select("s", _iri(_RDF + "first"), pl.col(_TERM).alias("o"))
        rests = frame.select("s", _iri(_RDF + "rest"), rest.alias("o"))
        heads = frame.filter(pl.col("i") == 0).select(ROW, pl.col("s").alias(_TERM))
        return heads, [firsts, rests]

    def _row_nodes(
        self, reading: Reading, numbers: pl.Series, described: list[pl.Series]
    ) -> list[pl.DataFrame]:
        nodes = self._blank("w", reading.rows)
        url = self.table.url.partition("#")[0]
        places = f"<{term.safe(url)}#row=" + reading.rows.cast(pl.String) + ">"
        counts = '"' + numbers + f'"^^<{_INTEGER}>'
        table = pl.Series([self.node] * len(nodes), dtype=pl.String)
        kind = pl.Series([f"<{_CSVW}Row>"] * len(nodes), dtype=pl.String)
        made = [
            _frame(table, _CSVW + "row", nodes),
            _frame(nodes, term.RDF_TYPE, kind),
            _frame(nodes, _CSVW + "rownum", counts),
            _frame(nodes, _CSVW + "url", places),
            *(_frame(nodes, _CSVW + "describes", subjects) for subjects in described),
        ]
        for name in self.table.row_titles:
            made.append(self._titles(reading, name))
        return made

    def _titles(self, reading: Reading, name: str) -> pl.DataFrame:
        values = reading.columns[name]
        frame = values.frame.drop_nulls(ITEM)
        kinds = pl.Series([term.XSD_STRING] * frame.height, dtype=pl.String)
        titles = term.literals(frame[ITEM], kinds, values.column.lang)
        return _frame(self._blank("w", frame[ROW]), _CSVW + "title", titles)

    def _blank(self, kind: str, rows: pl.Series) -> pl.Series:
        return f"_:{self.name}{kind}" + rows.cast(pl.String)

    def _iris(self, url: str, known: pl.DataFrame) -> pl.Series:
        expanded = template.parse(url).expand(known, missing="")
        return term.iris(term.safe_all(address.resolve_all(expanded, self.table.url)))


def _terms(column: Column, values: Values, known: pl.DataFrame) -> pl.DataFrame:
    """ROW and one term an item."""
    frame = values.frame
    if column.names_things:
        terms = term.iris(frame[ITEM])
    elif column.value_url:
        others = frame.select(ROW).join(known, on=ROW, how="left", maintain_order="left")
        own = others.with_columns(frame[ITEM].alias(column.name))
        terms = term.iris(template.parse(column.value_url).expand(own))
    else:
        terms = term.literals(frame[ITEM], frame["datatype"], column.lang)
    return frame.select(ROW, terms.alias(_TERM))


def _iri(url: str) -> pl.Expr:
    return pl.lit(term.iri(url)).alias("p")


def _frame(subjects: pl.Series, predicate: str, objects: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"s": subjects, "o": objects}).with_columns(_iri(predicate))


def _lines(frame: pl.DataFrame) -> list[str]:
    parts = [pl.col("s"), pl.col("p"), pl.col("o"), pl.lit(".")]
    found = frame.select(pl.concat_str(parts, separator=" ").alias("line"))["line"]
    return found.drop_nulls().to_list()
