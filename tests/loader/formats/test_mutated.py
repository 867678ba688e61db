"""Damaged files of every kind: always rows or an error with its name, never anything else."""

import random
import time
from contextlib import suppress
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest

from loader import header
from loader import table as tables
from loader.csvw import metadata
from loader.csvw.library import Library
from loader.errors import UsageError
from tests.loader.formats.conftest import Book

CASES = 60
PIECES = (b"<", b"&", b'"', b"\0", b"1e999", b"99999999", b"\xff\xfe", b"-1", b"<row>", b"</c>")


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Bytes changed, cut out, put in or doubled at a few places."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(max(len(made), 1))
        match chance.randint(0, 3):
            case 0:
                made[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del made[place : place + chance.randint(1, 40)]
            case 2:
                made[place:place] = chance.choice(PIECES)
            case _:
                made[place:place] = made[: chance.randint(1, 30)]
    return bytes(made)


def spoil(path: Path, chance: random.Random) -> None:
    """Changes one member of an archive, or the file itself."""
    if not is_zipfile(path) or chance.random() < 0.2:
        path.write_bytes(mutated(path.read_bytes(), chance))
        return
    with ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    chosen = chance.choice([name for name in members if name.endswith((".xml", ".rels"))])
    members[chosen] = mutated(members[chosen], chance)
    with ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


@pytest.mark.parametrize("kind", ["xlsx", "ods", "json", "geojson", "csv"])
def test_a_damaged_file_gives_rows_or_an_error_that_says_so(
    kind: str, xlsx: Book, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    whole = original(kind, xlsx, tmp_path, request)
    chance = random.Random(kind)
    path = tmp_path / f"spoilt.{kind}"
    for case in range(CASES):
        path.write_bytes(whole)
        spoil(path, chance)
        began = time.monotonic()
        with suppress(UsageError):
            (table,) = metadata.undescribed(path.as_uri(), Library()).tables
            for chunk in tables.chunks(header.fitted(table)[0]):
                assert chunk.frame.height, case
        assert time.monotonic() - began < 10, case


def original(kind: str, xlsx: Book, folder: Path, request: pytest.FixtureRequest) -> bytes:
    """A whole file of the kind."""
    point = '{"type":"Point","coordinates":[7,51]}'
    texts = {
        "json": '{"a":[{"id":1,"t":"x","g":[1,2]},{"id":2,"o":{"p":true}}]}',
        "geojson": f'{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":'
        f'{{"n":"x"}},"geometry":{point}}}]}}',
        "csv": 'Kennung;Titel;Beginn\na;"b";01.04.2022\nc;d;2022\n',
    }
    if kind in texts:
        return texts[kind].encode()
    if kind == "xlsx":
        return xlsx(["Titel", "Beginn"], ["A", 5], ["B", 2022.5]).read_bytes()
    cell = '<table:table-cell office:value-type="float" office:value="5"/>'
    row = f'<table:table-row table:number-rows-repeated="2">{cell * 3}</table:table-row>'
    sheet = f'<table:table table:name="A">{row * 4}</table:table>'
    made: Path = request.getfixturevalue("ods")(sheet)
    return made.read_bytes()
