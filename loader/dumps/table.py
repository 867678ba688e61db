"""Tables: the things of a release, one table a class, one row a thing, as CSV files.

A thing is in the table of its most special class. Addresses of which a row has several stand in
`links.csv` one by one, and what no table can carry in `rest.nt`: together they say everything.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loader.csvw.builtin import STADT
from loader.dumps import thing
from loader.dumps.column import SEPARATOR, Column, can_carry, is_plain, kind_of, text
from loader.dumps.thing import TYPE, Kinds, Value
from loader.releases.release import Release

DESCRIPTION = "csv-metadata.json"
REST = "rest.nt"
LINKS = "links"
_CELL = 100_000  # characters; readers of CSV refuse cells of more than 128 KiB
_UNTYPED = "untyped"


@dataclass(slots=True)
class Table:
    """A table: the class, its columns, how many rows, and the classes that every row has."""

    kind: str
    name: str = ""
    rows: int = 0
    columns: dict[tuple[str, str], Column] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)

    @property
    def constant(self) -> list[str]:
        """The classes that need no column."""
        return sorted(kind for kind, number in self.types.items() if number == self.rows)

    @property
    def header(self) -> list[str]:
        """The names of the columns in the file."""
        return ["id", *(column.name for column in self.columns.values())]

    def see(self, values: dict[tuple[str, str], list[str]]) -> None:
        """Notes a row."""
        self.rows += 1
        for kind in values.get((TYPE, "<"), ()):
            self.types[kind] = self.types.get(kind, 0) + 1
        for key, terms in values.items():
            if key[0] != TYPE:
                self.columns.setdefault(key, Column(*key)).see(terms)

    def settle(self, name: str) -> None:
        """Gives the table and its columns their names; a column for the classes that differ."""
        self.name = name
        if len(self.types) > len(self.constant):
            self.columns[TYPE, "<"] = Column(TYPE, "<", is_list=True)
        known = {"id"}
        for key in sorted(self.columns):
            column = self.columns.pop(key)
            column.name = _unique(column.stem(), known)
            self.columns[key] = column

    def described(self) -> dict[str, Any]:
        """The table in the words of CSV on the Web."""
        id_column = {"name": "id", "titles": "id", "suppressOutput": True, "required": True}
        virtual = [
            {"virtual": True, "propertyUrl": TYPE[1:-1], "valueUrl": kind[1:-1]}
            for kind in self.constant
        ]
        columns = [id_column, *(each.described() for each in self.columns.values()), *virtual]
        return {
            "url": f"{self.name}.csv",
            "tableSchema": {"aboutUrl": "{+id}", "primaryKey": "id", "columns": columns},
        }


@dataclass(slots=True)
class Tables:
    """The tables of a release in a folder."""

    folder: Path
    tables: list[Table]
    release: Release
    omitted: int = 0

    def path(self, table: Table) -> Path:
        """The file of a table."""
        return self.folder / f"{table.name}.csv"

    @property
    def files(self) -> list[Path]:
        """All files, the description first."""
        names = [DESCRIPTION, *(f"{table.name}.csv" for table in self.tables), f"{LINKS}.csv", REST]
        return [self.folder / name for name in names]

    def rows(self, table: Table) -> Iterator[list[str]]:
        """The rows of a table as they stand in its file, without the header."""
        with self.path(table).open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            next(reader)
            yield from reader


def write(release: Release, folder: Path) -> Tables:
    """Writes the tables, their description and the rest. Memory holds one thing at a time."""
    kinds = Kinds.of(release)
    by_kind: dict[str, Table] = {}
    for subject, said in thing.of(release):
        values, _ = _parted(subject, said)
        if values:
            kind = _kind(values, kinds)
            by_kind.setdefault(kind, Table(kind)).see(values)
    known = {LINKS}
    for kind in sorted(by_kind, key=_stem):
        by_kind[kind].settle(_unique(_stem(kind), known))
    tables = Tables(folder, sorted(by_kind.values(), key=_order), release)
    tables.omitted = _rows(release, kinds, by_kind, folder)
    _describe(tables)
    return tables


def _rows(release: Release, kinds: Kinds, by_kind: dict[str, Table], folder: Path) -> int:
    """Writes the rows; returns how many statements are in none."""
    omitted = 0
    with ExitStack() as stack:
        rest = stack.enter_context((folder / REST).open("w", encoding="utf-8"))
        links = _writer(stack, folder / f"{LINKS}.csv", ["id", "property", "value"])
        writers = {
            kind: _writer(stack, folder / f"{table.name}.csv", table.header)
            for kind, table in by_kind.items()
        }
        for subject, said in thing.of(release):
            values, left = _parted(subject, said)
            if values:
                kind = _kind(values, kinds)
                row = _row(by_kind[kind], subject, values)
                writers[kind].writerow(row)
                links.writerows(_links(by_kind[kind], subject, values))
            omitted += len(left)
            rest.writelines(f"{subject} {p} {o} .\n" for p, o in left)
    return omitted


def _parted(
    subject: str, said: list[Value]
) -> tuple[dict[tuple[str, str], list[str]], list[Value]]:
    """What a row can carry, by column, and the rest."""
    if not is_plain(subject):
        return {}, said
    values: dict[tuple[str, str], list[str]] = {}
    left: list[Value] = []
    for predicate, term in said:
        if is_plain(predicate) and can_carry(term):
            values.setdefault((predicate, kind_of(term)), []).append(term)
        else:
            left.append((predicate, term))
    for key, terms in list(values.items()):
        if sum(map(len, terms)) > _CELL:
            left += [(key[0], term) for term in values.pop(key)]
    return values, left


def _kind(values: dict[tuple[str, str], list[str]], kinds: Kinds) -> str:
    return kinds.most_special(values.get((TYPE, "<"), []))


def _row(table: Table, subject: str, values: dict[tuple[str, str], list[str]]) -> list[str]:
    row = [subject[1:-1]]
    for key, column in table.columns.items():
        terms = values.get(key, [])
        if column.predicate == TYPE:
            terms = [kind for kind in terms if table.types[kind] < table.rows]
        row.append(SEPARATOR.join(map(text, terms)))
    return row


def _links(
    table: Table, subject: str, values: dict[tuple[str, str], list[str]]
) -> Iterator[tuple[str, str, str]]:
    """Addresses of columns in which a row may have several, one by one."""
    for key, column in table.columns.items():
        if column.is_address and column.is_list:
            for term in values.get(key, ()):
                if column.predicate != TYPE or table.types[term] < table.rows:
                    yield subject[1:-1], column.predicate[1:-1], term[1:-1]


def _describe(tables: Tables) -> None:
    names = ("id", "property")
    columns: list[dict[str, Any]] = [
        {"name": name, "titles": name, "suppressOutput": True} for name in names
    ]
    value = {"propertyUrl": "{+property}", "valueUrl": "{+value}"}
    columns.append({"name": "value", "titles": "value", **value})
    links = {
        "url": f"{LINKS}.csv",
        "tableSchema": {"aboutUrl": "{+id}", "columns": columns},
    }
    said = {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:title": "Stadtwissen",
        "dc:identifier": tables.release.id,
        "dc:license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
        "dialect": {"trim": False},
        "tables": [*(table.described() for table in tables.tables), links],
    }
    (tables.folder / DESCRIPTION).write_text(
        json.dumps(said, ensure_ascii=False, indent=1), "utf-8"
    )


def _writer(stack: ExitStack, path: Path, header: Iterable[str]) -> Any:
    file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
    writer = csv.writer(file)
    writer.writerow(header)
    return writer


def _order(table: Table) -> tuple[bool, str]:
    """Our own classes first."""
    return not table.kind.startswith(f"<{STADT}"), table.name


def _stem(kind: str) -> str:
    local = re.split("[/#]", kind[1:-1])[-1]
    return re.sub("[^A-Za-z0-9]", "_", local) or _UNTYPED


def _unique(name: str, known: set[str]) -> str:
    """The name, with a number where another has it already; capitals make no difference."""
    chosen, number = name, 1
    while chosen.casefold() in known:
        number += 1
        chosen = f"{name}_{number}"
    known.add(chosen.casefold())
    return chosen
