"""Things: what all graphs of a release say of one subject, subject by subject."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import groupby

import polars as pl

from loader.dumps import graph
from loader.prefix import PREFIXES
from loader.releases import columns
from loader.releases.release import Release

TYPE = f"<{PREFIXES['rdf']}type>"
_SUBCLASS = f"<{PREFIXES['rdfs']}subClassOf>"

Value = tuple[str, str]  # predicate and object, as N-Triples writes them


def of(release: Release) -> Iterator[tuple[str, list[Value]]]:
    """Each subject with its statements; what several graphs say comes once."""
    rows = merge(*(each.lines() for each in graph.of(release)))
    for subject, group in groupby(rows, lambda row: row[0]):
        said = dict.fromkeys((p.decode(), o.decode()) for _, p, o in group)
        yield subject.decode(), list(said)


@dataclass(frozen=True, slots=True)
class Kinds:
    """The classes of a release: how many statements of type each has, and what is above it."""

    members: dict[str, int]
    above: dict[str, set[str]]

    @classmethod
    def of(cls, release: Release) -> "Kinds":
        """Counts the classes."""
        tables = [columns.scan(path, name) for name, path in graph.masters(release).items()]
        rows = pl.concat(tables)
        counted = rows.filter(pl.col("p") == TYPE).group_by("o").len().collect()
        above: dict[str, set[str]] = {}
        for _, row in enumerate(rows.filter(pl.col("p") == _SUBCLASS).collect().iter_rows()):
            above.setdefault(row[0], set()).add(row[2])
        return cls(dict(counted.iter_rows()), above)

    def most_special(self, kinds: list[str]) -> str:
        """Of a thing's classes one that is above none of the others, with few members."""
        general = {name for kind in kinds for name in self.above.get(kind, ())}
        special = [kind for kind in kinds if kind not in general] or kinds
        return min(special, key=lambda kind: (self.members[kind], kind), default="")
