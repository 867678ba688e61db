"""The W3C test suite for SHACL, Core and SPARQL, through the build's own path.

Its folder comes from `SHACL_SUITE`; `shacl_failures.toml` lists by name what does not pass.
"""

import os
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, SH, BNode, Graph, Namespace
from rdflib.term import Node

from loader import graph
from loader.shacl.constraint import UnsupportedConstraint, path_text
from loader.shacl.result import Result
from loader.shacl.shape import Shapes
from loader.validate import Validator

HERE = Path(__file__).parent
SUITE = Path(
    os.environ.get("SHACL_SUITE", HERE.parents[2] / "shared" / "suites" / "shacl" / "tests")
)
FAILURES: dict[str, str] = tomllib.loads((HERE / "shacl_failures.toml").read_text("utf-8"))
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")


def suite() -> list[Any]:
    """One parameter a test; those that are known to fail are expected to.

    The files are looked through for tests: the suite's own manifest forgets one.
    """
    found = []
    for path in sorted(SUITE.rglob("*.ttl")):
        here = graph.read(path)
        for entry in here.subjects(RDF.type, SHT.Validate):
            name = f"{path.parent.relative_to(SUITE)}/{path.stem}"
            reason = FAILURES.get(name)
            marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
            found.append(pytest.param(path, here, entry, id=name, marks=marks))
    missing = pytest.mark.skip(reason=f"no test suite at {SUITE}; set SHACL_SUITE")
    return found or [pytest.param(None, None, None, id="suite", marks=missing)]


def the_graph(here: Graph, path: Path, action: Node, which: Node) -> Graph:
    """The graph of a file that the test's action names; the test's own is not read twice."""
    file = Path(str(here.value(action, which)).removeprefix("file://"))
    return here if file == path else graph.read(file)


def expected(here: Graph, report: Node) -> Counter[Result]:
    """The results that the test asks for."""
    found = []
    for node in here.objects(report, SH.result):
        said = dict(here.predicate_objects(node))
        path = said.get(SH.resultPath)
        rule = said.get(SH.sourceConstraint)
        place = path_text(here, path) if isinstance(path, BNode) else path and str(path)
        found.append(
            Result(
                str(said[SH.sourceShape] if rule is None else rule),
                str(said[SH.resultSeverity]),
                plain(said[SH.focusNode]),
                place,
                plain(said[SH.value]) if SH.value in said else None,
                str(said[SH.sourceConstraintComponent]),
            )
        )
    return Counter(map(comparable, found))


def plain(term: Node) -> str:
    return term.n3() if isinstance(term, BNode) else str(term)


def comparable(result: Result) -> Result:
    """The result without labels of blank nodes, and without a value that is the focus node again.

    The standard falls back on it where a query binds no value; we say nothing.
    """
    value = None if result.value == result.focus else result.value
    focus, value = ("_:" if t and t.startswith("_:") else t for t in (result.focus, value))
    return result._replace(focus=focus, value=value)


@pytest.mark.parametrize(("path", "here", "entry"), suite())
def test_shacl(path: Path, here: Graph, entry: Node, tmp_path: Path) -> None:
    action = here.value(entry, MF.action)
    file = tmp_path / "data.nt"
    file.write_text(the_graph(here, path, action, SHT.dataGraph).serialize(format="nt"), "utf-8")
    shapes = the_graph(here, path, action, SHT.shapesGraph)
    validator = Validator(Shapes(shapes, ""))
    report = here.value(entry, MF.result)
    if report == SHT.Failure:
        with pytest.raises(UnsupportedConstraint):
            validator.results(file)
    else:
        found = Counter(map(comparable, validator.results(file)))
        assert found == expected(here, report)


@pytest.mark.skipif(not SUITE.is_dir(), reason=f"no test suite at {SUITE}; set SHACL_SUITE")
def test_all_tests_of_the_suite_are_run() -> None:
    kinds = Counter(parameter.id.partition("/")[0] for parameter in suite())
    assert kinds == {"core": 98, "sparql": 23}
