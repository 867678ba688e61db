"""Broken deliveries: real files, damaged at random, become findings or RDF, never a traceback.

Each case is converted in this process as `stadtwissen convert` does it, and every line of the
output is parsed by pyoxigraph. FUZZ_CASES sets their number, FUZZ_SEED where chance begins.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from loader.csvw import metadata
from loader.csvw.library import Library
from loader.errors import LoaderError
from loader.locate import Locator
from loader.statement import encoded
from loader.translation import Translation
from loader.vocabulary import Vocabulary

ROOT = Path(__file__).parents[2]
PARTNERS = ROOT.parent / "shared" / "partner-data"
CASES = int(os.environ.get("FUZZ_CASES", "600"))
SEED = int(os.environ.get("FUZZ_SEED", "20261125"))
PATIENCE = 10.0
KILOBYTES = 6  # of each file: enough for every kind of row, and quick
SUFFIXES = {".csv", ".xlsx", ".ods", ".json", ".geojson", ".txt"}
LARGEST = 300_000

Damage = Callable[[bytes, random.Random], bytes]


def originals() -> list[Path]:
    """Our own tables, and the partners' where they are at hand."""
    own = sorted((ROOT / "data" / "sources").glob("*/*.csv"))
    partners = (p for p in sorted(PARTNERS.rglob("*")) if p.suffix.lower() in SUFFIXES)
    return [*own, *(p for p in partners if p.is_file())]


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def flipped(data: bytes, chance: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        if made:
            made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made)


def sown(data: bytes, chance: random.Random) -> bytes:
    """With signs put in that mean something to somebody."""
    signs = [b'"', b"'", b";", b",", b"\n", b"\r", b"\x00", b"\\", b"<", b">", b"\xff\xfe",
             b"\xef\xbb\xbf", b"#", b"{", b"}", b"%", "\u2028".encode(), b"\x1a",
             b'""']  # fmt: skip
    for _ in range(chance.randint(1, 10)):
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.choice(signs) * chance.choice((1, 1, 1, 30)) + data[at:]
    return data


def doubled(data: bytes, chance: random.Random) -> bytes:
    at, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:end] + data[at:end] * chance.randint(1, 5) + data[end:]


def recoded(data: bytes, chance: random.Random) -> bytes:
    encoding = chance.choice(("utf-16", "utf-8-sig", "cp850", "utf-32"))
    return data.decode("latin-1").encode(encoding, "replace")


DAMAGES: tuple[Damage, ...] = (cut, flipped, sown, doubled, recoded)


def cases() -> Iterator[tuple[Path, bytes]]:
    chance = random.Random(SEED)
    files = originals()
    contents = {path: path.read_bytes() for path in files if path.stat().st_size < LARGEST}
    for path in files:
        if path not in contents and path.suffix == ".csv":
            with path.open("rb") as file:
                contents[path] = file.read(KILOBYTES * 1024)
    paths = list(contents)
    for _ in range(CASES):
        path = chance.choice(paths)
        data = contents[path]
        if path.suffix == ".csv":
            data = data[: KILOBYTES * 1024]
        for damage in chance.choices(DAMAGES, k=chance.randint(1, 3)):
            data = damage(data, chance)
        yield path, data


def described(path: Path, place: Path, words: Vocabulary) -> Translation:
    """The damaged table with the description of the whole one, or with none."""
    library = Library()
    beside = path.parent / "metadata.json"
    if not beside.is_file():
        return Translation(Locator(library).group(place.as_uri()), words)
    group = metadata.by_item(metadata.read_address(beside.as_uri(), library))
    table = next(table for table in group.tables if table.path.name == path.name)
    alone = replace(table, path=place, foreign_keys=())
    return Translation(replace(group, tables=(alone,)), words, is_minimal=True)


def test_a_damaged_delivery_becomes_findings_or_rdf_in_time(
    tmp_path: Path, words: Vocabulary
) -> None:
    slow = []
    for number, (path, data) in enumerate(cases()):
        place = tmp_path / f"damaged{path.suffix}"
        place.write_bytes(data)
        began = time.process_time()
        try:
            for frame in described(path, place, words).statements():
                for _ in parse(encoded(frame), format=RdfFormat.N_TRIPLES):
                    pass
        except LoaderError:
            pass
        except Exception as error:
            kept = tmp_path / f"case{number}{path.suffix}"
            kept.write_bytes(data)
            pytest.fail(f"case {number}, {path.name}, kept as {kept}: {error!r}")
        seconds = time.process_time() - began
        if seconds > PATIENCE:
            slow.append((number, path.name, seconds))
    assert slow == []
