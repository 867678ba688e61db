"""Conversion: a source's tables, chunk by chunk, to statements, findings and their trace."""

from collections.abc import Callable
from dataclasses import dataclass, field

from loader import cell, rule, template
from loader import table as tables
from loader.describe import Describer
from loader.finding import Finding
from loader.link import Keys
from loader.preparation import Preparation
from loader.schema import Table
from loader.source import Source
from loader.trace import TableTrace
from loader.vocabulary import Vocabulary

Progress = Callable[[int], None]


@dataclass(slots=True)
class Conversion:
    """A source as statements (N-Quads lines), with rows counted by file."""

    source: Source
    lines: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    traces: list[TableTrace] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)


def convert(source: Source, vocabulary: Vocabulary, progress: Progress) -> Conversion:
    """Converts all tables of a source; `progress` is told the number of rows done.

    Raises UnreadableTable. What single cells hold wrong becomes findings.
    """
    conversion = Conversion(source)
    keys = Keys(source.group)
    for table in source.group.tables:
        header = _header_findings(table)
        conversion.findings += header
        conversion.rows[table.name] = 0
        if not any(finding.severity == "error" for finding in header):
            _convert_table(conversion, table, keys, vocabulary, progress)
    conversion.findings += keys.findings()
    return conversion


def _convert_table(
    conversion: Conversion, table: Table, keys: Keys, vocabulary: Vocabulary, progress: Progress
) -> None:
    preparation = Preparation(table)
    describer = Describer(table, conversion.source.group.graph, vocabulary)
    trace = TableTrace(conversion.source, table)
    for chunk in tables.chunks(table):
        reading = cell.read(preparation.prepare(chunk), table, vocabulary)
        description = describer.describe(reading)
        conversion.findings += reading.findings
        conversion.lines += description.lines
        conversion.rows[table.name] += chunk.frame.height
        keys.add(table, reading)
        trace.add(description)
        progress(chunk.frame.height)
    conversion.findings += preparation.findings()
    conversion.traces.append(trace)


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
