"""Every rule of a profile has its cases too; and the catalogue's profile does what it is for."""

import os
from pathlib import Path

import pyshacl
import pytest
from rdflib import DCAT, DCTERMS, RDF, SH, Graph, Namespace, URIRef
from rdflib.term import Node

from . import report
from .conftest import ROOT, Judged
from .judge import name, row_of

STADT = Namespace("https://w3id.org/stadtwissen/ontology/")
DCATAP = Namespace("http://data.europa.eu/r5r/")
DCAT_SERIES = URIRef("http://www.w3.org/ns/dcat#DatasetSeries")
SERIES = URIRef("https://w3id.org/stadtwissen/id/series/projects")
BOGUS = URIRef("http://example.org/bogus")
CASES = Path(__file__).parent / "profiles"
FOLDERS = sorted(path for path in CASES.glob("*/*") if path.is_dir())
OFFICIAL = ROOT.parent / "shared" / "official"
PATTERN = OFFICIAL / "dcat-export-pattern.ttl"
needs_pattern = pytest.mark.skipif(
    not PATTERN.exists(), reason="the catalogue's pattern lies in ../shared, which is not here"
)


def ids(path: Path) -> str:
    return str(path.relative_to(CASES))


@pytest.mark.parametrize("folder", FOLDERS, ids=ids)
def test_the_valid_file_has_nothing_to_find(folder: Path, profile_judged: Judged) -> None:
    assert profile_judged.reference(folder / "valid.ttl") == frozenset()
    assert profile_judged.build(folder / "valid.ttl") == []


@pytest.mark.parametrize("folder", FOLDERS, ids=ids)
def test_the_invalid_file_breaks_its_rule_and_no_other(
    folder: Path, profile_judged: Judged
) -> None:
    rows = profile_judged.reference(folder / "invalid.ttl")
    assert {row.shape for row in rows} == {folder.name}


@pytest.mark.parametrize("folder", FOLDERS, ids=ids)
def test_both_engines_say_what_is_approved(folder: Path, profile_judged: Judged) -> None:
    found = profile_judged.build(folder / "invalid.ttl")
    approved = folder / "report.csv"
    if os.environ.get("APPROVE"):
        report.write(approved, found)
    assert report.text(found) == approved.read_text(encoding="utf-8")
    assert frozenset(map(row_of, found)) == profile_judged.reference(folder / "invalid.ttl")


def test_every_rule_has_a_folder_and_every_folder_a_rule(profiles: Graph) -> None:
    owners = set(profiles.subjects(SH.targetClass)) | set(profiles.subjects(SH.targetSubjectsOf))
    aimed = {o for s in owners for o in profiles.objects(s, SH.property)}
    aimed |= {s for s in owners if profiles.value(s, STADT.ruleCode)}
    assert {folder.name for folder in FOLDERS} == {name(rule) for rule in aimed}


def test_the_build_does_not_read_the_profiles(rules: Graph, profiles: Graph) -> None:
    assert set(profiles.subjects(RDF.type, SH.NodeShape))
    assert not set(profiles.subjects()) & set(rules.subjects())


def found_in(graph: Graph, judges: Judged) -> set[str]:
    """The errors and warnings in a catalogue; hints are left aside."""
    return {row.shape for row in judges.judge(graph) if row.severity != "info"}


@pytest.fixture
def catalogue() -> Graph:
    return Graph().parse(PATTERN)


@needs_pattern
def test_the_pattern_of_our_catalogue_passes(catalogue: Graph, profile_judged: Judged) -> None:
    assert len(set(catalogue.subjects(RDF.type, DCAT.Distribution))) == 3
    assert found_in(catalogue, profile_judged) == set()


@needs_pattern
def test_an_availability_that_the_official_shapes_let_pass_is_found(
    catalogue: Graph, profile_judged: Judged
) -> None:
    distribution = next(catalogue.subjects(RDF.type, DCAT.Distribution))
    catalogue.set((distribution, DCATAP.availability, BOGUS))
    official = official_shapes("dcat-ap-de-controlledvocabularies")
    assert BOGUS not in blamed(official, catalogue)
    assert found_in(catalogue, profile_judged) == {"DcatExport-availability-not-listed"}


@needs_pattern
def test_the_official_shapes_do_find_another_value_from_nowhere(catalogue: Graph) -> None:
    distribution = next(catalogue.subjects(RDF.type, DCAT.Distribution))
    catalogue.set((distribution, DCTERMS.license, BOGUS))
    assert BOGUS in blamed(official_shapes("dcat-ap-de-controlledvocabularies"), catalogue)


@needs_pattern
def test_a_series_without_publisher_that_the_official_shapes_let_pass_is_found(
    catalogue: Graph, profile_judged: Judged
) -> None:
    catalogue.add((SERIES, RDF.type, DCAT_SERIES))
    additions = official_shapes("dcat-ap-spec-german-additions")
    assert (SERIES, DCTERMS.publisher) not in missed(additions, catalogue)
    assert found_in(catalogue, profile_judged) == {"DcatSeries-publisher-missing"}


@needs_pattern
def test_the_official_shapes_do_find_another_missing_publisher(catalogue: Graph) -> None:
    service = next(catalogue.subjects(RDF.type, DCAT.DataService))
    catalogue.remove((service, DCTERMS.publisher, None))
    additions = official_shapes("dcat-ap-spec-german-additions")
    assert (service, DCTERMS.publisher) in missed(additions, catalogue)


def official_shapes(stem: str) -> Graph:
    """A file of the official shapes of DCAT-AP.de 3.0."""
    return Graph().parse(OFFICIAL / "dcat-ap-de-3.0" / "shacl" / f"{stem}.ttl")


def results_of(shapes: Graph, data: Graph) -> Graph:
    """The report of pySHACL."""
    _, results, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(results, Graph)
    return results


def blamed(shapes: Graph, data: Graph) -> set[Node]:
    """All things that a result is about."""
    return set(results_of(shapes, data).objects(None, SH.focusNode))


def missed(shapes: Graph, data: Graph) -> set[tuple[Node | None, Node | None]]:
    """All things with the property that a result is about."""
    results = results_of(shapes, data)
    hits = results.subjects(RDF.type, SH.ValidationResult)
    return {(results.value(h, SH.focusNode), results.value(h, SH.resultPath)) for h in hits}
