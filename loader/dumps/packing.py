"""Packing: files written whole or not at all, in gzip or zstd, the same bytes for the same data."""

import gzip
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest
from pathlib import Path
from typing import IO

import zstandard

# What a coding adds to the name of a file.
CODINGS = {"gzip": ".gz", "zstd": ".zst", "none": ""}
_LEVEL = 6


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """A draft beside the file, which appears under its name when all is written."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        yield draft
        draft.replace(path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


def pack(path: Path, pieces: Iterable[bytes], coding: str) -> None:
    """Writes pieces in one of CODINGS; neither names nor times get into the file."""
    with appearing(path) as draft, draft.open("wb") as file, _coder(file, coding) as coder:
        for piece in pieces:
            coder.write(piece)


def checksum(path: Path) -> str:
    """The SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


@contextmanager
def _coder(file: IO[bytes], coding: str) -> Iterator[IO[bytes]]:
    if coding == "gzip":
        with gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as coder:
            yield coder  # type: ignore[misc]  # a GzipFile writes as IO does
    elif coding == "zstd":
        with zstandard.ZstdCompressor().stream_writer(file, closefd=False) as coder:
            yield coder
    else:
        yield file
