"""Output: statements written as they are made, in the RDF format that was asked for."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import polars as pl
from pyoxigraph import Quad, RdfFormat, parse, serialize

from loader.errors import UsageError
from loader.language import Text
from loader.statement import encoded
from loader.statement import write as write_lines

_LINES = {"nq", "nt"}  # without named graphs the two are the same
_FORMATS = {
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
    "ttl": RdfFormat.TURTLE,
}
FORMATS = (*sorted(_LINES), *_FORMATS)


@contextmanager
def opened(path: Path | None) -> Iterator[IO[bytes]]:
    """The file, or stdout. A file appears under its name only when all is written."""
    if path is None:
        yield sys.stdout.buffer
        return
    draft = path.with_name(path.name + ".new")
    try:
        with draft.open("wb") as file:
            yield file
        draft.replace(path)
    except OSError as error:
        why = error.strerror
        raise UsageError(
            Text(
                f"{path} lässt sich nicht schreiben ({why}).", f"{path} cannot be written ({why})."
            )
        ) from error
    finally:
        draft.unlink(missing_ok=True)


def write(frames: Iterable[pl.DataFrame], form: str, file: IO[bytes]) -> int:
    """Writes statements in one of FORMATS, frame by frame, and counts them.

    Raises UsageError where the format cannot say a statement, as RDF/XML some properties.
    """
    count = _Count()
    if form in _LINES:
        for frame in frames:
            count.number += frame.height
            write_lines(frame, file)
        return count.number
    try:
        serialize(count.statements(frames), file, _FORMATS[form])
    except ValueError as error:
        raise UsageError(
            Text(
                f"Das Format {form} kann das nicht ausdrücken ({error}); nehmen Sie ttl.",
                f"The format {form} cannot say this ({error}); take ttl.",
            )
        ) from error
    return count.number


class _Count:
    """Counts the statements that pass."""

    number = 0

    def statements(self, frames: Iterable[pl.DataFrame]) -> Iterator[Quad]:
        for frame in frames:
            self.number += frame.height
            yield from parse(encoded(frame), format=RdfFormat.N_TRIPLES)
