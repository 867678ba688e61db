"""Shapes over statements: results become findings with the rule's own texts."""

from pathlib import Path

import pytest

from loader.shacl import shape
from loader.shacl.constraint import UnsupportedConstraint
from loader.shacl.result import Result
from loader.shacl.shape import Shapes
from loader.validate import Validator, masked

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .
@prefix stadt: <https://w3id.org/stadtwissen/ontology/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SHAPES = (
    PREFIXES
    + """
ex:prefixes sh:declare ex:prefix .
ex:prefix sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI .
ex:Thing a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property ex:Thing-name .
ex:Thing-name a sh:PropertyShape ; sh:path ex:name ; sh:minCount 1 ; sh:severity sh:Warning ;
  sh:message "Der Name fehlt."@de , "The name is missing."@en ;
  stadt:ruleCode "S-PFLICHT" ; stadt:hint "Tragen Sie ihn ein."@de , "Enter it."@en .
ex:Period a sh:NodeShape ; sh:targetClass ex:Thing ; sh:sparql ex:Period-reversed .
ex:Period-reversed a sh:SPARQLConstraint ; sh:prefixes ex:prefixes ;
  stadt:ruleCode "S-ZEITRAUM" ; sh:message "„{$value}“ liegt vor dem Beginn."@de ;
  sh:select '''SELECT $this ?path ?value WHERE { $this ex:start ?s ; ex:end ?value .
    BIND(ex:end AS ?path) FILTER(STR(?value) < STR(?s)) }''' .
"""
)
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
DATA = f"""<http://example.org/a> {TYPE} <http://example.org/Thing> .
<http://example.org/a> <http://example.org/start> "2022" .
<http://example.org/a> <http://example.org/end> "2021" .
<http://example.org/b> <http://example.org/start> "2022" .
<http://example.org/b> <http://example.org/end> "2021" .
"""


@pytest.fixture
def read(tmp_path: Path):  # type: ignore[no-untyped-def]
    def run(turtle: str) -> Shapes:
        (tmp_path / "s.ttl").write_text(turtle, "utf-8")
        return shape.read(tmp_path)

    return run


@pytest.fixture
def results(tmp_path: Path):  # type: ignore[no-untyped-def]
    def run(shapes: Shapes, data: str = DATA) -> list[Result]:
        (tmp_path / "data.nt").write_text(data, "utf-8")
        return Validator(shapes).results(tmp_path / "data.nt")

    return run


def test_core_and_sparql_constraints_give_one_list_of_results(read, results) -> None:  # type: ignore[no-untyped-def]
    found = {(r.shape.rsplit("/", 1)[1], r.focus, r.value) for r in results(read(SHAPES))}
    assert found == {
        ("Thing-name", "http://example.org/a", None),
        ("Period-reversed", "http://example.org/a", "2021"),
    }


def test_a_finding_takes_code_severity_and_texts_from_its_shape(read) -> None:  # type: ignore[no-untyped-def]
    finding = read(SHAPES).finding("http://example.org/Thing-name")
    assert (finding.code, finding.severity) == ("S-PFLICHT", "warning")
    assert (finding.message.de, finding.message.en) == ("Der Name fehlt.", "The name is missing.")
    assert (finding.hint.de, finding.hint.en) == ("Tragen Sie ihn ein.", "Enter it.")


def test_a_personal_text_is_masked_and_marked(read) -> None:  # type: ignore[no-untyped-def]
    shapes = read(SHAPES.replace('"S-ZEITRAUM"', '"P-PERSON"'))
    finding = shapes.finding("http://example.org/Period-reversed")
    assert finding.privacy
    assert masked("mailto:mia.muster@example.org") == "m…@example.org"
    assert masked("Muster") == "M…"


@pytest.mark.parametrize("body", ["MINUS { $this ex:p 1 }", "VALUES ?x { 1 }", "$this ex:p"])
def test_what_shacl_forbids_in_a_constraint_is_refused_by_name(read, body: str) -> None:  # type: ignore[no-untyped-def]
    shapes = read(SHAPES.replace("$this ex:start ?s ;", f"{body} $this ex:start ?s ;"))
    with pytest.raises(UnsupportedConstraint, match="Period-reversed"):
        _ = shapes.constraints


SUM = """SELECT $this (SUM(?part) AS ?value) WHERE { $this ex:part ?part } GROUP BY $this
    HAVING (SUM(?part) > 10)"""
PAIR = """SELECT $this ?value WHERE { { SELECT $this (MAX(?p) AS ?value)
    WHERE { $this ex:part ?p } GROUP BY $this } FILTER (?value > 6) }"""
NESTED = """SELECT $this ?value WHERE { $this ex:part ?value
    { FILTER ($this = ex:c) } UNION { FILTER (?value > 100) } }"""
FIRST = "SELECT $this ?value WHERE { $this ex:part ?value FILTER (?value > 4) } LIMIT 1"
PARTS = DATA + "".join(
    f"<http://example.org/{thing}> {TYPE} <http://example.org/Thing> .\n"
    f'<http://example.org/{thing}> <http://example.org/part> "{part}"^^'
    "<http://www.w3.org/2001/XMLSchema#integer> .\n"
    for thing, part in [("c", 5), ("c", 6), ("d", 7), ("d", 1)]
)


@pytest.mark.parametrize(
    ("query", "focus"),
    [(SUM, ["c"]), (PAIR, ["d"]), (NESTED, ["c", "c"]), (FIRST, ["c", "d"])],
    ids=["aggregate", "sub-select", "value inside a group", "limit"],
)
def test_what_holds_for_one_target_at_a_time_is_judged_so(  # type: ignore[no-untyped-def]
    read, results, query: str, focus: list[str]
) -> None:
    select = SHAPES[SHAPES.index("SELECT $this ?path") : SHAPES.rindex("'''")]
    shapes = read(SHAPES.replace(select, query))
    found = [r.focus for r in results(shapes, PARTS) if r.shape.endswith("Period-reversed")]
    assert sorted(found) == [f"http://example.org/{name}" for name in focus]
    assert shapes.constraints == []


def test_a_shape_that_hangs_on_a_constraint_is_judged_whole(read, results) -> None:  # type: ignore[no-untyped-def]
    nested = "ex:Holder a sh:NodeShape ; sh:targetSubjectsOf ex:start ; sh:not ex:Period ."
    shapes = read(SHAPES.replace("sh:targetClass ex:Thing ; sh:sparql", "sh:sparql") + nested)
    whole = f'{DATA}<http://example.org/c> <http://example.org/start> "2022" .\n'
    found = {r.focus[-1] for r in results(shapes, whole) if r.shape.endswith("Holder")}
    assert found == {"c"}


def test_instances_of_a_subclass_are_targets_too(read, results) -> None:  # type: ignore[no-untyped-def]
    below = (
        "<http://example.org/Sub> <http://www.w3.org/2000/01/rdf-schema#subClassOf> "
        f"<http://example.org/Thing> .\n<http://example.org/b> {TYPE} <http://example.org/Sub> .\n"
    )
    found = {(r.shape.rsplit("/", 1)[1], r.focus[-1]) for r in results(read(SHAPES), DATA + below)}
    assert ("Period-reversed", "b") in found
    assert ("Thing-name", "b") in found


def test_a_core_rule_sees_a_literal_as_it_was_written(read, results) -> None:  # type: ignore[no-untyped-def]
    shapes = read(
        PREFIXES + "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:key ; sh:property ex:S-key .\n"
        'ex:S-key a sh:PropertyShape ; sh:path ex:key ; sh:pattern "^0" .'
    )
    key = '<http://example.org/{}> <http://example.org/key> "{}"^^<{}integer> .\n'
    xsd = "http://www.w3.org/2001/XMLSchema#"
    data = key.format("a", "05", xsd) + key.format("b", "5", xsd)
    assert [r.focus[-1] for r in results(shapes, data)] == ["b"]


def test_a_file_written_in_an_unusual_way_is_read_whole(read, results) -> None:  # type: ignore[no-untyped-def]
    odd = "".join(
        line.replace("> <", ">\t<", 1).replace("> <", "><").replace(" .", ".") + "\r\n"
        for line in DATA.splitlines()
    )
    assert {r[:5] for r in results(read(SHAPES), odd)} == {r[:5] for r in results(read(SHAPES))}
