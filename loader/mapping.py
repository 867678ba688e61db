"""Mappings: one column of a chunk as subjects, predicates and objects.

Source: *Generating RDF from Tabular Data on the Web*, section 4.2, and *Metadata Vocabulary for
Tabular Data*, section 5.1.3, for the names that addresses are made of.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from loader import address, cell, term
from loader.cell import Reading, Values
from loader.csvw import template
from loader.csvw.schema import Column, Table
from loader.csvw.template import Template
from loader.prefix import PREFIXES
from loader.statement import statements

_RDF = PREFIXES["rdf"]
_OF_COLUMN = {"_name", "_column", "_sourceColumn"}


@dataclass(frozen=True, slots=True)
class Mapping:
    """Maps one column; `number` is the column's from 1, `name` begins the table's blank nodes."""

    table: Table
    column: Column
    number: int
    reading: Reading
    name: str

    @property
    def about(self) -> str:
        """What tells the column's subjects from those of others: the address, and its own name."""
        names = template.parse(self.column.about_url or "").names
        own = self.column.name if _OF_COLUMN.intersection(names) else ""
        return f"{self.column.about_url} {own}"

    def subjects(self) -> pl.Series:
        """The term that each row is about: a blank node where no address is given."""
        if self.column.about_url is None:
            return f"_:{self.name}r" + self.reading.rows.cast(pl.String)
        parsed = template.parse(self.column.about_url)
        return self._iris(parsed, self._variables(parsed))

    def statements(self, subjects: pl.Series) -> Iterator[pl.DataFrame]:
        """The column's statements about the rows' subjects."""
        column = self.column
        values = self.reading.columns.get(column.name)
        if values is None:
            values = cell.constant(column, len(subjects))
        if column.value_url is not None and not (column.by_item or column.names_things):
            values = values.of_rows()  # the standard makes one address of the whole list
        objects = self._objects(values)
        if column.ordered and values.places is not None and column.value_url is None:
            values, objects, items = self._lists(values, objects)
            yield from items
        predicates = self._predicates()
        if not isinstance(predicates, str):
            predicates = values.by_item(predicates)
        yield statements(values.by_item(subjects), predicates, objects)

    def _predicates(self) -> str | pl.Series:
        """One address for all rows, or a term each."""
        url = self.column.property_url
        if url is None:
            url = f"{self.table.url.partition('#')[0]}#{self.column.name}"
        parsed = template.parse(url)
        if parsed.expressions:
            return self._iris(parsed, self._variables(parsed))
        return address.safe(address.resolve(parsed.text, self.table.url))

    def _objects(self, values: Values) -> pl.Series:
        """One term an item; null where there is none."""
        column = self.column
        if column.names_things:
            return term.iris(values.items)
        if column.value_url is None:
            return term.literals(values.items, values.kinds, column.lang)
        parsed = template.parse(column.value_url)
        variables = self._variables(parsed)
        read = column.name in self.reading.columns
        if column.by_item and read:
            variables = values.by_item(variables)
            if column.name in parsed.names:
                variables = variables.with_columns(values.items.alias(column.name))
        terms = self._iris(parsed, variables)
        return term.without(terms, values.items.is_null()) if read else terms

    def _variables(self, parsed: Template) -> pl.DataFrame:
        """What an address is made of, one row a row of the table."""
        found = self.reading.variables(parsed.names)
        skipped = self.table.dialect.skip_columns
        own = {
            "_name": self.column.name,
            "_column": str(self.number),
            "_sourceColumn": str(self.number + skipped),
        }
        return found.with_columns(pl.lit(own[n]).alias(n) for n in parsed.names if n in own)

    def _iris(self, parsed: Template, variables: pl.DataFrame) -> pl.Series:
        addresses = parsed.expand(variables, missing=None if self.column.by_item else "")
        if not parsed.is_absolute:
            addresses = address.resolve_all(addresses, self.table.url)
        return term.iris(addresses if parsed.is_safe else address.safe_all(addresses))

    def _lists(
        self, values: Values, terms: pl.Series
    ) -> tuple[Values, pl.Series, list[pl.DataFrame]]:
        """The items of each row as an `rdf:List`: its first node, and what makes the list."""
        frame = pl.DataFrame({"row": values.places, "term": terms}).drop_nulls()
        rows = self.reading.rows.gather(frame["row"]).cast(pl.String)
        frame = frame.with_columns(pl.int_range(pl.len()).over("row").alias("i"))
        start = pl.lit(f"_:{self.name}l{self.number}_")
        frame = frame.with_columns(pl.concat_str(start, rows, pl.lit("_"), "i").alias("node"))
        last = (pl.col("row") != pl.col("row").shift(-1)).fill_null(value=True)
        rest = pl.when(last).then(pl.lit(f"<{_RDF}nil>")).otherwise(pl.col("node").shift(-1))
        rests = frame.select(rest.alias("rest"))["rest"]
        heads = frame.filter(pl.col("i") == 0)
        made = [
            statements(frame["node"], _RDF + "first", frame["term"]),
            statements(frame["node"], _RDF + "rest", rests),
        ]
        return Values(values.column, heads["node"], "", heads["row"]), heads["node"], made
