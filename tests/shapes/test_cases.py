"""Every rule has a smallest valid file, an invalid one with a single defect, and its report.

`APPROVE=1 pytest tests/shapes/test_cases.py` writes the reports anew; read the difference before
you commit it.
"""

import os
from pathlib import Path

import pytest
from rdflib import RDF, SH, Graph, Namespace

from . import report
from .conftest import CASES, Judged
from .judge import name, row_of

STADT = Namespace("https://w3id.org/stadtwissen/ontology/")
FOLDERS = sorted(path for path in CASES.glob("*/*") if path.is_dir())
MODULES = sorted(path for path in CASES.iterdir() if path.is_dir())


def ids(path: Path) -> str:
    return str(path.relative_to(CASES))


@pytest.mark.parametrize("folder", FOLDERS, ids=ids)
def test_the_valid_file_has_nothing_to_find(folder: Path, judged: Judged) -> None:
    assert judged.reference(folder / "valid.ttl") == frozenset()


@pytest.mark.parametrize("folder", FOLDERS, ids=ids)
def test_the_invalid_file_breaks_its_rule_and_no_other(folder: Path, judged: Judged) -> None:
    assert {row.shape for row in judged.reference(folder / "invalid.ttl")} == {folder.name}


@pytest.mark.parametrize("folder", FOLDERS, ids=ids)
def test_the_build_says_what_is_approved(folder: Path, judged: Judged) -> None:
    found = judged.build(folder / "invalid.ttl")
    approved = folder / "report.csv"
    if os.environ.get("APPROVE"):
        report.write(approved, found)
    assert report.text(found) == approved.read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", FOLDERS, ids=ids)
def test_the_engines_of_the_build_say_what_pyshacl_says(folder: Path, judged: Judged) -> None:
    for file in (folder / "valid.ttl", folder / "invalid.ttl"):
        assert frozenset(map(row_of, judged.build(file))) == judged.reference(file)


@pytest.mark.parametrize("module", MODULES, ids=ids)
def test_what_the_cases_refer_to_is_itself_valid(module: Path, judged: Judged) -> None:
    assert judged.base(module) == frozenset()


@pytest.mark.parametrize("folder", FOLDERS, ids=ids)
def test_a_folder_holds_a_valid_file_an_invalid_one_and_its_report(folder: Path) -> None:
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["invalid.ttl", "report.csv", "valid.ttl"]


def test_every_rule_has_a_folder_and_every_folder_a_rule(rules: Graph) -> None:
    owners = set(rules.subjects(SH.targetClass)) | set(rules.subjects(SH.targetSubjectsOf))
    aimed = {o for s in owners for o in rules.objects(s, SH.property)}
    aimed |= {s for s in owners if rules.value(s, STADT.ruleCode)}
    aimed |= set(rules.subjects(RDF.type, SH.SPARQLConstraint))
    assert {folder.name for folder in FOLDERS} == {name(rule) for rule in aimed}
