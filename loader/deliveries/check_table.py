"""The tables of a delivery: recognised, looked through, and made statements of."""

from dataclasses import dataclass, field, replace
from json import JSONDecodeError
from pathlib import Path
from typing import Any

from loader import rule, statement
from loader import table as tables
from loader.account import BASE
from loader.arrangement import arranged
from loader.convert import Conversion
from loader.csvw import metadata
from loader.csvw.library import Library
from loader.csvw.schema import Column, Group, Table
from loader.deliveries.delivery import Allowance, File
from loader.deliveries.inspection import inspect
from loader.errors import UnreadableTable
from loader.finding import Finding, Place
from loader.formats import archive, heading
from loader.forms import discovery
from loader.forms.discovery import Discovery
from loader.forms.recognition import Recogniser
from loader.locate import Locator
from loader.source import Source
from loader.trace import TableTrace
from loader.vocabulary import Vocabulary

GRAPH = BASE + "graph/delivery"
_NO_COLUMNS = 1
_FOREIGN = "T-SPALTE-FREMD"  # told where a table is recognised, and where it is read
_TEXTS = {".csv", ".txt", ".tsv", ".tab"}


@dataclass(slots=True)
class TableReading:
    """What the tables say, and where each statement came from."""

    lines: list[str] = field(default_factory=list)
    traces: list[TableTrace] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    recognised: list[dict[str, Any]] = field(default_factory=list)
    tables: tuple[Table, ...] = ()


def read(
    files: list[File],
    described: Path | None,
    words: Vocabulary,
    recogniser: Recogniser,
    allowance: Allowance,
) -> TableReading:
    """Reads all tables of a delivery. Raises UnreadableMetadata for the description alone."""
    reading = TableReading()
    group = recognise(files, described, recogniser, reading)
    if group is None:
        return reading
    reading.findings += group.warnings
    sound, seen = [], []
    for each in group.tables:
        table, found = _look_through(each, reading, allowance)
        reading.findings += found
        seen.append(table)
        if not any(finding.severity == "error" and not finding.privacy for finding in found):
            sound.append(table)
    reading.tables = tuple(seen)
    _describe(replace(group, tables=tuple(sound)), words, reading)
    return reading


def recognise(
    files: list[File], described: Path | None, recogniser: Recogniser, reading: TableReading
) -> Group | None:
    """The group of the delivered tables; None where there is nothing to read.

    By the description given, by one beside a file, or by what the header says.
    """
    if not files:
        return None
    library = Library()
    if described is not None:
        where = described.absolute().as_uri()
        first = files[0].path.absolute().as_uri()
        group = metadata.read_address(where, library, first)
        return _supplied(group, files, Place(described.name))
    groups = [_alone(file, library, recogniser, reading) for file in files]
    found = [group for group in groups if group]
    if not found:
        return None
    return replace(
        found[0],
        tables=tuple(table for group in found for table in group.tables),
        warnings=tuple(warning for group in found for warning in group.warnings),
    )


def _alone(
    file: File, library: Library, recogniser: Recogniser, reading: TableReading
) -> Group | None:
    """The tables of a file that came without a description of its own."""
    locator, place = Locator(library), Place(file.path.name)
    try:
        group = locator.group(file.path.absolute().as_uri())
        reading.findings += locator.warnings
        if any(table.is_described for table in group.tables):
            return _supplied(group, [file], place)
        found = discovery.read(file.path, recogniser)
    except UnreadableTable as error:
        reading.findings.append(_unreadable(error, place))
        return None
    reading.findings += found.findings
    if found.group is None:
        reading.findings.append(_unknown(found).at(place, None))
    return found.group


def _unknown(found: Discovery) -> Finding:
    """Why nothing was recognised in a file."""
    titles = [title for sheet in found.sheets for title in sheet.titles]
    if not titles:
        return rule.finding("D-LEER")
    if len(titles) == 1 and found.path.suffix.lower() in _TEXTS:
        return rule.finding("D-TRENNER")
    return rule.finding("D-INHALT", found=", ".join(t[0] for t in titles[:20] if t) or "–")


def _supplied(group: Group, files: list[File], place: Place) -> Group:
    """The described tables that were delivered; keys of others are not looked for.

    `place` is where what is wrong with the description stands.
    """
    by_name = {file.path.name: file.path for file in files}
    alone = len(group.tables) == len(files) == 1
    found = []
    for table in group.tables:
        name = table.file.rpartition("/")[2]
        path = files[0].path if alone else by_name.get(name)
        if path is not None:
            found.append(replace(table, path=path, file=path.name))
    urls = {table.url for table in found}
    kept = tuple(
        replace(t, foreign_keys=tuple(k for k in t.foreign_keys if k.resource in urls))
        for t in found
    )
    warnings = tuple(warning.at(place, None) for warning in group.warnings)
    return metadata.by_item(
        replace(group, tables=kept, graph=group.graph or GRAPH, warnings=warnings)
    )


def _look_through(
    table: Table, reading: TableReading, allowance: Allowance
) -> tuple[Table, list[Finding]]:
    """The table as its file has it, with what stops it from being read or what its cells show."""
    try:
        table = heading.located(table)
        header = tables.header(table)
        is_text = archive.kind(table.path) is None
        if is_text and len(header) == _NO_COLUMNS < len(table.real_columns):
            return table, [rule.finding("D-TRENNER").at(Place(table.file, row=1), header[0])]
        found = arranged(table, header)
        seen = inspect(found.table, allowance)
    except UnreadableTable as error:
        return table, [_unreadable(error, table.place(), table.dialect.encoding)]
    reading.recognised.append(_recognised(found.table, seen.rows, header))
    return found.table, [*found.findings, *seen.findings]


def _unreadable(error: UnreadableTable, place: Place, encoding: str = "utf-8") -> Finding:
    cause = error.__cause__
    if isinstance(cause, JSONDecodeError):
        found = rule.finding("D-JSON", line=cause.lineno, character=cause.colno)
    elif isinstance(cause, UnicodeDecodeError | LookupError):
        found = rule.finding("D-KODIERUNG", encoding=encoding)
    else:
        found = rule.finding("D-LESBAR", why=error.text)
    return found.at(place, None)


def _describe(group: Group, words: Vocabulary, reading: TableReading) -> None:
    source = Source("delivery", Path(), group, "")
    made = Conversion(source, words, lambda _: None)
    try:
        for frame in made.statements():
            reading.lines.extend(statement.lines(frame).to_list())
    except UnreadableTable as error:
        reading.findings.append(_unreadable(error, group.tables[0].place()))
        return
    reading.traces = [TableTrace(table, words) for table in group.tables]
    told = {each.place for each in reading.findings if each.code == _FOREIGN}
    new = (f for f in made.findings if f.code != _FOREIGN or f.place not in told)
    reading.findings += new


def _recognised(table: Table, rows: int, header: list[str]) -> dict[str, Any]:
    """What the report says first: how the table was read, and what became of each column."""
    return {
        "file": table.file,
        "sheet": table.sheet,
        "encoding": table.dialect.encoding,
        "delimiter": table.dialect.delimiter,
        "header": table.dialect.skip_rows + table.dialect.header_row_count,
        "rows": rows,
        "columns": [
            _column(table, index, column) for index, column in enumerate(table.real_columns)
        ]
        + [
            {"column": table.place(1, index, title).column, "header": title, "property": None}
            for index, title in enumerate(header)
            if index >= len(table.real_columns)
        ],
    }


def _column(table: Table, index: int, column: Column) -> dict[str, Any]:
    return {
        "column": table.place(1, index).column,
        "header": column.title,
        "property": None if column.suppress_output else column.property_url,
    }
