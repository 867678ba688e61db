"""The official DCAT-AP.de shapes over the official test data: our path beside pySHACL.

A sample here; all pairs of shapes and data with DCAT_JOBS=all, which takes a minute.
"""

import os
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import Graph

from loader.shacl import reference
from loader.shacl.result import Result
from loader.shacl.shape import Shapes
from loader.validate import Validator
from tests.conftest import SHARED

OFFICIAL = SHARED / "official"
VERSIONS = {
    "3.0": ("dcat-ap-3.0.0/shacl", "dcat-ap-de-3.0/shacl"),
    "2.0": ("dcat-ap-de-2.0/shacl",),
    "dashboard": ("govdata-validator/validator/resources/dashboard-live/shapes",),
}
DATA = ("govdata-validator/testcases", "dcat-ap-de-2.0/examples", "dcat-ap-de-3.0/examples")
UNREADABLE = {"DataService.ttl"}  # as published it lacks a full stop in line 12
SAMPLE = 17  # every so many pairs
Pair = tuple[str, Path]


def pairs() -> list[Pair]:
    """Each version of the shapes with each file of data."""
    found = (path for folder in DATA for path in (OFFICIAL / folder).rglob("*.ttl"))
    files = sorted(path for path in found if path.name not in UNREADABLE)
    return [(version, file) for file in files for version in VERSIONS]


def chosen() -> list[Any]:
    found = pairs() if os.environ.get("DCAT_JOBS") == "all" else pairs()[::SAMPLE]
    return [pytest.param(v, f, id=f"{v}-{f.parent.name}-{f.stem}") for v, f in found]


@cache
def validator(version: str) -> Validator:
    """The shapes of a version, without what they would fetch from elsewhere."""
    shapes = Graph()
    for folder in VERSIONS[version]:
        for path in sorted((OFFICIAL / folder).glob("*.ttl")):
            if "imports" not in path.stem:
                shapes.parse(path)
    return Validator(Shapes(shapes, ""))


def counted(results: list[Result]) -> Counter[tuple[str | None, ...]]:
    """How often each was found; blank nodes have other labels in every engine."""
    return Counter(
        (*(_plain(term) for term in (r.focus, r.path, r.value)), r.severity, r.component)
        for r in results
    )


def _plain(term: str | None) -> str | None:
    return "_:" if term and term.startswith("_:") else term


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="no official shapes at ../shared/official")
@pytest.mark.parametrize(("version", "file"), chosen())
def test_our_path_finds_what_pyshacl_finds(version: str, file: Path, tmp_path: Path) -> None:
    base = "https://daten.example/"
    quads = list(parse(path=file, format=RdfFormat.TURTLE, base_iri=base))
    data = tmp_path / "data.nt"
    data.write_text("".join(f"{quad.triple} .\n" for quad in quads), "utf-8")
    judge = validator(version)
    expected = counted(reference.results(judge.shapes.graph, quads))
    assert counted(judge.results(data)) == expected
    assert expected or "good" in file.stem or version == "dashboard"
