"""Conversion: a source's tables, chunk by chunk, to statements and findings."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import polars as pl

from loader import rule
from loader import table as tables
from loader.csvw import template
from loader.csvw.schema import Table
from loader.describe import Describer
from loader.finding import Finding
from loader.link import Keys
from loader.passage import Passage
from loader.row import Rows
from loader.source import Source
from loader.tally import Tally
from loader.vocabulary import Vocabulary

Progress = Callable[[int], None]


@dataclass(slots=True)
class Conversion:
    """A source on its way to statements; `findings` and `rows` fill while these are taken.

    `rows` counts by table. `progress` is told the number of rows done.
    """

    source: Source
    vocabulary: Vocabulary
    progress: Progress
    rows: dict[str, int] = field(default_factory=dict)
    _tally: Tally = field(default_factory=Tally)

    @property
    def findings(self) -> list[Finding]:
        """What was found wrong so far."""
        return self._tally.findings

    def statements(self) -> Iterator[pl.DataFrame]:
        """The statements of all tables. Raises UnreadableTable.

        What single cells hold wrong becomes findings.
        """
        keys = Keys(self.source.group, self.vocabulary)
        passage = Passage(self.vocabulary, keys)
        for number, table in enumerate(self.source.group.tables, start=1):
            header = _header_findings(table)
            self._tally.add(header)
            self.rows[table.name] = 0
            if not any(finding.severity == "error" for finding in header):
                yield from self._table(table, Rows(table, f"t{number}"), passage)
        self._tally.add(keys.findings())

    def _table(self, table: Table, rows: Rows, passage: Passage) -> Iterator[pl.DataFrame]:
        for passed in passage.chunks(table, Describer(rows, self.vocabulary)):
            self._tally.add(passed.findings)
            self.rows[table.name] += passed.rows
            self.progress(passed.rows)
            yield from passed.statements


def _header_findings(table: Table) -> list[Finding]:
    """Columns that the file lacks, and columns of it that go nowhere."""
    found = tables.header(table)
    findings = []
    for index, column in enumerate(table.real_columns):
        there = found[index].strip() if index < len(found) else ""
        if found and there not in (*column.titles, column.name):
            finding = rule.finding("T-SPALTE-FEHLT", header=column.title, found=", ".join(found))
            findings.append(finding.at(table.place(None, index, there), there))
        elif not (column.property_url or column.ignored or _is_named(column.name, table)):
            foreign = rule.finding("T-SPALTE-FREMD", header=column.title)
            findings.append(foreign.at(table.place(None, column), None))
    width = len(table.real_columns)
    for index, title in enumerate(found[width:], start=width):
        foreign = rule.finding("T-SPALTE-FREMD", header=title)
        findings.append(foreign.at(table.place(None, index, title), None))
    return findings


def _is_named(name: str, table: Table) -> bool:
    """Whether an address of the table is made of this column."""
    urls = [url for column in table.columns for url in (column.about_url, column.value_url) if url]
    mentioned = (each for column in table.columns for each in column.annotations.mentions)
    return any(name in template.parse(url).names for url in urls) or name in mentioned
