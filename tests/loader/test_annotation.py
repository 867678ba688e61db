"""What our annotations make of texts, from a table to its statements and findings."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from loader import source as sources
from loader.account import Account
from loader.convert import Conversion
from loader.csvw.annotation import Years
from loader.csvw.metadata import LOOKUP, STADT
from loader.errors import UnreadableMetadata
from loader.values import legal_form, part
from loader.vocabulary import Vocabulary
from tests.loader.conftest import Convert, objects, places

ID = {"name": "id", "suppressOutput": True}
EX = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
PLACE = "https://w3id.org/stadtwissen/id/"


def column(name: str = "x", **facts: object) -> dict[str, Any]:
    return {"name": name, "propertyUrl": EX + name, **facts}


def own(**annotations: object) -> dict[str, object]:
    return {STADT + name: value for name, value in annotations.items()}


def values(text: str, kind: str) -> str:
    return f'"{text}"^^<{XSD}{kind}>'


# Lists


@pytest.mark.parametrize("text", ["mobilitaet", "MOBILITÄT", "Mobilität ", "mobility"])
def test_a_label_is_found_however_it_is_spelt(convert: Convert, text: str) -> None:
    scheme = "https://w3id.org/stadtwissen/schemes/field-of-action"
    made = convert(f"id,x\n1,{text}\n", [ID, column(**{LOOKUP: scheme})])
    assert objects(made) == [f"<{scheme}/mobility>"]


# Places


def test_a_name_becomes_the_address_of_its_municipality(convert: Convert) -> None:
    made = convert("id,x\n1,Muenchen\n", [ID, column(**own(municipality={"by": "name"}))])
    assert objects(made) == [f"<{PLACE}municipality/09162000>"]


def test_a_district_is_no_municipality_but_a_place(convert: Convert) -> None:
    place = own(municipality={"by": "name"})
    made = convert('id,x\n1,"Bautzen, Landkreis"\n', [ID, column(**place)])
    assert objects(made) == [f"<{PLACE}district/14625>"]


def test_an_ambiguous_name_is_a_finding_with_its_candidates(convert: Convert) -> None:
    made = convert("id,x\n1,Neuenkirchen\n", [ID, column(**own(municipality={"by": "name"}))])
    assert places(made) == [("S-ORT-MEHRDEUTIG", "B2")]
    assert "Neuenkirchen (Kreis Steinfurt): 05566060" in made.findings[0].hint.de
    assert made.lines == []


def test_columns_beside_it_and_the_state_make_a_name_clear(convert: Convert) -> None:
    place = own(municipality={"by": "name", "state": "03", "district": "kreis"})
    made = convert(
        "id,x,kreis\n1,Neuenkirchen,Heidekreis\n", [ID, column(**place), {"name": "kreis"}]
    )
    assert objects(made) == [f"<{PLACE}municipality/03358017>"]
    assert made.findings == []


@pytest.mark.parametrize(
    ("key", "code", "suggestion"),
    [
        ("5315000", "S-AGS-FORM", "05315000"),
        ("14522450", "S-AGS-ALT", "14522275"),
        ("05999999", "S-AGS-FREMD", None),
    ],
)
def test_a_key_that_will_not_do_is_a_finding_that_says_which_one_does(
    convert: Convert, key: str, code: str, suggestion: str | None
) -> None:
    made = convert(f"id,x\n1,{key}\n", [ID, column(**own(municipality={"by": "key"}))])
    assert places(made) == [(code, "B2")]
    assert made.findings[0].suggestion == suggestion


def test_a_regional_key_means_its_municipality(convert: Convert) -> None:
    made = convert("id,x\n1,053150000000\n", [ID, column(**own(municipality={"by": "key"}))])
    assert objects(made) == [f"<{PLACE}municipality/05315000>"]


# Spellings

GERMAN, ENGLISH = {"decimalChar": ",", "groupChar": "."}, {"decimalChar": ".", "groupChar": ","}


@pytest.mark.parametrize(
    ("others", "expected"), [("1.000,50", "50000"), ("4,156.00", "50.000"), ("7", "50000")]
)
def test_the_column_decides_what_an_ambiguous_number_means(
    convert: Convert, others: str, expected: str
) -> None:
    numbers = column(datatype="decimal", **own(spellings=[GERMAN, ENGLISH]))
    made = convert(f'id,x\n1,50.000\n2,"{others}"\n', [ID, numbers])
    assert objects(made)[0] == values(expected, "decimal")
    assert "S-ZAHL-MEHRDEUTIG" in [finding.code for finding in made.findings]


def test_a_currency_sign_is_no_part_of_a_number(convert: Convert) -> None:
    numbers = column(datatype="decimal", **own(spellings=[GERMAN]))
    made = convert('id,x\n1,"1.950,00 €"\n2,EUR 3\n', [ID, numbers])
    assert objects(made) == [values("1950.00", "decimal"), values("3", "decimal")]
    assert [finding.code for finding in made.findings] == ["U-ZAHL"]


@pytest.mark.parametrize("text", ["296.654,40,00 €", "ca. 1,2 Mio. €", "1.23.456"])
def test_what_no_spelling_reads_is_a_finding(convert: Convert, text: str) -> None:
    numbers = column(datatype="decimal", **own(spellings=[GERMAN, ENGLISH]))
    made = convert(f'id,x\n1,"{text}"\n', [ID, numbers])
    assert places(made) == [("S-ZAHL", "B2")]
    assert made.findings[0].value == text


def test_the_column_decides_which_comes_first_day_or_month(convert: Convert) -> None:
    dates = column(datatype="date", **own(spellings=["d/M/yyyy", "M/d/yyyy", "dd.MM.yyyy"]))
    made = convert("id,x\n1,04/05/2015\n2,12/17/2015\n3,31.12.2015\n", [ID, dates])
    assert objects(made) == [
        values(day, "date") for day in ("2015-04-05", "2015-12-17", "2015-12-31")
    ]
    assert sorted(finding.code for finding in made.findings) == ["S-DATUM-MEHRDEUTIG", "U-DATUM"]


# Parts and years


def test_a_cell_is_split_and_the_piece_reads_as_a_column_of_its_own(convert: Convert) -> None:
    piece = own(part={"of": "x", "pattern": "^([0-9]{5}) "})
    postcode = column("plz", virtual=True, **piece)
    made = convert("id,x\n1,24103 Kiel\n2,Ulm\n", [ID, {"name": "x"}, postcode])
    assert objects(made) == ['"24103"']


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2014", ["2014", "2014", "2014"]),
        ("2010, 2012,\n2014", ["2010", "2014", "2010,2012,2014"]),
        ("2019–2022", ["2019", "2022", "2019,2020,2021,2022"]),
        ("2019 bis 21", ["2019", "2021", "2019,2020,2021"]),
        ("2011 und 2013", ["2011", "2013", "2011,2013"]),
        ("etwa 2014", ["etwa 2014"] * 3),
        ("2022-2019", ["2022-2019"] * 3),
        ("20145", ["20145"] * 3),
        ("", [None] * 3),
    ],
)
def test_years_are_taken_from_lists_and_spans(text: str, expected: list[str | None]) -> None:
    takes = ("first", "last", "all")
    assert [part.years(pl.Series([text]), Years("x", take))[0] for take in takes] == expected  # type: ignore[arg-type]


def test_what_is_no_list_of_years_is_a_finding_where_it_stands(convert: Convert) -> None:
    year = column("y", virtual=True, datatype="gYear", **own(years={"of": "x", "take": "first"}))
    made = convert("id,x\n1,demnächst\n", [ID, {"name": "x"}, year])
    assert places(made) == [("S-DATUM", "B2")]


# Conditions


def test_a_class_is_given_by_what_another_column_says(convert: Convert) -> None:
    kinds = [
        {"name": name, "virtual": True, "propertyUrl": "rdf:type", "valueUrl": EX + name}
        | own(condition={"column": "x", "values": [text]})
        for name, text in (("Town", "Stadt"), ("District", "Kreis"))
    ]
    made = convert("id,x\n1,Stadt\n2,Kreis\n3,Land\n", [ID, {"name": "x"}, *kinds])
    assert objects(made) == [f"<{EX}Town>", f"<{EX}District>"]


def test_a_value_is_left_out_where_its_condition_does_not_hold(convert: Convert) -> None:
    asked = own(condition={"column": "y", "pattern": "^ja", "not": True})
    made = convert("id,x,y\n1,a,ja\n2,b,nein\n3,c,\n", [ID, column(**asked), {"name": "y"}])
    assert objects(made) == ['"b"', '"c"']


# Persons


def test_rows_of_natural_persons_are_left_out_and_counted(convert: Convert) -> None:
    rows = "1,Muster GmbH\n2,Erika Mustermann\n3,Stadt Musterstadt\n4,Muster e. K.\n"
    made = convert("id,x\n" + rows, [ID, column()], **own(persons={"column": "x"}))
    assert objects(made) == ['"Muster GmbH"', '"Stadt Musterstadt"']
    assert [finding.code for finding in made.findings] == ["P-AUSGELASSEN"]
    assert "in 2 von 4 Zeilen" in made.findings[0].message.de


def test_an_organisation_is_told_by_its_form_and_not_by_its_owner() -> None:
    organisations = [
        "Muster GmbH",
        "MusterGmbH & Co. KG",
        "Muster e. V.",
        "Albert-Muster-Universität",
        "Landeshauptstadt Musterstadt",
        "Kath. Kirchengemeinde St. Andreas",
    ]
    others = [
        "Muster & Partner GbR",
        "Muster, Inh. Erika Muster",
        "Weiterbildungsinstitut Thomas Muster",
        "Muster, Thomas Institut für Beispiele",
        "Thomas Muster Land- und Gartentechnik",
        "Muster und Muster Grundstücksgesellschaft bR",
        "",
    ]
    found = legal_form.is_organisation(pl.Series([*organisations, *others]))
    assert found.to_list() == [True] * len(organisations) + [False] * len(others)


def test_only_the_name_of_a_person_is_left_out_where_that_is_asked(convert: Convert) -> None:
    asked = own(persons={"column": "x", "leaveOut": "value"})
    made = convert("id,x,y\n1,Erika Mustermann,a\n", [ID, column(), column("y")], **asked)
    assert objects(made) == ['"a"']


# Corrections

HEAD = "table,row,column,found,corrected,reason\n"


def corrected(convert: Convert, corrections: str, text: str) -> Any:
    tables = [{"url": "t.csv", "tableSchema": {"aboutUrl": EX + "{id}", "columns": [ID, column()]}}]
    files = {"t.csv": text, "corrections.csv": HEAD + corrections}
    return convert.tables(files, tables)  # type: ignore[attr-defined]


def test_a_cell_is_corrected_and_the_reason_is_told(convert: Convert) -> None:
    made = corrected(convert, "t.csv,3,x,Kölnn,Köln,Tippfehler\n", "id,x\n1,Kölnn\n2,Kölnn\n")
    assert objects(made) == ['"Kölnn"', '"Köln"']
    assert places(made) == [("U-KORREKTUR", "B3")]
    assert "Tippfehler" in made.findings[0].hint.de


def test_a_correction_without_a_row_holds_for_every_such_cell(convert: Convert) -> None:
    made = corrected(convert, "t.csv,,x,Kölnn,Köln,Tippfehler\n", "id,x\n1,Kölnn\n2,Kölnn\n")
    assert objects(made) == ['"Köln"', '"Köln"']


def test_the_account_of_a_build_tells_each_correction(
    convert: Convert, words: Vocabulary, tmp_path: Path
) -> None:
    corrected(convert, "t.csv,3,x,Kölnn,Köln,Tippfehler\n", "id,x\n1,a\n2,Kölnn\n")
    (source,) = sources.find(tmp_path / "quelle")
    conversion = Conversion(source, words, lambda _: None)
    assert list(conversion.statements())
    told = Account("2026", datetime.now(UTC), [conversion]).lines({})
    about = [line for line in told if line.startswith(f"<{PLACE}correction/quelle-t.csv-2>")]
    assert any('"t.csv, 3, x: Kölnn → Köln"' in line for line in about)
    assert any('"Tippfehler"' in line for line in about)


@pytest.mark.parametrize("where", ["2", ""])
def test_a_correction_that_no_longer_fits_is_an_error(convert: Convert, where: str) -> None:
    made = corrected(convert, f"t.csv,{where},x,Kölnn,Köln,Tippfehler\n", "id,x\n1,Bonn\n")
    assert objects(made) == ['"Bonn"']
    assert [finding.code for finding in made.findings] == ["E-KORREKTUR"]
    assert "Zeile 2" in made.findings[0].message.de


@pytest.mark.parametrize("line", ["t.csv,2,y,a,b,c\n", "t.csv,zwei,x,a,b,c\n", "t.csv,2,x,a,b,\n"])
def test_a_correction_that_cannot_be_followed_is_refused(convert: Convert, line: str) -> None:
    with pytest.raises(UnreadableMetadata, match="2"):
        corrected(convert, line, "id,x\n1,a\n")


# Wrong annotations


@pytest.mark.parametrize(
    "wrong",
    [
        {"municipality": {"by": "guess"}},
        {"municipality": "name"},
        {"municipality": {"by": "name", "district": "y"}},
        {"part": {"of": "id", "pattern": "no group"}},
        {"part": {"of": "id", "pattern": "(a)(?=b)"}},
        {"part": {"of": "id", "pattern": "(a"}},
        {"condition": {"column": "id", "pattern": 1}},
        {"years": {"of": "id", "take": "some"}},
        {"spellings": ["dd.MM.yyyy"]},
        {"spellings": "dd.MM.yyyy"},
        {"condition": {"values": ["a"]}},
        {"condition": {"column": "id", "value": "a"}},
    ],
)
def test_an_annotation_that_means_nothing_is_refused(convert: Convert, wrong: Any) -> None:
    with pytest.raises(UnreadableMetadata):
        convert("id,x\n1,a\n", [ID, column(**own(**wrong))])


def test_other_readers_pass_the_annotations_by(convert: Convert, tmp_path: Path) -> None:
    """Whatever we say more stands under full addresses of ours, as the standard asks."""
    convert("id,x\n1,Ulm\n", [ID, column(**own(municipality={"by": "name"}))])
    (document,) = tmp_path.rglob("metadata.json")
    described = json.loads(document.read_text("utf-8"))["tables"][0]["tableSchema"]["columns"][1]
    assert [name for name in described if ":" in name] == [STADT + "municipality"]


# Keys and line breaks


def test_a_key_is_made_of_a_name(convert: Convert) -> None:
    key = {"name": "k", "virtual": True, "propertyUrl": EX + "k", "valueUrl": EX + "{k}"}
    made = convert("id,x\n1,Müller & Söhne GmbH\n2,…\n", [ID, {"name": "x"}, key | own(keyOf="x")])
    assert objects(made) == [f"<{EX}mueller-soehne-gmbh>"]


def test_two_long_names_that_begin_alike_have_different_keys() -> None:
    names = pl.Series(["a" * 100 + "b", "a" * 100 + "c"])
    assert part.keys(names).n_unique() == 2
    assert part.keys(names).str.len_chars().max() <= 80


def test_words_that_the_paper_parted_are_whole_again(convert: Convert) -> None:
    text = 'id,x\n1,"Breitband-\nzweckverband\nder Ämter"\n2,"Hans-\nSachs-Schule"\n'
    made = convert(text, [ID, column(**own(unbroken=True))])
    assert objects(made) == ['"Breitbandzweckverband der Ämter"', '"Hans- Sachs-Schule"']


# Rows and words of a source


def test_rows_that_are_no_records_are_counted_and_left_out(convert: Convert) -> None:
    asked = own(records={"column": "id", "pattern": "^[0-9]+$"})
    made = convert("id,x\n1,a\nSumme,9\n", [ID, column()], **asked)
    assert objects(made) == ['"a"']
    assert [finding.code for finding in made.findings] == ["T-ZEILEN"]
    assert "in 1 von 2 Zeilen" in made.findings[0].message.de


def test_the_words_of_a_source_are_read_as_the_entries_they_mean(convert: Convert) -> None:
    scheme = "https://w3id.org/stadtwissen/schemes/measure-status"
    words = own(synonyms={"#01873B": "finished", "Dead": "cancelled"})
    made = convert("id,x\n1,#01873B\n2,Dead\n3,läuft\n", [ID, column(**{LOOKUP: scheme}, **words)])
    assert objects(made) == [f"<{scheme}/{key}>" for key in ("finished", "cancelled", "running")]


def test_rows_that_are_left_out_count_as_delivered(convert: Convert) -> None:
    """Else a list that names more persons than before would seem to shrink."""
    rows = "1,Muster GmbH\n2,Erika Mustermann\n"
    made = convert("id,x\n" + rows, [ID, column()], **own(persons={"column": "x"}))
    assert list(made.rows.values()) == [2]


def test_many_unknown_places_are_counted_and_the_first_are_named(convert: Convert) -> None:
    rows = "".join(f"{n},Nirgendwo {n % 7}\n" for n in range(3000))
    made = convert("id,x\n" + rows, [ID, column(**own(municipality={"by": "name"}))])
    assert sum(finding.times for finding in made.findings) == 3000
    assert len(made.findings) <= 1001


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    ["2019–2022", "1.234,56", "31.12.2015", "Frankfurt", "05315000", "Müller GmbH, ß", "\x00"]
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(TEXTS, min_size=1, max_size=6))
def test_whatever_cells_hold_is_a_statement_or_a_finding(
    convert: Convert, texts: list[str]
) -> None:
    """All annotations at once over hostile cells: never an exception, always RDF that parses."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["id", "a", "b", "c", "d", "e"])
    writer.writerows([n, *[text] * 5] for n, text in enumerate(texts))
    columns = [
        ID,
        column("a", **own(municipality={"by": "name", "district": "b", "postcode": "c"})),
        column("b", **own(municipality={"by": "key"}, unbroken=True)),
        column("c", datatype="decimal", **own(spellings=[GERMAN, ENGLISH])),
        column("d", datatype="date", **own(spellings=["dd.MM.yyyy", "M/d/yyyy"])),
        column(
            "e", **own(municipality={"by": "postcode"}, condition={"column": "a", "pattern": "x"})
        ),
        column("f", virtual=True, datatype="gYear", **own(years={"of": "a", "take": "last"})),
        {
            "name": "g",
            "virtual": True,
            "propertyUrl": EX + "g",
            "valueUrl": EX + "{g}",
            **own(keyOf="a"),
        },
        column("h", virtual=True, **own(part={"of": "a", "pattern": r"^(\w+)"})),
    ]
    made = convert(stream.getvalue(), columns, **own(persons={"column": "d", "leaveOut": "value"}))
    assert sum(1 for _ in parse("\n".join(made.lines), format=RdfFormat.N_QUADS)) == len(made.lines)
