"""The verb `describe`, whose drafts convert as they are."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pyoxigraph import RdfFormat, parse

from loader import header
from loader.csvw import metadata
from loader.csvw.library import Library
from loader.csvw.schema import Datatype, Group
from loader.forms import blueprint, discovery, guess, sketch
from loader.forms.recognition import Recogniser
from loader.vocabulary import Vocabulary
from tests.conftest import stadtwissen

LISTS = Path(__file__).parents[3] / "shared" / "partner-data"
FILES = [p for p in sorted(LISTS.glob("**/*.*")) if p.suffix in {".csv", ".txt", ".xlsx"}]
TABLE = (
    "Liste der Projekte\n\n"
    "Kennung;Projekttitel;Bearbeitungsstand;Beginn;Gesamtkosten;Kürzel\n"
    "a;Äpfel;laufend;01.04.2022;1.234,50;x\n"
    "b;Birnen;laufend;2.5.2022;2.000,00;y\n"
)


@pytest.fixture(scope="module")
def recogniser(words: Vocabulary) -> Recogniser:
    return Recogniser(blueprint.bundled(words))


@pytest.fixture
def drafted(tmp_path: Path) -> Any:
    """Runs the verb on a table and gives the draft."""

    def run(text: str, encoding: str = "utf-8") -> dict[str, Any]:
        (tmp_path / "t.csv").write_bytes(text.encode(encoding))
        draft = tmp_path / "m.json"
        done = stadtwissen(
            "describe", str(tmp_path / "t.csv"), "--output", str(draft), home=tmp_path
        )
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        found: dict[str, Any] = json.loads(draft.read_text("utf-8"))
        return found

    return run


def test_a_draft_names_dialect_columns_and_datatypes(drafted: Any) -> None:
    (table,) = drafted(TABLE, "windows-1252")["tables"]
    assert table["dialect"]["encoding"] == "windows-1252"
    assert (table["dialect"]["delimiter"], table["dialect"]["skipRows"]) == (";", 2)
    columns = {c["name"]: c for c in table["tableSchema"]["columns"] if "titles" in c}
    assert list(columns) == ["key", "title", "status", "startDate", "totalCost", "kuerzel"]
    assert columns["startDate"]["datatype"] == {"base": "date", "format": "d.M.yyyy"}
    number = {"base": "decimal", "format": {"decimalChar": ",", "groupChar": "."}}
    assert columns["totalCost"]["datatype"] == number
    assert columns["totalCost"]["dc:description"][0]["@value"] == (
        "100 % von 2 gefüllten Zellen passen: decimal."
    )


def test_a_draft_asks_what_nobody_can_know(drafted: Any) -> None:
    draft = drafted(TABLE)
    questions = [n["rdfs:comment"][0]["@value"] for n in draft["tables"][0]["notes"]]
    assert "Jede Zeile gilt als „Projekt“. Stimmt das?" in questions
    assert any("„Quelle“ fehlt" in question for question in questions)
    assert any("F „Kürzel“" in question for question in questions)
    assert "dc:license" in draft["notes"][0]["rdfs:comment"][1]["@value"]


def test_a_draft_converts_as_it_is(drafted: Any, tmp_path: Path) -> None:
    drafted(TABLE, "iso-8859-15")
    done = stadtwissen(
        "convert", str(tmp_path / "t.csv"), "--metadata", str(tmp_path / "m.json"), home=tmp_path
    )
    assert done.returncode in {0, 1}
    project = "<https://w3id.org/stadtwissen/id/project/a>"
    assert f'{project} <http://purl.org/dc/terms/title> "Äpfel"@de' in done.stdout
    assert list(parse(done.stdout.encode(), format=RdfFormat.N_QUADS))


def test_a_table_of_something_else_is_drafted_cell_by_cell(drafted: Any, tmp_path: Path) -> None:
    drafted("Jahr;CO2\n1990;1,5\n1991;2,5\n")
    done = stadtwissen(
        "convert", str(tmp_path / "t.csv"), "--metadata", str(tmp_path / "m.json"),
        "--mode", "minimal", home=tmp_path,
    )  # fmt: skip
    assert (done.returncode, done.stdout.count("\n")) == (0, 4)
    assert '"2.5"^^<http://www.w3.org/2001/XMLSchema#decimal>' in done.stdout


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["01.04.2022", "12.5.2023"], Datatype("date", "d.M.yyyy")),
        (["12/31/2015", "1/2/2016"], Datatype("date", "M/d/yyyy")),
        (["2022-04-01"], Datatype("date", "yyyy-MM-dd")),
        (["2022", "1999"], Datatype("gYear")),
        (["1.234,50", "7,5"], Datatype("decimal", decimal_char=",", group_char=".")),
        (["4,156.00", "1,224,900.00"], Datatype("decimal", decimal_char=".", group_char=",")),
        (["12", "-3"], Datatype("integer")),
        (["Ja", "Nein"], Datatype("boolean", "Ja|Nein")),
        (["05315000", "08421000"], Datatype()),
        (["https://a.example/", "http://b.example/x"], Datatype("anyURI", r"https?://[^ ]+")),
        (["Ende 2022", "01.04.2022"], Datatype()),
        (["", " "], Datatype()),
    ],
)
def test_the_datatype_is_the_one_that_most_cells_fit(cells: list[str], expected: Datatype) -> None:
    assert guess.guess(pl.Series(cells)).datatype == expected


def test_dates_of_several_spellings_are_found_together() -> None:
    found = guess.guess(pl.Series(["01.04.2022"] * 3 + ["2022-04-01"] * 2))
    assert (found.datatype.format, [other.format for other in found.others]) == (
        "d.M.yyyy", ["yyyy-MM-dd"],
    )  # fmt: skip


def test_amounts_with_the_sign_of_the_euro_are_numbers() -> None:
    found = guess.guess(pl.Series(["1.950,00 €", "4,50", "EUR 7"]))
    assert (found.datatype.base, found.datatype.decimal_char, found.has_currency) == (
        "decimal", ",", True,
    )  # fmt: skip
    assert not guess.guess(pl.Series(["Euro", "eur"])).has_currency


def test_a_draft_reads_amounts_with_the_sign_of_the_euro(drafted: Any, tmp_path: Path) -> None:
    drafted("Ort;Summe\nUlm;1.950,00 €\nBonn;4,50 €\n")
    table, draft = tmp_path / "t.csv", tmp_path / "m.json"
    done = stadtwissen("convert", table, "--metadata", draft, "--format", "nt", home=tmp_path)
    assert '"1950.00"^^<http://www.w3.org/2001/XMLSchema#decimal>' in done.stdout


def test_numbers_that_can_be_read_in_two_ways_are_told() -> None:
    assert guess.guess(pl.Series(["50.000", "1.500"])).is_ambiguous
    assert not guess.guess(pl.Series(["50.000", "1.500,5"])).is_ambiguous


def test_a_file_that_is_not_there_or_empty_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "leer.csv").write_text("\n\n", "utf-8")
    for name, sentence in (("leer.csv", "ist leer"), ("fehlt.csv", "ist keine Datei")):
        done = stadtwissen("describe", str(tmp_path / name), home=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"{name} {sentence}" in done.stderr


@pytest.mark.skipif(not FILES, reason=f"no partner data at {LISTS}")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_real_file_is_drafted_so_that_its_draft_reads_and_fits(
    path: Path, recogniser: Recogniser
) -> None:
    draft = sketch.sketch(discovery.read(path, recogniser))
    group: Group = metadata.described(draft, path.as_uri(), Library())
    assert group.warnings == ()
    for table in metadata.by_item(group).tables:
        assert header.fitted(table)[1] == []
