"""Rows: a chunk of any described table as statements, as the standard maps them.

Source: *Generating RDF from Tabular Data on the Web*, section 4.2. Columns of our own sources
(`Column.by_item`) are mapped more strictly: an address with a missing part is no address, and a
column without a property says nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from loader import address, term
from loader.cell import Reading
from loader.csvw import builtin
from loader.csvw.schema import Column, Table
from loader.mapping import Mapping
from loader.prefix import PREFIXES
from loader.statement import statements

_CSVW = PREFIXES["csvw"]
_INTEGER = builtin.address("integer")


@dataclass(frozen=True, slots=True)
class Rows:
    """Maps one table; `node` stands for the table, None in minimal mode.

    `name` begins the blank nodes of this table, so that no two tables share one.
    """

    table: Table
    name: str = "t"
    node: str | None = None

    def statements(self, reading: Reading) -> Iterator[pl.DataFrame]:
        """The statements of a chunk, a frame a property or so."""
        described: dict[str, pl.Series] = {}
        for _, frame in self.by_column(reading, described):
            yield frame
        if self.node:
            yield from self._row_nodes(self.node, reading, list(described.values()))

    def by_column(
        self, reading: Reading, described: dict[str, pl.Series]
    ) -> Iterator[tuple[Column, pl.DataFrame]]:
        """The statements of each column; `described` gets the subjects of each `aboutUrl`."""
        for number, column in enumerate(self.table.columns, start=1):
            if column.suppress_output or (column.by_item and not column.property_url):
                continue
            mapping = Mapping(self.table, column, number, reading, self.name)
            if mapping.about not in described:
                described[mapping.about] = mapping.subjects()
            for frame in mapping.statements(described[mapping.about]):
                yield column, frame

    def _row_nodes(
        self, node: str, reading: Reading, described: list[pl.Series]
    ) -> Iterator[pl.DataFrame]:
        nodes = f"_:{self.name}w" + reading.rows.cast(pl.String)
        numbers = reading.variables(("_row",))["_row"]
        url = address.safe(self.table.url.partition("#")[0])
        places = f"{url}#row=" + reading.rows.cast(pl.String)
        yield statements(term.same(node, nodes), _CSVW + "row", nodes)
        yield statements(nodes, term.RDF_TYPE, term.same(f"<{_CSVW}Row>", nodes))
        yield statements(nodes, _CSVW + "rownum", term.literals(numbers, _INTEGER))
        yield statements(nodes, _CSVW + "url", term.iris(places))
        for subjects in described:
            yield statements(nodes, _CSVW + "describes", subjects)
        for name in self.table.row_titles:
            values = reading.columns[name]
            titles = term.literals(values.items, term.XSD_STRING, values.column.lang)
            yield statements(values.by_item(nodes), _CSVW + "title", titles)
