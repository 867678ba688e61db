"""Comparison: whether a store says of a graph to the letter what its master says."""

import heapq
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path

import polars as pl

from loader.releases import master
from loader.remote import notation
from loader.store import blank

_BLOCK = 50_000  # lines
_KEPT = 1_000  # differences of a graph that are told one by one; all are counted
_KIND = re.compile(r'"(?:\^\^<.*?([^/#]*)>|@(\S+))?$')


@dataclass(frozen=True, slots=True)
class Difference:
    """A statement that the store says otherwise.

    `said` and `found` are objects as N-Triples write them; `found` is empty for what is missing,
    `said` for what nobody said.
    """

    subject: str
    predicate: str
    said: str
    found: str

    @property
    def keeps_value(self) -> bool:
        """Whether the store wrote the same value in another way, such as `1.5` for `1.50`."""
        return bool(self.said and self.found) and _equal(self.said, self.found)

    @property
    def kind(self) -> str:
        """From which kind of object to which."""
        return f"{_kind(self.said)} → {_kind(self.found)}"


@dataclass(slots=True)
class Differences:
    """Those of one or several graphs: the first one by one, and how often each kind occurs."""

    first: list[Difference] = field(default_factory=list)
    rewritten: Counter[str] = field(default_factory=Counter)  # the same values
    damaged: Counter[str] = field(default_factory=Counter)  # everything else

    def add(self, each: Difference) -> None:
        """Counts one; the first damage comes before all others."""
        keeps = each.keeps_value
        (self.rewritten if keeps else self.damaged)[each.kind] += 1
        if not keeps and self.damaged.total() == 1:
            self.first.insert(0, each)
        elif len(self.first) < _KEPT:
            self.first.append(each)


def compare(written: Iterable[bytes], said: Iterable[bytes], folder: Path) -> Iterator[Difference]:
    """Where what a store says differs from what was written, both N-Triples, to the letter.

    Memory is bounded but for statements with blank nodes; `folder` takes two files meanwhile.
    Raises ValueError for what is no N-Triples.
    """
    ours, theirs = folder / "ours.nt", folder / "theirs.nt"
    _, wanted = master.write(ours, _settled(notation.lines(written)))
    _, held = master.write(theirs, _settled(notation.lines(said)))
    if wanted != held:
        yield from _differing(ours, theirs)


def _settled(lines: Iterator[str]) -> Iterator[pl.Series]:
    """The lines in columns; blank nodes, which have other labels there, are named anew."""
    blanks: list[str] = []
    while block := list(islice(lines, _BLOCK)):
        blanks += filter(blank, block)
        yield pl.Series([line for line in block if not blank(line)], dtype=pl.String)
    yield pl.Series(notation.settled(blanks), dtype=pl.String)


def _differing(ours: Path, theirs: Path) -> Iterator[Difference]:
    """Walks two sorted files side by side, one subject and property at a time."""
    with ours.open("rb") as a, theirs.open("rb") as b:
        rows = heapq.merge(_parted(a, 0), _parted(b, 1))
        for (subject, predicate), group in groupby(rows, lambda row: row[0]):
            said: tuple[set[str], set[str]] = (set(), set())
            for _, term, side in group:
                said[side].add(term)
            for pair in _paired(*said):
                yield Difference(subject, predicate, *pair)


def _parted(lines: Iterable[bytes], side: int) -> Iterator[tuple[tuple[str, str], str, int]]:
    for line in lines:
        subject, predicate, term = line.decode()[: -len(" .\n")].split(" ", 2)
        yield (subject, predicate), term, side


def _paired(ours: set[str], theirs: set[str]) -> Iterator[tuple[str, str]]:
    """What we say and they do not, each with what stands for it; and what only they say."""
    missing, extra = sorted(ours - theirs), sorted(theirs - ours)
    for term in missing[:]:
        twin = next((each for each in (*extra, *theirs) if _equal(term, each)), "")
        if twin:
            missing.remove(term)
            yield term, twin
    extra = [each for each in extra if not any(_equal(term, each) for term in ours)]
    for number in range(max(len(missing), len(extra))):
        yield "".join(missing[number : number + 1]), "".join(extra[number : number + 1])


def _equal(one: str, other: str) -> bool:
    """Whether two literals have one value, in one way to count it."""
    literals = one.startswith('"') and other.startswith('"')
    return literals and notation.value(one) == notation.value(other)


def _kind(term: str) -> str:
    if not term.startswith('"'):
        return {"<": "address", "_": "blank node"}.get(term[:1], "nothing")
    found = _KIND.search(term)
    return (found and (found[1] or found[2])) or "text"
