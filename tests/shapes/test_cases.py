"""Every rule has a smallest valid file and an invalid one with a single defect."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, SH, Graph, Namespace

from .conftest import CASES, Judge, Verdict, name, read

if TYPE_CHECKING:
    from rdflib.term import Node

STADT = Namespace("https://w3id.org/stadtwissen/ontology/")
FOLDERS = sorted(path for path in CASES.glob("*/*") if path.is_dir())
MODULES = sorted(path for path in CASES.iterdir() if path.is_dir())


@cache
def base_of(file: Path) -> Graph:
    return read(file)


def ids(path: Path) -> str:
    return str(path.relative_to(CASES))


@pytest.fixture(scope="session")
def judged(vocabulary: Graph, reference: Judge, engine: Judge) -> "Judged":
    return Judged(vocabulary, {"pyshacl": reference, "build": engine})


class Judged:
    """The verdicts of both engines; files that say the same are judged once."""

    def __init__(self, vocabulary: Graph, judges: dict[str, Judge]) -> None:
        self._vocabulary = vocabulary
        self._judges = judges
        self._known: dict[tuple[str, str, frozenset[tuple[Node, Node, Node]]], Verdict] = {}

    def __call__(self, by: str, file: Path) -> Verdict:
        base, case = file.parents[1] / "base.ttl", read(file)
        key = (by, base.parent.name, frozenset(case))
        if key not in self._known:
            graph = self._vocabulary + base_of(base) + case
            self._known[key] = self._judges[by](graph, frozenset(case.subjects()))
        return self._known[key]


@pytest.mark.parametrize("folder", FOLDERS, ids=ids)
def test_the_valid_file_has_nothing_to_find(folder: Path, judged: Judged) -> None:
    assert judged("pyshacl", folder / "valid.ttl") == frozenset()


@pytest.mark.parametrize("folder", FOLDERS, ids=ids)
def test_the_invalid_file_breaks_its_rule_and_no_other(folder: Path, judged: Judged) -> None:
    assert judged("pyshacl", folder / "invalid.ttl") == {folder.name}


@pytest.mark.parametrize("folder", FOLDERS, ids=ids)
def test_the_engines_of_the_build_say_the_same(folder: Path, judged: Judged) -> None:
    for file in (folder / "valid.ttl", folder / "invalid.ttl"):
        assert judged("build", file) == judged("pyshacl", file)


@pytest.mark.parametrize("module", MODULES, ids=ids)
def test_what_the_cases_refer_to_is_itself_valid(
    module: Path, vocabulary: Graph, reference: Judge
) -> None:
    base = read(module / "base.ttl")
    assert reference(vocabulary + base, frozenset(base.subjects())) == frozenset()


@pytest.mark.parametrize("folder", FOLDERS, ids=ids)
def test_a_folder_holds_one_valid_and_one_invalid_file(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == ["invalid.ttl", "valid.ttl"]


def test_every_rule_has_a_folder_and_every_folder_a_rule(rules: Graph) -> None:
    owners = set(rules.subjects(SH.targetClass)) | set(rules.subjects(SH.targetSubjectsOf))
    aimed = {o for s in owners for o in rules.objects(s, SH.property)}
    aimed |= {s for s in owners if rules.value(s, STADT.ruleCode)}
    aimed |= set(rules.subjects(RDF.type, SH.SPARQLConstraint))
    assert {folder.name for folder in FOLDERS} == {name(rule) for rule in aimed}
