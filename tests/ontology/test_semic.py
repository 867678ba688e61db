"""SEMIC's style validators as an outside judge: what they hold against us is meant, and why."""

import re
from pathlib import Path
from typing import NamedTuple

import pyshacl
import pytest
from rdflib import OWL, RDF, SH, Graph
from rdflib.term import Node

ROOT = Path(__file__).parents[2]
GUIDE = ROOT.parent / "shared/official/itb-semic/resources/semic-shacl/styleguide/shapes"
MODULES = sorted((ROOT / "ontology").glob("*.ttl"))
SHAPES = sorted((ROOT / "shapes").glob("*.ttl"))
HEADER = "FOOPS! and registers ask for it in the header; SEMIC notes it as an Info only"
BY_ADDRESS = "the plan decides: an address that machines can follow, not a text"
pytestmark = pytest.mark.skipif(
    not GUIDE.exists(), reason="SEMIC's validators lie in ../shared, which is not here"
)


class Finding(NamedTuple):
    """The rule of the style guide and what it speaks of: a property, for types the type."""

    rule: str
    about: str


# Why we deviate. A finding that is not here fails the test, and so does a reason without finding.
MEANT = {
    Finding("SC-R2 Info", "bibliographicCitation"): HEADER,
    Finding("SC-R2 Info", "creator"): HEADER,
    Finding("SC-R2 Info", "includedInDataCatalog"): HEADER,
    Finding("SC-R2 Info", "logo"): HEADER,
    Finding("SC-R2 Info", "modified"): HEADER,
    Finding("SC-R2 Info", "preferredNamespacePrefix"): HEADER,
    Finding("SC-R2 Info", "preferredNamespaceUri"): HEADER,
    Finding("SC-R2 Info", "source"): HEADER,
    Finding("SC-R2 Info", "status"): HEADER,
    Finding("SC-R2 Info", "versionInfo"): "the plan decides: kept, although SEMIC's own PC-R3 asks",
    Finding("SC-R2 Warning", "license"): BY_ADDRESS,
    Finding("SC-R2 Warning", "publisher"): BY_ADDRESS,
    Finding("SC-R3 Warning", ""): "headers are named by dct:title, as FOOPS! and ROBOT ask",
    Finding("DSC-R1 Violation", "PrefixDeclaration"): "SHACL's own word, named for reuse",
    Finding("DSC-R1 Violation", "PropertyGroup"): "SHACL's own word, for forms and templates",
    Finding("DSC-R1 Violation", "SPARQLConstraint"): "constraints are named: a case names its rule",
    Finding("DSC-R5 Warning", ""): "each rule has its severity; a class with two kinds is blamed",
}


def local(term: Node | None) -> str:
    return re.sub(r"^.*[/#]", "", str(term or ""))


def judge(files: list[Path], guide: str) -> dict[Finding, set[Node]]:
    """What SEMIC finds in the files read as one, with the nodes it blames."""
    data = Graph()
    for file in files:
        data.parse(file)
    _, report, _ = pyshacl.validate(data, shacl_graph=Graph().parse(GUIDE / guide), inplace=True)
    assert isinstance(report, Graph)
    found: dict[Finding, set[Node]] = {}
    for result in report.subjects(RDF.type, SH.ValidationResult):
        code = re.search(r"\b[A-Z]+-R\d+\b", str(report.value(result, SH.resultMessage)))
        severity = local(report.value(result, SH.resultSeverity))
        path, focus = report.value(result, SH.resultPath), report.value(result, SH.focusNode)
        about = report.value(result, SH.value) if path == RDF.type else path
        finding = Finding(f"{code.group() if code else '?'} {severity}", local(about))
        assert focus is not None
        found.setdefault(finding, set()).add(focus)
    return found


@pytest.fixture(scope="module")
def modules() -> dict[Finding, set[Node]]:
    found: dict[Finding, set[Node]] = {}
    for file in MODULES:  # one by one: SC-R1 allows one header a file
        for finding, blamed in judge([file], "semic-shapes_owl.ttl").items():
            found[finding] = found.get(finding, set()) | blamed
    return found


@pytest.fixture(scope="module")
def shapes() -> dict[Finding, set[Node]]:
    return judge(SHAPES, "semic-shapes_shacl.ttl")


def test_semic_holds_nothing_else_against_us(
    modules: dict[Finding, set[Node]], shapes: dict[Finding, set[Node]]
) -> None:
    assert modules.keys() | shapes.keys() == MEANT.keys()


def test_semic_blames_headers_only_never_a_term(modules: dict[Finding, set[Node]]) -> None:
    headers = {h for f in MODULES for h in Graph().parse(f).subjects(RDF.type, OWL.Ontology)}
    assert set.union(*modules.values()) <= headers


def test_each_rule_of_a_blamed_shape_has_its_own_severity(shapes: dict[Finding, set[Node]]) -> None:
    rules = Graph()
    for file in SHAPES:
        rules.parse(file)
    for blamed in shapes[Finding("DSC-R5 Warning", "")]:
        properties = list(rules.objects(blamed, SH.property))
        assert not [p for p in properties if len(list(rules.objects(p, SH.severity))) != 1]


def test_semic_finds_the_logic_that_we_keep_apart() -> None:
    files = [ROOT / "ontology" / "core.ttl", ROOT / "ontology" / "restrictions" / "core.ttl"]
    found = judge(files, "semic-shapes_owl.ttl")
    assert Finding("SC-R2 Warning", "domain") in found
    assert [finding for finding in found if finding.rule == "SC-R2 Violation"]
