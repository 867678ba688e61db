"""Runs: more lines than memory holds, sorted piece by piece on disk and merged by ranges."""

import mmap
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import IO

import polars as pl

RUN_BYTES = 128 * 2**20  # of text; sorting needs about three times as much
_SAMPLES = 64  # of each run, for ranges of about one run's size


@dataclass(slots=True)
class Runs:
    """Takes columns of lines and writes them to `path`, distinct and in bytewise order.

    What is sorted meanwhile lies in a folder beside it.
    """

    path: Path
    limit: int = RUN_BYTES
    _blocks: list[pl.Series] = field(default_factory=list)
    _size: int = 0
    _files: list[Path] = field(default_factory=list)

    def __enter__(self) -> "Runs":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, block: pl.Series) -> None:
        """Takes lines without line feeds."""
        self._blocks.append(block)
        self._size += int(block.str.len_bytes().sum())
        if self._size > self.limit:
            self._spill()

    def merge(self) -> int:
        """Writes the file and returns the number of its lines."""
        with self.path.open("wb") as file:
            if not self._files:
                return self._sort(file)
            number = 0
            for pieces in self._ranges():
                self._blocks = [_lines(piece) for piece in pieces if piece]
                number += self._sort(file)
            return number

    @property
    def _folder(self) -> Path:
        return self.path.with_name(self.path.name + ".runs")

    def _spill(self) -> None:
        """Sorts what was taken into a file of its own."""
        if self._size:
            self._folder.mkdir(exist_ok=True)
            self._files.append(self._folder / f"{len(self._files)}")
            with self._files[-1].open("wb") as file:
                self._sort(file)

    def _sort(self, file: IO[bytes]) -> int:
        """Writes the lines taken so far, sorted, and lets go of them."""
        blocks, self._blocks, self._size = self._blocks, [], 0
        if not blocks:
            return 0
        lines = pl.concat(blocks).sort()
        lines = lines.filter(lines.ne_missing(lines.shift(1)))
        lines.to_frame().write_csv(file, include_header=False, quote_style="never")
        return len(lines)

    def _ranges(self) -> Iterator[list[bytes]]:
        """Pieces of all runs that lie between the same two lines, range after range."""
        self._spill()
        views = [_view(path) for path in self._files]
        places = [0] * len(views)
        for pivot in [*_pivots(views), None]:
            ends = [len(v) if pivot is None else first_at_or_after(v, pivot) for v in views]
            yield [v[start:end] for v, start, end in zip(views, places, ends, strict=True)]
            places = ends
        for view in views:
            view.close()


def first_at_or_after(view: mmap.mmap, prefix: bytes) -> int:
    """The start of the first line that is not less than the prefix, in sorted lines."""
    low, high = 0, len(view)
    while low < high:
        middle = view.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = view.find(b"\n", middle) + 1
        if view[middle:end] < prefix:
            low = end
        else:
            high = middle
    return low


def _view(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _pivots(views: list[mmap.mmap]) -> list[bytes]:
    """Lines that part the lines of all runs into about as many ranges as there are runs."""
    sampled = sorted(
        view[view.rfind(b"\n", 0, at) + 1 : view.find(b"\n", at)]
        for view in views
        for at in range(len(view) // _SAMPLES, len(view) - 1, len(view) // _SAMPLES + 1)
    )
    return sampled[_SAMPLES::_SAMPLES]


def _lines(piece: bytes) -> pl.Series:
    return pl.read_lines(BytesIO(piece)).to_series()
