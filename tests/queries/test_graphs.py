"""The thirty competency questions, each asked of a small graph made by hand.

`graphs/cqNN.ttl` (or `.trig`) has the answer and some near misses; `graphs/cqNN.csv` is the answer.
"""

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse
from rdflib import Dataset, URIRef

from loader.store import select
from tests.queries.conftest import BASE, COMPETENCY, QUERIES, Row, rows_of

GRAPHS = Path(__file__).parent / "graphs"
ONTOLOGY = Path(__file__).parents[2] / "ontology"
DISTANCES = "11"  # rdflib has no functions of GeoSPARQL
FORMATS = {".ttl": RdfFormat.TURTLE, ".trig": RdfFormat.TRIG}


def graph_of(number: str) -> Path:
    return next(path for path in GRAPHS.glob(f"cq{number}.*") if path.suffix in FORMATS)


def question_of(number: str) -> Path:
    return next(QUERIES.glob(f"cq{number}-*.rq"))


def addresses(number: str) -> set[str]:
    """All addresses that the graph and the question name."""
    graph = graph_of(number)
    quads = parse(path=graph, format=FORMATS[graph.suffix])
    terms = {term for quad in quads for term in (quad.subject, quad.predicate, quad.object)}
    question = question_of(number).read_text("utf-8")
    prefixes = dict(re.findall(r"^PREFIX ([a-z]+): <(.*)>", question, re.M))
    used = re.findall(r"(?<![\w?])([a-z]+):([\w-]+)", question.split("SELECT", 1)[1])
    named = {str(getattr(term, "value", "")) for term in terms}
    return named | {prefixes[prefix] + name for prefix, name in used if prefix in prefixes}


def lists_of(number: str) -> list[Path]:
    """The code lists that the graph or the question names."""
    named = {a.removeprefix(BASE + "schemes/") for a in addresses(number)}
    schemes = sorted({name.split("/")[0] for name in named if not name.startswith("http")})
    files = [ONTOLOGY / "schemes" / f"{name}.ttl" for name in schemes]
    return [file for file in files if file.exists()]


def answer(number: str, question: str = "") -> list[Row]:
    """The answer of the small graph, to the question as it stands or as it is given."""
    graph = graph_of(number)
    store = Store()
    store.load(path=graph, format=FORMATS[graph.suffix])
    for file in lists_of(number):
        store.load(path=file, format=RdfFormat.TURTLE)
    return rows_of(select(store, question or question_of(number).read_text("utf-8")))


def expected_of(number: str) -> list[Row]:
    with (GRAPHS / f"cq{number}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("number", COMPETENCY)
def test_the_question_answers_rightly_on_its_small_graph(number: str) -> None:
    expected = expected_of(number)
    assert len(expected) > 1 or number == "04"  # only this one asks for a single thing
    assert answer(number) == expected


def cell(term: object) -> str | float:
    """A cell of either engine: they write the same number differently."""
    text = "" if term is None else str(term)
    text = text.removeprefix(BASE) if isinstance(term, URIRef) else text
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib warns of itself
@pytest.mark.parametrize("number", [number for number in COMPETENCY if number != DISTANCES])
def test_a_second_engine_gives_the_same_answer(number: str) -> None:
    dataset = Dataset(default_union=True)
    for file in [graph_of(number), *lists_of(number)]:
        dataset.parse(data=file.read_text("utf-8"), format="trig")
    result = dataset.query(question_of(number).read_text("utf-8"))
    rows = [[cell(term) for term in row] for row in result]  # type: ignore[union-attr]
    assert rows == [[cell(text) for text in row.values()] for row in expected_of(number)]


@pytest.mark.parametrize("number", COMPETENCY)
def test_a_graph_uses_only_declared_terms(number: str) -> None:
    declared = {
        str(getattr(quad.subject, "value", ""))
        for file in [*ONTOLOGY.glob("*.ttl"), *lists_of(number)]
        for quad in parse(path=file, format=RdfFormat.TURTLE)
    }
    own = {a for a in addresses(number) if a.startswith((BASE + "ontology/", BASE + "schemes/"))}
    invented = {a for a in own if re.match(BASE + "schemes/(example|unrelated)(/|$)", a)}
    assert own - invented - {BASE + "schemes/"} <= declared


def test_nothing_lies_beside_the_thirty_graphs() -> None:
    expected = {f"cq{number}" for number in COMPETENCY}
    assert {path.stem for path in GRAPHS.iterdir()} == expected
    assert len(list(GRAPHS.iterdir())) == 2 * len(expected)


def test_every_graph_is_formatted() -> None:
    tool = shutil.which("turtlefmt", path=str(Path(sys.executable).parent)) or "turtlefmt"
    files = sorted(GRAPHS.glob("*.ttl"))
    done = subprocess.run([tool, "--check", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("number", COMPETENCY)
def test_every_condition_of_a_question_has_a_near_miss(number: str) -> None:
    text, expected = question_of(number).read_text("utf-8"), answer(number)
    conditions = re.findall(r"^ *(?:FILTER|VALUES)\b.*[)}]\n", text, re.M)
    needless = [line for line in conditions if answer(number, text.replace(line, "")) == expected]
    assert needless == []
