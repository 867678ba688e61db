"""A delivery judged with the live release: what it refers to, and what it collides with."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pyoxigraph import RdfFormat, Store

from loader.releases.release import Release
from loader.shacl import extract, live, shape
from loader.shacl.extract import Extract
from loader.shacl.live import Live
from loader.shacl.result import Result
from loader.validate import Validator

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix e: <http://e/> .
"""
SHAPES = """
e:prefixes sh:declare [ sh:prefix "e" ; sh:namespace "http://e/" ] .
e:Measure a sh:NodeShape ; sh:targetClass e:Measure ;
  sh:property e:Measure-project-unknown , e:Measure-unattached , e:Measure-place .
e:Measure-project-unknown sh:path e:project ; sh:class e:Project .
e:Measure-unattached sh:path [ sh:inversePath e:holds ] ; sh:minCount 1 .
e:Measure-place sh:path ( e:project e:place ) ; sh:node e:Place .
e:Place a sh:NodeShape ; sh:property e:Place-key .
e:Place-key sh:path e:key ; sh:pattern "^0" .
e:Measure-taken-shape a sh:NodeShape ; sh:targetClass e:Measure ; sh:sparql e:Measure-taken .
e:Measure-taken sh:prefixes e:prefixes ; sh:select '''SELECT $this ?value WHERE {
  $this e:number ?value . ?other e:number ?value FILTER (?other != $this) }''' .
"""
A = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
BELOW = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
INTEGER = "<http://www.w3.org/2001/XMLSchema#integer>"
LIVE = {
    "one": [
        f"<http://e/m1> {A} <http://e/Measure>",
        '<http://e/m1> <http://e/number> "1"',
        "<http://e/m1> <http://e/project> <http://e/p1>",
    ],
    "two": [
        "<http://e/box> <http://e/holds> <http://e/m1>",
        "<http://e/box> <http://e/holds> <http://e/m2>",
        f"<http://e/p1> {A} <http://e/Project>",
        "<http://e/p1> <http://e/place> <http://e/x/right>",
        f"<http://e/p2> {A} <http://e/Project>",
        "<http://e/p2> <http://e/place> <http://e/x/wrong>",
        '<http://e/quiet> <http://e/colour> "red"',
        f'<http://e/x/right> <http://e/key> "05"^^{INTEGER}',
        f'<http://e/x/wrong> <http://e/key> "5"^^{INTEGER}',
    ],
}


@pytest.fixture(scope="module")
def validator(tmp_path_factory: pytest.TempPathFactory) -> Validator:
    folder = tmp_path_factory.mktemp("shapes")
    (folder / "s.ttl").write_text(PREFIXES + SHAPES, "utf-8")
    return Validator(shape.read(folder))


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory, validator: Validator) -> Live:
    folder = tmp_path_factory.mktemp("release")
    (folder / "graphs").mkdir()
    for name, statements in LIVE.items():
        text = "".join(f"{s} <http://g/{name}> .\n" for s in sorted(statements))
        (folder / "graphs" / f"{name}.nq").write_text(text, "utf-8")
    store = Store(str(folder / "store"))
    for path in (folder / "graphs").iterdir():
        store.bulk_load(path=path, format=RdfFormat.N_QUADS)
    store.flush()
    graphs = {f"http://g/{name}": {"file": f"graphs/{name}.nq"} for name in LIVE}
    (folder / "manifest.json").write_text(json.dumps({"graphs": graphs}), "utf-8")
    return live.read(Release("one", folder), validator.shapes)


@pytest.fixture
def held(validator: Validator, release: Live) -> Live:
    """The release with what is asked of it in memory, for one check."""
    assert release.release
    asked = live.asked(validator.shapes.reach, release.walks)
    return replace(release, extract=gathered(release.release, asked))


def gathered(release: Release, asked: set[str] | None) -> Extract:
    found: list[Extract] = []

    def steps() -> Iterator[None]:
        found.append((yield from extract.gather(release, asked)))

    for _ in steps():
        pass
    return found[0]


def rules_of(found: list[Result]) -> set[str]:
    return {result.shape.rsplit("/", 1)[1] for result in found}


def delivery(name: str, number: str, project: str) -> str:
    return (
        f"<http://e/{name}> {A} <http://e/Measure> .\n"
        f'<http://e/{name}> <http://e/number> "{number}" .\n'
        f"<http://e/{name}> <http://e/project> <http://e/{project}> .\n"
    )


@pytest.mark.parametrize(
    ("statements", "rules"),
    [
        (delivery("m2", "2", "p1"), set()),
        (delivery("m2", "2", "p9"), {"Measure-project-unknown"}),
        (delivery("m2", "2", "p2"), {"Measure-place"}),
        (delivery("m2", "1", "p1"), {"Measure-taken"}),
        (delivery("m3", "3", "p1"), {"Measure-unattached"}),
        (
            f"<http://e/m3> {A} <http://e/Own> .\n<http://e/Own> {BELOW} <http://e/Measure> .\n",
            {"Measure-unattached"},
        ),
        (delivery("m1", "1", "p1"), set()),
        (delivery("m2", "2", "p1") + "<http://e/p1> <http://e/of> <http://e/m2> .\n", set()),
        (
            delivery("m2", "2", "p1") + delivery("m4", "2", "p1"),
            {"Measure-taken", "Measure-unattached"},
        ),
    ],
    ids=[
        "everything there",
        "a project that nobody knows",
        "a key of a place of a project, as it was written",
        "a number that another has",
        "a thing that nothing holds",
        "a thing of a class of its own below ours",
        "the same thing once more",
        "a word about a thing that the release describes",
        "two of the delivery collide",
    ],
)
def test_a_delivery_is_seen_together_with_the_live_release(
    validator: Validator, release: Live, held: Live, statements: str, rules: set[str]
) -> None:
    assert rules_of(validator.delivery(statements.splitlines(), release)) == rules
    assert rules_of(validator.delivery(statements.splitlines(), held)) == rules


def test_what_is_in_memory_serves_one_check_and_the_next_opens_the_store(
    validator: Validator, held: Live
) -> None:
    validator.delivery(delivery("m2", "7", "p1").splitlines(), held)
    found = validator.delivery(delivery("m5", "7", "p1").splitlines(), held)
    assert rules_of(found) == {"Measure-unattached"}


def test_what_is_in_memory_of_an_earlier_release_is_not_asked(
    validator: Validator, release: Live, held: Live
) -> None:
    assert release.release
    newer = replace(held, release=replace(release.release, id="two"))
    assert held.extract
    validator.delivery(delivery("m2", "2", "p1").splitlines(), newer)
    assert held.extract.take("one") is not None


def test_a_release_that_is_too_large_is_not_held_in_memory(
    validator: Validator, release: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert release.release
    monkeypatch.setattr(extract, "_MOST", 3)
    small = replace(release, extract=gathered(release.release, None))
    assert small.extract == Extract("one", None)
    assert rules_of(validator.delivery(delivery("m2", "1", "p1").splitlines(), small)) == {
        "Measure-taken"
    }


def test_a_thing_of_which_nothing_is_asked_is_known_in_memory_too(
    validator: Validator, release: Live, held: Live
) -> None:
    lines = ["<http://e/quiet> <http://e/of> <http://e/m2> ."]
    for seen in (release, held):
        with seen.joined(lines, validator.shapes.reach) as joined:
            assert joined.things == set()


def test_a_check_leaves_the_live_release_as_it_was(validator: Validator, release: Live) -> None:
    assert release.release
    before = set(Store.read_only(str(release.release.store)))
    validator.delivery(delivery("m1", "7", "p9").splitlines(), release)
    assert set(Store.read_only(str(release.release.store))) == before


def test_a_delivery_is_judged_before_there_is_a_release(validator: Validator) -> None:
    found = validator.delivery(
        delivery("m2", "2", "p1").splitlines(), live.read(None, validator.shapes)
    )
    assert rules_of(found) == {"Measure-project-unknown", "Measure-unattached"}


def test_things_of_the_release_itself_are_not_blamed(validator: Validator, release: Live) -> None:
    found = validator.delivery(delivery("m2", "1", "p2").splitlines(), release)
    assert {result.focus for result in found} == {"http://e/m2"}
