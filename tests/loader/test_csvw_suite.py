"""The W3C test suite for CSV on the Web: conversion to RDF and validation.

Its folder comes from `CSVW_SUITE`; `csvw_failures.toml` lists by name what does not pass, and why.
"""

import json
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Literal, Quad, RdfFormat, parse

from loader.csvw import metadata
from loader.csvw.library import Library
from loader.errors import UsageError
from loader.finding import Finding
from loader.locate import Locator
from loader.statement import encoded
from loader.translation import Translation
from loader.vocabulary import Vocabulary

HERE = Path(__file__).parent
SUITE = Path(os.environ.get("CSVW_SUITE", HERE.parents[2] / "shared" / "suites" / "csvw")).resolve()
BASE = "http://www.w3.org/2013/csvw/tests/"
WELL_KNOWN = "http://www.w3.org/.well-known/csvm"
# What the file at that address held while the suite was made; the suite does not contain it.
PLACES = "{+url}-metadata.json\ncsv-metadata.json\n{+url}.json\ncsvm.json\n"
FAILURES: dict[str, str] = tomllib.loads((HERE / "csvw_failures.toml").read_text("utf-8"))
NUMBERS = {f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("double", "float", "decimal")}

Entry = dict[str, Any]


def entries(manifest: str) -> list[Any]:
    """One parameter a test; those that are known to fail are expected to."""
    path = SUITE / manifest
    if not path.is_file():
        missing = pytest.mark.skip(reason=f"no test suite at {SUITE}; set CSVW_SUITE")
        return [pytest.param({}, id="suite", marks=missing)]
    found = []
    for entry in json.loads(path.read_text("utf-8"))["entries"]:
        name = entry["id"].removeprefix("manifest-").replace("#", "-")
        reason = FAILURES.get(name)
        marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
        found.append(pytest.param(entry, id=name, marks=marks))
    return found


@dataclass
class Outcome:
    """The statements of a test's action, and what was found on the way."""

    quads: list[Quad]
    findings: list[Finding]

    def severities(self) -> set[str]:
        return {finding.severity for finding in self.findings}


def run(entry: Entry, words: Vocabulary, folder: Path) -> Outcome:
    """Converts the action of a test. Raises UsageError for what stops a conversion."""
    address = BASE + entry["action"]
    well_known = folder / "csvm"
    well_known.write_text(PLACES, "utf-8")
    library = Library(folders={BASE: SUITE}, files={WELL_KNOWN: well_known})
    library.files[address] = SUITE / entry["action"].partition("?")[0]
    library.links = {address: entry["httpLink"]} if "httpLink" in entry else {}
    locator = Locator(library)
    if address.endswith(".json"):
        group = metadata.read_address(address, library)
    else:
        given = entry["option"].get("metadata")
        group = locator.group(address, BASE + given if given else None)
    translation = Translation(group, words, is_minimal=entry["option"].get("minimal", False))
    text = b"".join(encoded(frame) for frame in translation.statements())
    quads = list(parse(text, format=RdfFormat.N_TRIPLES))
    return Outcome(quads, [*locator.warnings, *translation.findings])


def canonical(quads: list[Quad]) -> set[str]:
    """The statements in a form in which isomorphic graphs are equal; numbers by their value."""
    dataset = Dataset(Quad(q.subject, q.predicate, value(q.object)) for q in quads)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in dataset}


def value(term: Any) -> Any:
    if isinstance(term, Literal) and term.datatype.value in NUMBERS:
        return Literal(repr(float(term.value)), datatype=term.datatype)
    return term


@pytest.mark.parametrize("entry", entries("manifest-rdf.jsonld"))
def test_a_table_becomes_the_graph_that_the_standard_says(
    entry: Entry, words: Vocabulary, tmp_path: Path
) -> None:
    if entry["type"] == "csvt:NegativeRdfTest":
        with pytest.raises(UsageError):
            run(entry, words, tmp_path)
        return
    outcome = run(entry, words, tmp_path)
    result = SUITE / entry["result"]
    expected = list(parse(path=result, format=RdfFormat.TURTLE, base_iri=BASE + entry["result"]))
    made, wanted = canonical(outcome.quads), canonical(expected)
    assert sorted(made - wanted) == sorted(wanted - made)
    if entry["type"] == "csvt:ToRdfTestWithWarnings":
        assert outcome.severities() & {"warning", "error"}


@pytest.mark.parametrize("entry", entries("manifest-validation.jsonld"))
def test_a_table_is_found_valid_or_not_as_the_standard_says(
    entry: Entry, words: Vocabulary, tmp_path: Path
) -> None:
    try:
        severities = run(entry, words, tmp_path).severities()
    except UsageError:
        severities = {"error"}
    if entry["type"] == "csvt:PositiveValidationTest":
        assert severities <= {"info"}
    elif entry["type"] == "csvt:WarningValidationTest":
        assert severities & {"warning", "error"} == {"warning"}
    else:
        assert "error" in severities
