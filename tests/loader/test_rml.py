"""Nested JSON and XML by RML, with morph-kgc in an environment of its own."""

from pathlib import Path

import pytest

from loader.rml import REQUIREMENT, Rml
from tests.benchmarks import peer
from tests.conftest import stadtwissen

needs_morph = pytest.mark.skipif(
    not peer.is_there("morph-kgc"),
    reason=f"no {REQUIREMENT}: the package index did not answer, or not by make test",
)
EX = "http://example.org/"
MAPPING = f"""
@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
<{EX}map> rml:logicalSource [ rml:source "a.json" ; rml:referenceFormulation ql:JSONPath ;
    rml:iterator "$.orte[*].projekte[*]" ] ;
  rr:subjectMap [ rr:template "{EX}{{nr}}" ] ;
  rr:predicateObjectMap [ rr:predicate <{EX}name> ; rr:objectMap [ rml:reference "name" ] ] .
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.json").write_text(
        '{"orte": [{"projekte": [{"nr": 1, "name": "Pegel \\"Süd\\""}]}]}', "utf-8"
    )
    (tmp_path / "m.ttl").write_text(MAPPING, "utf-8")
    return tmp_path


def test_without_morph_kgc_the_command_says_how_to_set_it_up(folder: Path) -> None:
    done = stadtwissen("convert", folder / "a.json", "--rml", folder / "m.ttl", home=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert REQUIREMENT in done.stderr


def test_a_mapping_of_another_file_is_wrong_usage(folder: Path) -> None:
    (folder / "b.json").write_text("{}", "utf-8")
    done = stadtwissen("convert", folder / "b.json", "--rml", folder / "m.ttl", home=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "b.json" in done.stderr


@needs_morph
def test_nested_entries_become_statements(folder: Path) -> None:
    (folder / "morph-kgc").symlink_to(peer.place("morph-kgc"))
    done = stadtwissen("convert", folder / "a.json", "--rml", folder / "m.ttl", home=folder)
    assert (done.returncode, done.stdout) == (0, f'<{EX}1> <{EX}name> "Pegel \\"Süd\\"" .\n')


def test_a_line_that_is_no_rdf_is_a_finding_and_the_others_stay(folder: Path) -> None:
    rml = Rml(folder / "a.json", folder / "m.ttl", folder)
    lines = [f'<{EX}1> <{EX}p> "a"b" .\n', f'<{EX}2> <{EX}p> "c" .\n']
    assert [quad.subject.value for quad in rml._parsed(lines)] == [f"{EX}2"]
    assert [finding.code for finding in rml.findings] == ["M-RML"]
