"""The fields of action of others: named as in the facts, and linked to ours."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

ROOT = Path(__file__).parents[2]
FACTS = ROOT.parent / "shared" / "facts" / "fields_of_action.csv"
SCHEMES = ROOT / "ontology" / "schemes"
LINKS = ROOT / "ontology" / "alignments" / "field-of-action.ttl"
SKOS = "http://www.w3.org/2004/02/skos/core#"
LISTS = {
    "field-of-action-bitkom-atlas": ("Bitkom Smart City Atlas", "de"),
    "field-of-action-bitkom-index": ("Bitkom Smart City Index", "de"),
    "field-of-action-charta": ("Smart City Charta", "de"),
    "field-of-action-eu-marketplace": ("Smart Cities Marketplace (EU): sectors", "en"),
    "field-of-action-eu-marketplace-areas": ("Smart Cities Marketplace (EU): cross", "en"),
    "field-of-action-morgenstadt": ("Morgenstadt (Fraunhofer)", "de"),
}


def quads(file: Path) -> list[Quad]:
    return list(parse(path=file, format=RdfFormat.TURTLE))


def links() -> list[tuple[str, str, str]]:
    found = [q for q in quads(LINKS) if q.predicate.value.endswith("Match")]
    return [(str(q.subject), q.predicate.value.removeprefix(SKOS), str(q.object)) for q in found]


def entries(name: str) -> set[str]:
    notation = NamedNode(SKOS + "notation")
    return {str(q.subject) for q in quads(SCHEMES / f"{name}.ttl") if q.predicate == notation}


@pytest.mark.skipif(not FACTS.exists(), reason="the facts lie in ../shared, which is not here")
@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_the_names_that_the_facts_give(name: str) -> None:
    beginning, language = LISTS[name]
    with FACTS.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["systematik"].startswith(beginning)]
    labels = [
        q.object for q in quads(SCHEMES / f"{name}.ttl") if q.predicate.value.endswith("#prefLabel")
    ]
    found = {t.value for t in labels if isinstance(t, Literal) and t.language == language}
    assert found == {row["handlungsfeld"] for row in rows}


def test_every_list_of_others_is_named_here() -> None:
    assert {path.stem for path in SCHEMES.glob("field-of-action-*.ttl")} == set(LISTS)


def test_a_link_leads_from_an_entry_of_others_to_one_of_ours() -> None:
    theirs = set().union(*(entries(name) for name in LISTS))
    assert {subject for subject, _, _ in links()} <= theirs
    assert {target for _, _, target in links()} <= entries("field-of-action")


def test_two_entries_have_at_most_one_kind_of_link() -> None:
    pairs = Counter((subject, target) for subject, _, target in links())
    assert [pair for pair, count in pairs.items() if count > 1] == []


def test_only_the_list_that_ours_is_made_after_has_the_same_entries() -> None:
    same = [subject for subject, kind, _ in links() if kind == "exactMatch"]
    assert sorted(same) == sorted(entries("field-of-action-bitkom-atlas"))
