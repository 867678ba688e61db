"""Shapes over statements: results become findings with the rule's own texts."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from loader import shape
from loader.shape import Shapes, UnsupportedConstraint
from loader.validate import Result, Validator, masked

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


def results(shapes: Shapes) -> list[Result]:
    store = Store()
    store.load(DATA, RdfFormat.N_TRIPLES)
    validator = Validator(shapes)
    return [*validator.core(DATA), *validator.sparql(store)]


def test_core_and_sparql_constraints_give_one_list_of_results(read) -> None:  # type: ignore[no-untyped-def]
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


@pytest.mark.parametrize(
    "body",
    ["{ SELECT ?x { ?x ?p $this } }", "MINUS { $this ex:p 1 }", "VALUES ?x { 1 }"],
)
def test_a_constraint_that_would_change_its_meaning_is_refused(read, body: str) -> None:  # type: ignore[no-untyped-def]
    shapes = read(SHAPES.replace("$this ex:start ?s ;", f"{body} $this ex:start ?s ;"))
    with pytest.raises(UnsupportedConstraint, match="Period-reversed"):
        _ = shapes.constraints
