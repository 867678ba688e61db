"""Links: the keys of a group's tables, and whether what refers to them arrives."""

from dataclasses import dataclass, field

import polars as pl

from loader import rule
from loader.cell import ITEM, Reading
from loader.finding import Finding, Place
from loader.schema import ForeignKey, Group, Table
from loader.table import ROW

_JOIN = "\N{INFORMATION SEPARATOR ONE}"
_KEY = "key"


@dataclass(slots=True)
class Keys:
    """The key columns of one group's tables, gathered while the tables are read."""

    group: Group
    _frames: dict[str, list[pl.DataFrame]] = field(default_factory=dict)

    def add(self, table: Table, reading: Reading) -> None:
        """Remembers the columns of a chunk that keys are made of."""
        names = self._names(table)
        if not names:
            return
        frame = reading.texts()
        for name in sorted(names - set(frame.columns)):  # a list of keys in one cell
            items = reading.columns[name].frame.select(ROW, pl.col(ITEM).alias(name))
            frame = frame.join(items, on=ROW)
        self._frames.setdefault(table.url, []).append(frame.select(ROW, *sorted(names)))

    def findings(self) -> list[Finding]:
        """Duplicate primary keys, and foreign keys that point nowhere."""
        found = []
        for table in self.group.tables:
            if table.primary_key:
                found += self._duplicates(table)
            for key in table.foreign_keys:
                found += self._dangling(table, key)
        return found

    def _names(self, table: Table) -> set[str]:
        names = {*table.primary_key, *(n for key in table.foreign_keys for n in key.columns)}
        for other in self.group.tables:
            for key in other.foreign_keys:
                if key.resource == table.url:
                    names |= set(key.reference)
        return names

    def _keys(self, file: str, columns: tuple[str, ...]) -> pl.DataFrame:
        frames = self._frames.get(file)
        if not frames:
            return pl.DataFrame({ROW: [], _KEY: []}, schema={ROW: pl.UInt32, _KEY: pl.String})
        key = pl.concat_str([pl.col(c) for c in columns], separator=_JOIN).alias(_KEY)
        return pl.concat(frames).select(ROW, key).drop_nulls().unique(maintain_order=True)

    def _duplicates(self, table: Table) -> list[Finding]:
        keys = self._keys(table.url, table.primary_key)
        groups = keys.group_by(_KEY, maintain_order=True).agg(pl.col(ROW))
        found = []
        for key, rows in groups.filter(pl.col(ROW).list.len() > 1).iter_rows():
            text = ", ".join(str(row) for row in rows)
            value = key.replace(_JOIN, ", ")
            place = _place(table, table.primary_key[0], rows[1])
            found.append(rule.finding("S-DOPPELT", value=value, rows=text).at(place, value))
        return found

    def _dangling(self, table: Table, key: ForeignKey) -> list[Finding]:
        known = self._keys(key.resource, key.reference)
        keys = self._keys(table.url, key.columns)
        wrong = [("S-VERWEIS", keys.join(known, on=_KEY, how="anti"))]
        if not any(column.by_item for column in table.columns):
            twice = known.filter(pl.col(_KEY).is_duplicated())
            wrong.append(("S-VERWEIS-MEHR", keys.join(twice, on=_KEY, how="semi")))
        return [each for code, rows in wrong for each in _refers(code, table, key, rows)]


def _refers(code: str, table: Table, key: ForeignKey, rows: pl.DataFrame) -> list[Finding]:
    found = []
    resource = key.resource.rpartition("/")[2]
    for row, text in rows.iter_rows():
        value = text.replace(_JOIN, ", ")
        place = _place(table, key.columns[0], row)
        found.append(rule.finding(code, value=value, resource=resource).at(place, value))
    return found


def _place(table: Table, name: str, row: int) -> Place:
    names = [column.name for column in table.real_columns]
    return table.place(row, names.index(name))
