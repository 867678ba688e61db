"""Tables that come without a description, and what they are taken for."""

from pathlib import Path
from typing import Any

import pytest

from loader import bundle, header
from loader.finding import Finding
from loader.forms import appearance, blueprint, discovery
from loader.forms.discovery import Discovery
from loader.forms.recognition import Recogniser
from loader.shacl import shape
from loader.source import Source
from loader.vocabulary import Vocabulary
from tests.loader.conftest import converted

LISTS = Path(__file__).parents[3] / "shared" / "partner-data"
HEADER = "Kennung;Titel;Bearbeitungsstand;Beginn;Stand der Angabe;Quelle\n"
ROW = "radwege;Kluge Radwege;laufend;2022;2024-06-30;https://musterstadt.example/\n"


@pytest.fixture(scope="session")
def recogniser(words: Vocabulary) -> Recogniser:
    return Recogniser(blueprint.forms(shape.read(bundle.shapes()), words))


@pytest.fixture
def read(tmp_path: Path, recogniser: Recogniser) -> Any:
    def run(text: str, encoding: str = "utf-8", name: str = "liste.csv") -> Discovery:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return discovery.read(path, recogniser)

    return run


def fields(found: Discovery) -> list[str | None]:
    return [heading.field and heading.field.name for heading in found.sheets[0].headings]


def sentences(findings: list[Finding]) -> list[str]:
    return [finding.sentence().de for finding in findings]


def test_labels_of_the_ontology_name_the_columns(read: Any) -> None:
    found = read(HEADER + ROW)
    assert fields(found) == ["key", "title", "status", "startDate", "dateOfStatement", "source"]
    assert found.sheets[0].recognised.form.label.de == "Projekt"
    assert found.findings == []


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("PROJEKTTITEL", "title"),
        ("project title", "title"),
        ("2. Bezeichnung des Vorhabens", "title"),
        ("Bezeichnung des Vorhabens/operation name", "title"),
        ("Projekt-beginn", "startDate"),
        ("Gesamtkosten in €", "totalCost"),
        ("Gemeindeschluessel (AGS)", "spatial"),
        ("Datum des \nBeginns des \nVorhabens", "startDate"),
        ("Handlungsfeld *", "fieldOfAction"),
    ],
)
def test_synonyms_transliterations_and_other_dress_name_them_too(
    recogniser: Recogniser, title: str, name: str
) -> None:
    titles = [("Kennung",), ("Bearbeitungsstand",), (title,), ("Webseite",)]
    matches = recogniser.recognise(titles, ["Projekt"]).matches
    assert (matches[2].field and matches[2].field.name, matches[2].is_taken) == (name, True)


def test_a_header_that_only_looks_like_a_field_is_asked_for_and_not_taken(read: Any) -> None:
    found = read(HEADER.replace("Bearbeitungsstand", "Bearbeitungstsand ab") + ROW)
    assert fields(found)[2] is None
    (finding,) = found.findings
    assert (finding.code, finding.place.column) == ("T-SPALTE-FEHLT", "C")
    assert "Bearbeitungsstand" in finding.message.de
    assert "Bearbeitungstsand ab" in finding.hint.de


def test_columns_that_nobody_knows_are_said(read: Any) -> None:
    found = read(HEADER.strip() + ";Kürzel der Akte\n" + ROW.strip() + ";x\n")
    assert sentences(found.findings) == [
        "Spalte G „Kürzel der Akte“: Die Spalte „Kürzel der Akte“ kennen wir nicht; "
        "wir haben sie nicht übernommen."
    ]


def test_a_table_of_something_else_is_taken_for_nothing(read: Any) -> None:
    found = read("year,category,co2\n1990,Verkehr,5\n1991,Verkehr,6\n")
    assert found.sheets[0].recognised is None
    assert found.group is None


def test_a_recognised_table_converts_without_a_description(read: Any, words: Vocabulary) -> None:
    found = read("Stadt Musterstadt\n\n" + HEADER + ROW)
    (table,) = found.group.tables
    assert header.fitted(table)[1] == []
    made = converted(Source(found.name, found.path.parent, found.group, ""), words)
    assert made.findings == []
    project = "<https://w3id.org/stadtwissen/id/project/radwege>"
    assert f'{project} <http://purl.org/dc/terms/title> "Kluge Radwege"@de' in "\n".join(made.lines)


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("windows-1252", "windows-1252"),
        ("iso-8859-15", "iso-8859-15"),
        ("cp850", "cp850"),
    ],
)
def test_the_encoding_is_the_one_in_which_umlauts_are_right(
    tmp_path: Path, encoding: str, name: str
) -> None:
    path = tmp_path / "t.csv"
    euro = "" if encoding == "cp850" else " 5 €"
    path.write_bytes(f"Straße;Größe\nMüllerstraße;groß{euro}\n".encode(encoding))
    assert appearance.encoding_of(path) == name


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_the_one_that_makes_even_rows(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "t.csv"
    rows = [["Name", "Wert"], ["a, b; c", "1,5"], ["d", "2,5"], ["e|f", "3,5"]]
    path.write_text("".join(delimiter.join(f'"{c}"' for c in row) + "\n" for row in rows), "utf-8")
    found = appearance.dialect(path)
    assert (found.delimiter, found.quote_char) == (delimiter, '"')


def test_rows_above_the_header_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Bericht\n\nName;Wert;Ort\na;1;b\nc;2;d\n", "utf-8")
    found = appearance.dialect(path)
    assert found.skip_rows == 2


@pytest.mark.skipif(not LISTS.is_dir(), reason=f"no partner data at {LISTS}")
@pytest.mark.parametrize(
    "path", [p for p in sorted(LISTS.glob("esif/**/*2014-2020/*.*")) if p.suffix != ".yaml"],
    ids=lambda path: path.name,
)  # fmt: skip
def test_real_lists_of_projects_are_taken_for_projects(path: Path, recogniser: Recogniser) -> None:
    found = discovery.read(path, recogniser)
    assert found.sheets[0].recognised
    assert found.sheets[0].recognised.form.kind == "project"
    assert "title" in fields(found)
