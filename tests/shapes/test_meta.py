"""The shapes are shapes: judged once by those that the standard gives for shapes themselves.

Fast engines pass malformed shapes in silence. The file is the one that pySHACL carries.
"""

from importlib.resources import files
from pathlib import Path

import pytest
from rdflib import Graph

from loader import graph
from loader.shacl.shape import Shapes
from loader.validate import Validator

from .conftest import ROOT

FOLDERS = (ROOT / "shapes", ROOT / "shapes" / "profiles")
SAVED = Path(str(files("pyshacl") / "assets" / "shacl-shacl.ttl"))


@pytest.fixture(scope="module")
def standard() -> Validator:
    return Validator(Shapes(graph.read(SAVED), ""))


def wrong(standard: Validator, shapes: Graph) -> set[str]:
    """The addresses of what is no well-formed shape."""
    return {result.focus for result in standard.core_of(shapes.serialize(format="nt"))}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_our_shapes_are_well_formed(standard: Validator, folder: Path) -> None:
    shapes = Graph()
    for file in folder.glob("*.ttl"):
        shapes += graph.read(file)
    assert wrong(standard, shapes) == set()


@pytest.mark.parametrize(
    "mistake",
    [
        'e:P a sh:PropertyShape ; sh:path e:p ; sh:minCount "abc" .',
        "e:P a sh:PropertyShape ; sh:minCount 1 .",
        'e:P a sh:PropertyShape ; sh:path e:p ; sh:nodeKind "IRI" .',
        "e:P a sh:PropertyShape ; sh:path e:p ; sh:maxCount 1 , 2 .",
    ],
    ids=["a word as a number", "no path", "no kind of node", "two limits"],
)
def test_a_malformed_shape_is_found(standard: Validator, mistake: str) -> None:
    prefixes = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .\n"
    shapes = Graph().parse(data=prefixes + mistake, format="turtle")
    assert "http://e/P" in wrong(standard, shapes)
