"""Passages: a table's chunks on their way from texts to statements, on all cores, in order.

Memory is bounded by the chunks that are under way, never by the table.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol, TypeVar

import polars as pl

from loader import cell
from loader import table as tables
from loader.cell import Reading
from loader.csvw.schema import Table
from loader.finding import Finding
from loader.link import Keys
from loader.table import Chunk
from loader.values.preparation import Preparation
from loader.vocabulary import Vocabulary

_WORKERS = min(4, os.cpu_count() or 1)
_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


class Mapper(Protocol):
    """What makes statements of a reading."""

    def statements(self, reading: Reading) -> Iterator[pl.DataFrame]:
        """The statements of one chunk."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What came of one chunk."""

    rows: int
    statements: list[pl.DataFrame]
    findings: list[Finding]


@dataclass(slots=True)
class Passage:
    """One run over the tables of a group; `keys` fill on the way."""

    vocabulary: Vocabulary
    keys: Keys

    def chunks(self, table: Table, mapper: Mapper) -> Iterator[Passed]:
        """The chunks of a table, in the file's order. Raises UnreadableTable."""

        def work(chunk: Chunk) -> tuple[Passed, dict[tuple[str, ...], pl.DataFrame]]:
            reading = cell.read(chunk, table, self.vocabulary)
            made = list(mapper.statements(reading))
            digests = self.keys.digests(table, reading)
            return Passed(chunk.frame.height, made, reading.findings), digests

        preparation = Preparation(table)
        prepared = (preparation.prepare(chunk) for chunk in tables.chunks(table))
        for passed, digests in _in_order(work, prepared):
            self.keys.add(table, digests)
            yield passed
        yield Passed(preparation.left_out, [], preparation.findings())


def _in_order(work: Callable[[_Given], _Made], items: Iterable[_Given]) -> Iterator[_Made]:
    """What the work makes of each item; no more items are taken than cores can work on."""
    with ThreadPoolExecutor(_WORKERS) as workers:
        under_way: deque[Future[_Made]] = deque()
        try:
            for item in items:
                under_way.append(workers.submit(work, item))
                if len(under_way) > _WORKERS:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()
