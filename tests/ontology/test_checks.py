"""The checks: one query a rule, no rows from the ontology, and rows from what breaks the rule."""

import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store

ROOT = Path(__file__).parents[2]
PLAN = ROOT.parent / "shared" / "design" / "ontology.md"
FOLDER = ROOT / "ontology" / "checks"
CHECKS = sorted(FOLDER.glob("*.rq"))
BROKEN = Path(__file__).parent / "broken"
BASE = "https://w3id.org/stadtwissen/"


def stem(path: Path) -> str:
    return path.stem


def address(file: Path) -> NamedNode:
    """The address under which a file of the ontology is found: its graph in the store."""
    local = file.relative_to(ROOT / "ontology").with_suffix("").as_posix()
    if local.startswith("schemes/"):
        return NamedNode(BASE + local)
    return NamedNode(BASE + "ontology/" + ("" if local == "stadtwissen" else local + "/"))


def rows(store: Store, check: Path) -> list[str]:
    found = store.query(check.read_text("utf-8"), use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return [" ".join(str(term) for term in row) for row in found]


@pytest.fixture(scope="module")
def ontology() -> Store:
    store = Store()
    for folder in ("", "restrictions", "alignments", "schemes"):
        files = sorted((ROOT / "ontology" / folder).glob("*.ttl"))
        assert files
        for file in files:
            store.load(path=file, format=RdfFormat.TURTLE, to_graph=address(file))
    return store


@pytest.mark.parametrize("check", CHECKS, ids=stem)
def test_the_ontology_passes(ontology: Store, check: Path) -> None:
    assert rows(ontology, check) == []


@pytest.mark.parametrize("check", CHECKS, ids=stem)
def test_the_check_can_fail(check: Path) -> None:
    store = Store()
    graph = NamedNode(BASE + "ontology/core/")
    store.load(path=BROKEN / f"{check.stem}.ttl", format=RdfFormat.TURTLE, to_graph=graph)
    assert rows(store, check)


def test_every_broken_file_belongs_to_a_check() -> None:
    assert CHECKS
    assert {stem(file) for file in BROKEN.iterdir()} == {stem(check) for check in CHECKS}


@pytest.mark.parametrize("check", CHECKS, ids=stem)
def test_a_check_says_its_rule_its_code_and_its_reason(check: Path) -> None:
    title, reason, *_ = check.read_text("utf-8").splitlines()
    assert re.fullmatch(r"# .+ \((ROBOT|OOPS!|FOOPS!|SEMIC) .+\)", title)
    assert re.fullmatch(r"# .{30,}", reason)


@pytest.mark.skipif(not PLAN.exists(), reason="the plan lies in ../shared, which is not here")
def test_every_check_of_the_plan_is_made_or_the_reason_given() -> None:
    plan = PLAN.read_text("utf-8")
    section = plan[plan.index("### OOPS!") : plan.index("### Judges that contradict")]
    pitfalls = set(re.findall(r"\b(P\d\d) ", section.split("That is 33")[0]))
    foops = set(re.findall(r"^\| ([A-Z]+[\d._]+(?:BIS)?) \|", section, re.MULTILINE))
    robot = next(line for line in plan.splitlines() if line.startswith("ERROR: deprecated"))
    named = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", robot))
    assert (len(pitfalls), len(foops), len(named)) == (33, 24, 32)
    said = "\n".join(check.read_text("utf-8").splitlines()[0] for check in CHECKS)
    said += (FOLDER / "README.md").read_text("utf-8")
    words = set(re.findall(r"[\w.]+(?<!\.)", said))
    assert not (pitfalls | foops | named) - words
