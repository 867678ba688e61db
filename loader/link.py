"""Links: the keys of a group's tables, and whether what refers to them arrives.

Of each key 64 bits are kept and the row that it stands in; the texts are read again for what is
found wrong, so that two keys of one hash are never taken for the same. That a key which arrives
nowhere has the hash of one that exists is a matter of one in 10^19 pairs, and is not looked into.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from loader import rule, tally
from loader.cell import Reading
from loader.csvw.schema import ForeignKey, Group, Table
from loader.finding import Finding, Place
from loader.table import ROW
from loader.values import review
from loader.vocabulary import Vocabulary

_JOIN = "\N{INFORMATION SEPARATOR ONE}"
_KEY, _PLACE = "\N{PILCROW SIGN}key", "\N{PILCROW SIGN}place"
_SHOWN = 100  # rows that one finding names
_SCHEMA = {ROW: pl.UInt32, _KEY: pl.UInt64}

Names = tuple[str, ...]


@dataclass(slots=True)
class Keys:
    """The keys of one group's tables, gathered while the tables are read."""

    group: Group
    vocabulary: Vocabulary
    _frames: dict[tuple[str, Names], list[pl.DataFrame]] = field(default_factory=dict)

    def digests(self, table: Table, reading: Reading) -> dict[Names, pl.DataFrame]:
        """Row and hash of each key of a chunk."""
        hashed = pl.col(_KEY).hash(0)
        return {
            names: _texts(reading, names).select(pl.col(ROW), hashed)
            for names in self._names(table)
        }

    def add(self, table: Table, digests: dict[Names, pl.DataFrame]) -> None:
        """Remembers the keys of a chunk."""
        for names, frame in digests.items():
            self._frames.setdefault((table.url, names), []).append(frame)

    def findings(self) -> Iterator[Finding]:
        """Duplicate primary keys, and foreign keys that point nowhere."""
        for table in self.group.tables:
            if table.primary_key:
                yield from self._duplicates(table)
            for key in table.foreign_keys:
                yield from self._dangling(table, key)

    def _names(self, table: Table) -> set[Names]:
        references = {
            key.reference
            for other in self.group.tables
            for key in other.foreign_keys
            if key.resource == table.url
        }
        own = {key.columns for key in table.foreign_keys}
        return own | references | ({table.primary_key} if table.primary_key else set())

    def _hashes(self, url: str, names: Names) -> pl.DataFrame:
        frames = self._frames.get((url, names))
        return pl.concat(frames) if frames else pl.DataFrame(schema=_SCHEMA)

    def _known(self, table: Table, names: Names, rows: pl.Series) -> pl.DataFrame:
        """ROW and the key's text of some rows, read again."""
        wanted = frozenset(names)
        found = [
            _texts(reading, names)
            for reading in review.readings(table, self.vocabulary, rows, wanted)
        ]
        return pl.concat(found) if found else pl.DataFrame(schema={ROW: pl.UInt32, _KEY: pl.String})

    def _duplicates(self, table: Table) -> list[Finding]:
        names = table.primary_key
        twice = self._hashes(table.url, names).filter(pl.col(_KEY).is_duplicated())
        if twice.is_empty():
            return []
        hashes = twice[_KEY].unique(maintain_order=True)
        shown = twice.filter(pl.col(_KEY).is_in(hashes.head(tally.KEPT).implode()))
        shown = shown.filter(pl.int_range(pl.len()).over(_KEY) <= _SHOWN)
        keys = self._known(table, names, shown[ROW])
        groups = keys.group_by(_KEY, maintain_order=True).agg(pl.col(ROW))
        made = []
        for key, rows in groups.filter(pl.col(ROW).list.len() > 1).iter_rows():
            text = ", ".join(str(row) for row in rows[:_SHOWN]) + (", …" if rows[_SHOWN:] else "")
            value = key.replace(_JOIN, ", ")
            found = rule.finding("S-DOPPELT", value=value, rows=text)
            made.append(found.at(_place(table, names[0], rows[1]), value))
        more = len(hashes) - tally.KEPT
        return tally.cut(made, len(made) + max(more, 0))

    def _dangling(self, table: Table, key: ForeignKey) -> Iterator[Finding]:
        known = self._hashes(key.resource, key.reference)
        keys = self._hashes(table.url, key.columns)
        yield from self._refers("S-VERWEIS", table, key, keys.join(known, on=_KEY, how="anti"))
        if not any(column.by_item for column in table.columns):
            twice = known.filter(pl.col(_KEY).is_duplicated())
            yield from self._refers(
                "S-VERWEIS-MEHR", table, key, keys.join(twice, on=_KEY, how="semi")
            )

    def _refers(
        self, code: str, table: Table, key: ForeignKey, wrong: pl.DataFrame
    ) -> list[Finding]:
        if wrong.is_empty():
            return []
        shown = wrong.sort(ROW, maintain_order=True).head(tally.KEPT)
        texts = self._known(table, key.columns, shown[ROW])
        texts = texts.with_columns(pl.col(_KEY).hash(0).alias("hash"))
        texts = texts.join(shown, left_on=[ROW, "hash"], right_on=[ROW, _KEY], how="semi")
        resource = key.resource.rpartition("/")[2]
        made = []
        for row, text in texts.sort(ROW, maintain_order=True).select(ROW, _KEY).iter_rows():
            value = text.replace(_JOIN, ", ")
            found = rule.finding(code, value=value, resource=resource)
            made.append(found.at(_place(table, key.columns[0], row), value))
        return tally.cut(made, max(wrong.height, len(made)))


def _texts(reading: Reading, names: Names) -> pl.DataFrame:
    """ROW and the key's text, where the row has the whole key; a list gives several."""
    frame = pl.DataFrame({ROW: reading.rows}).with_row_index(_PLACE)
    for name in names:
        values = reading.columns[name]
        if values.places is None:
            frame = frame.with_columns(values.items.alias(name))
    for name in names:
        values = reading.columns[name]
        if values.places is not None:
            items = pl.DataFrame({_PLACE: values.places, name: values.items})
            frame = frame.join(items, on=_PLACE)
    key = pl.concat_str([pl.col(name) for name in names], separator=_JOIN).alias(_KEY)
    found = frame.select(ROW, key).drop_nulls()
    several = any(reading.columns[name].places is not None for name in names)
    return found.unique(maintain_order=True) if several else found


def _place(table: Table, name: str, row: int) -> Place:
    names = [column.name for column in table.real_columns]
    return table.place(row, names.index(name))
