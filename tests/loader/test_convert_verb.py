"""The verb `convert`, as a stranger meets it."""

import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Dataset, RdfFormat, parse

from tests.conftest import stadtwissen

EX = "http://example.org/"
COLUMNS = [
    {"name": "nr", "titles": "Nr", "suppressOutput": True},
    {"name": "x", "titles": "X", "propertyUrl": EX + "x", "datatype": "integer"},
]
FORMATS = {
    "nq": RdfFormat.N_QUADS,
    "nt": RdfFormat.N_TRIPLES,
    "ttl": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "t.csv"
    path.write_text("Nr,X\n1,5\n2,6\n", "utf-8")
    return path


def describe(path: Path, **members: Any) -> Path:
    schema = {"aboutUrl": EX + "{nr}", "columns": COLUMNS}
    whole = {"@context": "http://www.w3.org/ns/csvw", "url": "t.csv", "tableSchema": schema}
    path.write_text(json.dumps(whole | members), "utf-8")
    return path


def test_a_table_becomes_statements_on_stdout(table: Path) -> None:
    metadata = describe(table.with_name("m.json"))
    done = stadtwissen(
        "convert", str(table), "--metadata", str(metadata), "--mode", "minimal", home=table.parent
    )
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    assert (done.returncode, done.stdout) == (
        0,
        f'<{EX}1> <{EX}x> "5"^^<{integer}> .\n<{EX}2> <{EX}x> "6"^^<{integer}> .\n',
    )


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_the_same(table: Path, form: str) -> None:
    describe(table.with_name("t.csv-metadata.json"))
    made = table.with_name("out")
    done = stadtwissen(
        "convert", str(table), "--format", form, "--output", str(made), home=table.parent
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert len(Dataset(parse(path=made, format=FORMATS[form]))) == 16


def test_a_cell_that_cannot_be_read_stays_a_text_and_is_told(table: Path) -> None:
    table.write_text("Nr,X\n1,viele\n", "utf-8")
    describe(table.with_name("t.csv-metadata.json"))
    done = stadtwissen("convert", str(table), "--mode", "minimal", home=table.parent)
    assert (done.returncode, done.stdout) == (1, f'<{EX}1> <{EX}x> "viele" .\n')
    assert "viele" in done.stderr


def test_a_description_that_names_another_table_is_wrong_usage(table: Path) -> None:
    metadata = describe(table.with_name("m.json"), url="other.csv")
    table.with_name("other.csv").write_text("Nr,X\n", "utf-8")
    made = table.with_name("out.nq")
    done = stadtwissen(
        "convert", str(table), "--metadata", str(metadata), "--output", str(made),
        home=table.parent,
    )  # fmt: skip
    assert (done.returncode, made.exists()) == (2, False)
    assert "t.csv" in done.stderr


@pytest.mark.parametrize("text", ["{", "[]", '{"@context": "http://example.org/"}', '"x"'])
def test_metadata_that_is_none_is_wrong_usage_not_a_traceback(table: Path, text: str) -> None:
    metadata = table.with_name("m.json")
    metadata.write_text(text, "utf-8")
    done = stadtwissen("convert", str(table), "--metadata", str(metadata), home=table.parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_a_json_file_is_a_table_or_its_description(table: Path) -> None:
    data = table.with_name("t.json")
    data.write_text('[{"Nr": 1, "X": 5}]', "utf-8")
    metadata = describe(table.with_name("m.json"), url="t.json")
    for arguments, lines in (([data], 2), ([data, "--metadata", metadata], 1), ([metadata], 1)):
        given = [str(argument) for argument in arguments]
        done = stadtwissen("convert", *given, "--mode", "minimal", home=table.parent)
        assert (done.returncode, done.stdout.count("\n")) == (0, lines)
