"""Changes judged by what they touch, beside the same changes judged as a whole."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pyoxigraph import BlankNode, Quad, RdfFormat, parse

from loader import bundle, vocabulary
from loader.changes import judgement
from loader.changes.draft import Draft
from loader.changes.judgement import Rules
from loader.prefix import PREFIXES
from loader.releases.release import Home
from loader.trace import Trace
from loader.validate import Validator
from tests.sparql_api.conftest import publish

CHANGES = int(os.environ.get("CHANGES", "12"))
CASES = Path(__file__).parents[1] / "shapes" / "cases"
TERMS, DATA, FAULTS = "urn:terms", "urn:data", "urn:faults"
SUBCLASS = f"<{PREFIXES['rdfs']}subClassOf>"
Key = tuple[Any, ...]


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules.read()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, rules: Rules) -> Home:
    """A release of all cases of the shapes together, right ones and wrong ones, judged whole."""
    folder = tmp_path_factory.mktemp("judged")
    words = vocabulary.read(bundle.ontology())
    terms = [q for q in words.terms if str(q.predicate) == SUBCLASS]
    files = [*CASES.rglob("base.ttl"), *CASES.rglob("valid*.ttl")]
    wrong = list(CASES.rglob("invalid*.ttl"))
    graphs = {
        TERMS: _lines([*terms, *words.concepts], TERMS),
        DATA: _lines((q for file in files for q in parse(path=file)), DATA),
        FAULTS: _lines((q for file in wrong for q in parse(path=file)), FAULTS),
    }
    release = publish(folder, graphs)
    facts = release.manifest | {"ruleset": rules.shapes.digest}
    (release.path / "manifest.json").write_text(json.dumps(facts), "utf-8")
    found = Validator(rules.shapes)
    with Home(folder).building() as candidate, Draft.begin(_live(folder), candidate) as draft:
        draft.write()
        findings = found.findings(judgement._whole(draft, found), Trace([]))
    report = [finding.as_json() for finding in findings]
    assert len(report) > 300
    (release.path / "report.json").write_text(json.dumps(report), "utf-8")
    return Home(folder)


def _live(folder: Path) -> Any:
    return Home(folder).current()


def _lines(quads: Any, graph: str) -> list[str]:
    """Statements of one graph, those without blank nodes."""
    ground = {q.triple for q in quads if not isinstance(q.object, BlankNode)}
    return [f"{t} <{graph}> ." for t in ground if not isinstance(t.subject, BlankNode)]


def _changed(lines: list[str], random: Random) -> list[str]:
    """The lines with some gone, and some new ones that mix the terms of others."""
    kept = set(lines) - set(random.sample(lines, random.randrange(12)))
    for _ in range(random.randrange(1, 16)):
        one, other = (next(iter(parse(random.choice(lines), RdfFormat.N_QUADS))) for _ in "ab")
        part = random.choice(["subject", "predicate", "object"])
        said = {name: getattr(one, name) for name in ("subject", "predicate", "object")}
        said[part] = getattr(other, part)
        kept.add(f"{Quad(**said, graph_name=one.graph_name)} .")
    return sorted(kept)


def _keys(report: list[dict[str, Any]]) -> set[Key]:
    return {tuple(entry[name] for name in ("shape", "focus", "path", "value")) for entry in report}


@pytest.mark.parametrize("seed", range(CHANGES))
def test_a_change_judged_by_what_it_touches_finds_what_judging_everything_finds(
    home: Home, rules: Rules, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)
    with home.building() as candidate, Draft.begin(_live(home.path), candidate) as draft:
        for graph in random.sample([DATA, FAULTS], random.randrange(1, 3)):
            draft.replace(graph, _changed(draft.lines(graph), random))
        draft.write()
        validator = Validator(rules.shapes)
        whole = validator.findings(judgement._whole(draft, validator), Trace([]))
        lines = {
            line
            for graph, after in draft.changed.items()
            for line in set(draft.before(graph)) ^ set(after or ())
        }
        monkeypatch.setattr(judgement, "_whole", _not_expected)
        judged = judgement.of(draft, rules, lines)
    assert _keys(judged.report) == _keys([finding.as_json() for finding in whole])


def _not_expected(*_: object) -> Iterator[None]:
    raise AssertionError("everything was judged again")
