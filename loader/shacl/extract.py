"""Extracts: what rules ask of a release, in memory, so that no check opens and copies its store."""

from collections.abc import Generator, Iterator, Set
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path

from pyoxigraph import Store

from loader.releases.release import Release
from loader.store import fill

_MOST = 1_000_000  # statements, about 400 MB
_STEP = 5_000


@dataclass(slots=True)
class Extract:
    """Of a release with so many statements that memory would not hold them there is no store."""

    release: str
    store: Store | None
    _is_taken: bool = False

    def take(self, release: str) -> Store | None:
        """The store, to be changed: only once, and only for its own release.

        It stays here until the process ends: to give so much memory back piece by piece would
        take longer than a check.
        """
        if self._is_taken or self.release != release:
            return None
        self._is_taken = True
        return self.store


def gather(release: Release, predicates: Set[str] | None) -> Generator[None, None, Extract]:
    """The statements of a release with some predicates, in angle brackets; None for all.

    They are read in steps of some hundredths of a second, so that whoever has something more
    urgent to do can stop in between. A thing of which nothing is asked keeps one statement, so
    that it is known.
    """
    store, number = Store(), 0
    for graph, facts in release.manifest["graphs"].items():
        lines = _asked(release.path / facts["file"], predicates)
        while block := list(islice(lines, _STEP)):
            number += len(block)
            if number > _MOST:
                return Extract(release.id, None)
            fill(store, graph, block)
            yield
    return Extract(release.id, store)


def _asked(master: Path, predicates: Set[str] | None) -> Iterator[str]:
    with master.open(encoding="utf-8") as file:
        if predicates is None:
            yield from file
            return
        for _, about in groupby(file, key=_subject):
            lines = list(about)
            found = [line for line in lines if line.split(" ", 2)[1] in predicates]
            yield from found or lines[:1]


def _subject(line: str) -> str:
    return line.partition(" ")[0]
