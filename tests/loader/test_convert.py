"""From a table's text to statements."""

import pytest

from loader.csvw.metadata import IGNORED, LOOKUP, STADT
from tests.loader.conftest import GRAPH, Convert, objects, places

ID = {"name": "id", "suppressOutput": True}
XSD = "http://www.w3.org/2001/XMLSchema#"
EX = "http://example.org/"


def column(**facts: object) -> dict[str, object]:
    return {"name": "x", "propertyUrl": EX + "p", **facts}


def test_a_cell_becomes_one_statement_in_the_source_s_graph(convert: Convert) -> None:
    made = convert("id,x\n1,Köln\n", [ID, column()])
    assert made.lines == [f'<{EX}1> <{EX}p> "Köln" <{GRAPH}> .']


@pytest.mark.parametrize(
    ("cell", "datatype", "expected"),
    [
        ("1.50", "decimal", f'"1.50"^^<{XSD}decimal>'),
        ("007", "nonNegativeInteger", f'"007"^^<{XSD}nonNegativeInteger>'),
        ("1.234.567,89", {"base": "decimal", "format": {"decimalChar": ",", "groupChar": "."}},
         f'"1234567.89"^^<{XSD}decimal>'),
        ("01.04.2022", {"base": "date", "format": "dd.MM.yyyy"}, f'"2022-04-01"^^<{XSD}date>'),
        ("1.4.2022", {"base": "date", "format": "d.M.yyyy"}, f'"2022-04-01"^^<{XSD}date>'),
        ("ja", {"base": "boolean", "format": "ja|nein"}, f'"true"^^<{XSD}boolean>'),
        ("2022", STADT + "partialDate", f'"2022"^^<{XSD}gYear>'),
        ("2022-04", STADT + "partialDate", f'"2022-04"^^<{XSD}gYearMonth>'),
        ("2022-04-01", STADT + "partialDate", f'"2022-04-01"^^<{XSD}date>'),
    ],
)  # fmt: skip
def test_a_cell_is_read_by_its_datatype(
    convert: Convert, cell: str, datatype: object, expected: str
) -> None:
    made = convert(f'id,x\n1,"{cell}"\n', [ID, column(datatype=datatype)])
    assert (objects(made), made.findings) == ([expected], [])


@pytest.mark.parametrize(
    ("cell", "datatype", "code"),
    [
        ("Ende 2023", {"base": "date", "format": "dd.MM.yyyy"}, "S-DATUM"),
        ("31.02.2023", {"base": "date", "format": "dd.MM.yyyy"}, "S-DATUM"),
        ("2023-13", STADT + "partialDate", "S-DATUM-TEIL"),
        ("ca. 1,2 Mio.", "decimal", "S-ZAHL"),
        ("1.5", {"base": "decimal", "format": {"decimalChar": ","}}, "S-ZAHL"),
        ("-3", "nonNegativeInteger", "S-ZAHL"),
        ("12", {"base": "integer", "maximum": "10"}, "S-ZAHL"),
        ("5315000", {"base": "string", "format": "[0-9]{8}"}, "S-FORM"),
    ],
)
def test_a_cell_that_cannot_be_read_is_a_finding_at_its_place(
    convert: Convert, cell: str, datatype: object, code: str
) -> None:
    made = convert(f'id,x\n1,\n2,"{cell}"\n', [ID, column(datatype=datatype)])
    assert (objects(made), places(made)) == ([], [(code, "B3")])
    assert made.findings[0].value == cell
    assert cell in made.findings[0].message.de
    assert cell in made.findings[0].message.en or code == "S-ZAHL"


def test_an_empty_cell_makes_no_statement(convert: Convert) -> None:
    assert convert("id,x\n1,\n2,a\n", [ID, column()]).lines == [f'<{EX}2> <{EX}p> "a" <{GRAPH}> .']


def test_a_null_token_makes_no_statement(convert: Convert) -> None:
    assert objects(convert("id,x\n1,-\n2,a\n", [ID, column(null=["-", ""])])) == ['"a"']


def test_a_separator_makes_one_statement_an_item(convert: Convert) -> None:
    made = convert("id,x\n1,a; b ;\n", [ID, column(separator=";")])
    assert objects(made) == ['"a"', '"b"']


def test_a_language_tags_the_text(convert: Convert) -> None:
    assert objects(convert("id,x\n1,a\n", [ID, column(lang="de-AT")])) == ['"a"@de-AT']


def test_quotes_backslashes_and_line_breaks_are_escaped(convert: Convert) -> None:
    made = convert('id,x\n1,"a ""b"" \\ c\nd"\n', [ID, column()])
    assert objects(made) == ['"a \\"b\\" \\\\ c\\nd"']


def test_an_address_is_percent_encoded_from_its_column(convert: Convert) -> None:
    made = convert("id,x\n1,Bad Ems/Süd\n", [ID, column(valueUrl=EX + "{x}")])
    assert objects(made) == [f"<{EX}Bad%20Ems%2FS%C3%BCd>"]


def test_a_web_address_stays_as_it_is(convert: Convert) -> None:
    made = convert("id,x\n1,https://a.de/?q=1&b=%20#c\n", [ID, column(valueUrl="{+x}")])
    assert objects(made) == ["<https://a.de/?q=1&b=%20#c>"]


@pytest.mark.parametrize("cell", ["www.koeln.de", "https://a b", "http://<x>"])
def test_a_broken_web_address_is_a_finding(convert: Convert, cell: str) -> None:
    made = convert(f"id,x\n1,{cell}\n", [ID, column(valueUrl="{+x}")])
    assert (made.lines, places(made)) == ([], [("S-ADRESSE", "B2")])


def test_an_address_with_an_empty_part_makes_no_statement(convert: Convert) -> None:
    virtual = {"name": "v", "virtual": True, "propertyUrl": EX + "v", "valueUrl": EX + "of/{x}"}
    made = convert("id,x\n1,\n2,a\n", [ID, {"name": "x"}, virtual])
    assert objects(made) == [f"<{EX}of/a>"]


def test_a_virtual_column_says_its_default_of_every_row(convert: Convert) -> None:
    virtual = {"name": "v", "virtual": True, "propertyUrl": EX + "v", "default": "2026-11-24",
               "datatype": "date"}  # fmt: skip
    made = convert("id\n1\n2\n", [ID, virtual])
    assert objects(made) == [f'"2026-11-24"^^<{XSD}date>'] * 2


def test_a_label_becomes_the_concept_of_its_list(convert: Convert) -> None:
    scheme = "https://w3id.org/stadtwissen/schemes/field-of-action"
    made = convert("id,x\n1,Mobilität\n", [ID, column(**{LOOKUP: scheme})])
    assert objects(made) == [f"<{scheme}/mobility>"]


def test_a_label_that_is_in_no_list_is_a_finding_with_the_nearest_one(convert: Convert) -> None:
    scheme = "https://w3id.org/stadtwissen/schemes/field-of-action"
    made = convert("id,x\n1,Mobilitet\n", [ID, column(**{LOOKUP: scheme})])
    assert places(made) == [("S-LISTE", "B2")]
    assert "Mobilität" in made.findings[0].hint.de


def test_a_class_brings_its_superclasses(convert: Convert) -> None:
    kind = {
        "name": "t",
        "virtual": True,
        "propertyUrl": "rdf:type",
        "valueUrl": STADT + "ModelProject",
    }
    assert objects(convert("id\n1\n", [ID, kind])) == [
        f"<{STADT}ModelProject>",
        f"<{STADT}Project>",
    ]


def test_a_property_brings_its_inverse(convert: Convert) -> None:
    made = convert(
        "id,x\n1,2\n", [ID, column(propertyUrl=STADT + "measureOf", valueUrl=EX + "{x}")]
    )
    assert f"<{EX}2> <{STADT}hasMeasure> <{EX}1> <{GRAPH}> ." in made.lines


def test_a_title_is_a_label_too(convert: Convert) -> None:
    made = convert("id,x\n1,A\n", [ID, column(propertyUrl="dc:title", lang="de")])
    assert f'<{EX}1> <http://www.w3.org/2000/01/rdf-schema#label> "A"@de <{GRAPH}> .' in made.lines


def test_a_missing_value_of_a_required_column_is_a_finding(convert: Convert) -> None:
    made = convert("id,x\n1,a\n2,\n", [ID, column(required=True)])
    assert places(made) == [("S-PFLICHT", "B3")]


def test_a_missing_column_is_one_finding_not_one_a_row(convert: Convert) -> None:
    made = convert("id,y\n1,a\n2,b\n", [ID, column(name="x", titles="AGS")])
    assert [f.code for f in made.findings] == ["T-SPALTE-FEHLT"]
    assert "AGS" in made.findings[0].message.de


def test_a_column_that_goes_nowhere_is_reported(convert: Convert) -> None:
    made = convert("id,x\n1,a\n", [ID, {"name": "x"}])
    assert [f.code for f in made.findings] == ["T-SPALTE-FREMD"]


def test_a_column_ignored_with_a_reason_is_not_reported(convert: Convert) -> None:
    ignored = {"name": "x", "suppressOutput": True, IGNORED: "interne Nummer"}
    assert convert("id,x\n1,a\n", [ID, ignored]).findings == []


def test_a_row_with_too_many_cells_is_a_finding(convert: Convert) -> None:
    made = convert("id,x\n1,a,b\n", [ID, column()])
    assert [(f.code, f.place.row) for f in made.findings] == [("T-ZELLEN", 2)]


def test_a_key_that_occurs_twice_is_one_finding_with_both_rows(convert: Convert) -> None:
    made = convert("id,x\n1,a\n2,b\n1,c\n", [ID, column()], schema={"primaryKey": "id"})
    assert places(made) == [("S-DOPPELT", "A4")]
    assert "2, 4" in made.findings[0].message.de


def test_a_key_that_no_row_has_is_a_finding_where_it_is_used(convert: Convert) -> None:
    reference = {
        "columnReference": "x",
        "reference": {"resource": "b.csv", "columnReference": "id"},
    }
    schema = {"aboutUrl": EX + "{id}", "columns": [ID, column()], "foreignKeys": [reference]}
    other = {"aboutUrl": EX + "{id}", "columns": [ID, column(name="y")]}
    made = convert.tables(  # type: ignore[attr-defined]
        {"a.csv": "id,x\n1,k\n2,m\n", "b.csv": "id,y\nk,1\n"},
        [{"url": "a.csv", "tableSchema": schema}, {"url": "b.csv", "tableSchema": other}],
    )
    assert places(made) == [("S-VERWEIS", "B3")]


def test_rows_count_as_a_spreadsheet_shows_them(convert: Convert) -> None:
    text = 'id,x\n1,"zwei\nZeilen"\n\n3,\n'
    made = convert(text, [ID, column(required=True)])
    assert places(made) == [("S-PFLICHT", "B4")]


@pytest.mark.parametrize(
    ("encoded", "dialect"),
    [
        ("id;x\n1;Köln\n".encode("cp1252"), {"encoding": "windows-1252", "delimiter": ";"}),
        ("\ufeffid,x\n1,Köln\n".encode(), {}),
        ("Titel\n\nid,x\n1,Köln\n".encode(), {"skipRows": 2}),
        ("id,x\r1,Köln\r".encode(), {}),
        ("id,x\n1, Köln \n".encode(), {"trim": True}),
        ("id,x\n1,'Köln'\n".encode(), {"quoteChar": "'"}),
        ("id,x\n# Bemerkung\n1,Köln\n".encode(), {}),
        ("1,Köln\n".encode(), {"header": False}),
    ],
)
def test_a_dialect_says_how_characters_become_cells(
    convert: Convert, encoded: bytes, dialect: dict[str, object]
) -> None:
    made = convert(encoded, [ID, column()], dialect=dialect)
    assert (objects(made), made.findings) == (['"Köln"'], [])


def test_a_table_larger_than_a_chunk_keeps_its_rows(convert: Convert) -> None:
    rows = "".join(f"{i},{i}\n" for i in range(120_000))
    made = convert("id,x\n" + rows, [ID, column()])
    assert (len(made.lines), made.rows) == (120_000, {"quelle/t.csv": 120_000})


def test_a_control_character_is_a_finding(convert: Convert) -> None:
    made = convert("id,x\n1,a\x02b\n", [ID, column()])
    assert (made.lines, places(made)) == ([], [("S-ZEICHEN", "B2")])
