"""Tables of a release: what they carry reads back as the same statements, the rest lies beside."""

import json
import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import polars as pl
import pytest
import shapely

from loader.dumps.form import TABLES
from loader.dumps.graph import of
from loader.dumps.lines import NTriples
from loader.dumps.shelf import Shelf
from loader.releases.release import Release
from tests.conftest import stadtwissen
from tests.loader.test_dumps import NASTY, XSD
from tests.sparql_api.conftest import RDF_TYPE, RDFS_LABEL, B, publish

G = f"{B}graph/probe"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
GEO = "http://www.opengis.net/ont/geosparql#"
TOWN, WORDS = f"{B}ontology/Municipality", f"{B}ontology/text"
# What a cell cannot say: values that are none or another one, ends of lines, very long texts.
ODD = ["abc", "1 as true", "1E0", ".500", "30 February", "byte order mark", "empty", "CR LF",
       "100 kB", "control characters"]  # fmt: skip
LONG = "Straße und Platz. " * 3_000


def town(number: int, *said: str) -> list[str]:
    """A town with its point and further statements, each predicate and object."""
    thing, point = f"<{B}id/municipality/{number}>", f"<{B}id/geometry/{number}>"
    where = f'"POINT ({7 + number} 51.5)"^^<{GEO}wktLiteral>'
    return [
        f"{thing} <{RDF_TYPE}> <{TOWN}> <{G}> .",
        f"{thing} <{RDF_TYPE}> <{B}ontology/AdministrativeArea> <{G}> .",
        f"{thing} <{GEO}hasCentroid> {point} <{G}> .",
        f"{point} <{GEO}asWKT> {where} <{G}> .",
        *(f"{thing} {each} <{G}> ." for each in said),
    ]


LINES = [
    *town(1, f'<{RDFS_LABEL}> "=1+1"', f'<{B}ontology/population> "1200"^^<{XSD}integer>',
          f'<{B}ontology/day> "2026-11-24"^^<{XSD}date>', f'<{B}ontology/note> "{LONG}"'),
    *town(2, f'<{RDFS_LABEL}> "eins"', f'<{RDFS_LABEL}> "zwei"', f'<{RDFS_LABEL}> "Grüß"@de-AT',
          f'<{B}ontology/population> "7"^^<{XSD}integer>', f"<{B}ontology/within> <{B}id/area/1>",
          f"<{B}ontology/within> <{B}id/area/2>"),
    *(f"<{B}id/thing/{i:02}> <{WORDS}> {literal} <{G}> ." for i, literal in enumerate(NASTY)),
    f"<{TOWN}> <{RDFS}subClassOf> <{B}ontology/AdministrativeArea> <{G}> .",
    f"_:c14n0 <{WORDS}> _:c14n1 <{G}> .",
    f'<{B}id/ort/Köln> <{RDFS_LABEL}> "Köln" <{G}> .',
]  # fmt: skip


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    release = publish(tmp_path_factory.mktemp("tables"), {G: LINES})
    made = Shelf.of(release)
    list(made.make(TABLES, "gzip"))
    return made


def path(shelf: Shelf, form: str) -> Path:
    return next(shelf.path(each) for each in shelf.dumps() if each.form == form)


def read_back(package: Path, folder: Path) -> tuple[set[str], set[str]]:
    """The statements that `convert` reads from the tables, and those that lie beside them."""
    with ZipFile(package) as files:
        files.extractall(folder)
    done = stadtwissen(
        *("convert", folder / "csv-metadata.json", "--mode", "minimal", "--format", "nt"),
        *("--output", folder / "back.nt"),
        home=folder,
    )
    assert done.returncode == 0, done.stderr
    return lines((folder / "back.nt").read_bytes()), lines((folder / "rest.nt").read_bytes())


def lines(data: bytes) -> set[str]:
    return {line for line in data.decode().split("\n") if line}


def said(release: Release) -> set[str]:
    return lines(b"".join(NTriples().pieces(of(release))))


def test_what_convert_reads_from_our_tables_is_what_they_were_made_from(
    shelf: Shelf, tmp_path: Path
) -> None:
    back, rest = read_back(path(shelf, "csv"), tmp_path)
    assert back | rest == said(shelf.release)
    assert not back & rest
    carried = ['"Grüß"@de-AT', '"colour"@EN-gb', '"A\u030angstro\u0308m"', '"=1+1"', '" am Rand "',
               f'"1.50"^^<{XSD}decimal>', f'"2026-11-24T24:00:00"^^<{XSD}dateTime>']  # fmt: skip
    assert all(any(f" {term} ." in line for line in back) for term in carried)
    assert sum(line.endswith(tuple(f" {term} ." for term in NASTY)) for line in rest) == len(ODD)


def test_all_that_the_sources_say_comes_back_from_the_tables(
    release: Release, tmp_path: Path
) -> None:
    made = Shelf(tmp_path / "dumps", release)
    list(made.make(["csv"], "gzip"))
    back, rest = read_back(path(made, "csv"), tmp_path)
    assert back | rest == said(release)
    assert all("_:" in line for line in rest if "/id/" in line.partition(" ")[0])


def test_the_workbook_has_the_texts_and_no_formula(shelf: Shelf) -> None:
    book = openpyxl.load_workbook(path(shelf, "xlsx"))
    rows = list(book["Municipality"].iter_rows())
    by_name = {cell.value: cell for cell in rows[0]}
    assert "label" in by_name
    first = {head.value: cell for head, cell in zip(rows[0], rows[1], strict=True)}
    assert (first["label"].value, first["label"].data_type) == ("=1+1", "s")
    assert first["population"].value == 1200
    assert first["day"].value.isoformat() == "2026-11-24T00:00:00"


def test_what_is_longer_than_a_cell_of_excel_is_cut_and_counted(shelf: Shelf) -> None:
    book = openpyxl.load_workbook(path(shelf, "xlsx"), read_only=True)
    texts = [str(cell) for row in book["Municipality"].values for cell in row if cell]
    assert max(map(len, texts)) == 32_767
    cut = {each.form: each.omitted for each in shelf.dumps()}
    assert cut["xlsx"] == 2  # this one, and the longest of the nasty ones
    assert cut["csv"] == cut["parquet"] == 0


def test_parquet_has_types_where_they_say_the_same(shelf: Shelf) -> None:
    with ZipFile(path(shelf, "parquet")) as files:
        frame = pl.read_parquet(BytesIO(files.read("Municipality.parquet")))
    assert frame.schema["population"] == pl.Int64
    assert frame.schema["day"] == pl.Date
    assert frame["label"].to_list() == [["=1+1"], ["eins", "zwei"]]
    assert frame["note"][0] == LONG


def test_geojson_has_a_feature_for_each_thing_that_lies_somewhere(shelf: Shelf) -> None:
    whole = json.loads(path(shelf, "geojson").read_text("utf-8"))
    features: list[dict[str, Any]] = whole["features"]
    assert [each["geometry"]["coordinates"] for each in features] == [[8, 51.5], [9, 51.5]]
    assert features[0]["id"] == f"{B}id/municipality/1"
    assert features[1]["properties"]["label"] == ["eins", "zwei"]


def test_the_geopackage_is_what_its_standard_says(shelf: Shelf) -> None:
    with closing(sqlite3.connect(path(shelf, "gpkg"))) as database:
        assert database.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        box = database.execute(
            "SELECT min_x, min_y, max_x, max_y, srs_id FROM gpkg_contents"
            " WHERE data_type = 'features'"
        ).fetchall()
        geometry, label = database.execute(
            'SELECT geom, label FROM "Municipality_map" ORDER BY fid'
        ).fetchone()
    assert box == [(8, 51.5, 9, 51.5, 4326)]
    assert geometry[:8] == b"GP\x00\x01\xe6\x10\x00\x00"
    assert shapely.from_wkb(geometry[8:]).wkt == "POINT (8 51.5)"
    assert label == "=1+1"


def test_the_same_tables_make_the_same_packages(shelf: Shelf, tmp_path: Path) -> None:
    again = Shelf(tmp_path, shelf.release)
    list(again.make(["csv", "parquet"], "gzip"))
    before = {each.form: each.sha256 for each in shelf.dumps()}
    assert all(each.sha256 == before[each.form] for each in again.dumps())
