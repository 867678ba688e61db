"""The rules themselves: well-formed, worded in both languages, and complete."""

import re
from itertools import chain

import pyshacl
import pytest
from rdflib import OWL, RDF, SH, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from .conftest import ROOT

STADT = Namespace("https://w3id.org/stadtwissen/ontology/")
SHAPES = "https://w3id.org/stadtwissen/shapes/"
PLAN = ROOT.parent / "shared" / "design" / "ontology.md"
JARGON = re.compile(r"\b(SHACL|IRI|URI|Pattern|pattern|Literal|literal|ungültig|invalid)\b")


def worded(rules: Graph) -> set[Node]:
    """Everything that can appear in a finding: property shapes, constraints, coded shapes."""
    kinds = (SH.PropertyShape, SH.SPARQLConstraint)
    found = chain(*(rules.subjects(RDF.type, kind) for kind in kinds))
    return {*found, *rules.subjects(STADT.ruleCode)}


def languages(rules: Graph, rule: Node, predicate: URIRef) -> list[str]:
    return sorted(
        o.language or "" for o in rules.objects(rule, predicate) if isinstance(o, Literal)
    )


def test_the_shapes_are_valid_shapes(rules: Graph) -> None:
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=rules, meta_shacl=True)
    assert conforms, text


@pytest.fixture(scope="module")
def spoken(rules: Graph, profiles: Graph) -> Graph:
    """Every rule that can speak to a reader: those of the build and those of the profiles."""
    return rules + profiles


def test_every_rule_has_one_code(spoken: Graph) -> None:
    codes = {
        rule: [str(o) for o in spoken.objects(rule, STADT.ruleCode)] for rule in worded(spoken)
    }
    wrong = {
        r: c for r, c in codes.items() if len(c) != 1 or not re.fullmatch("[SPC](-[A-Z]+)+", c[0])
    }
    assert not wrong


def test_every_rule_has_one_severity(spoken: Graph) -> None:
    levels = {SH.Violation, SH.Warning, SH.Info}
    said = {rule: list(spoken.objects(rule, SH.severity)) for rule in worded(spoken)}
    assert not {rule: s for rule, s in said.items() if len(s) != 1 or s[0] not in levels}


def test_a_constraint_is_as_severe_as_its_shape(spoken: Graph) -> None:
    for shape, constraint in spoken.subject_objects(SH.sparql):
        assert spoken.value(shape, SH.severity) == spoken.value(constraint, SH.severity)


@pytest.mark.parametrize("predicate", [SH.message, STADT.hint], ids=["message", "hint"])
def test_every_rule_speaks_german_and_english(spoken: Graph, predicate: URIRef) -> None:
    said = {rule: languages(spoken, rule, predicate) for rule in worded(spoken)}
    assert not {rule: tags for rule, tags in said.items() if tags != ["de", "en"]}


def test_every_hint_has_an_example(spoken: Graph) -> None:
    hints = [str(o) for rule in worded(spoken) for o in spoken.objects(rule, STADT.hint)]
    example = re.compile(r"zum Beispiel|for example|2023-12-31")
    assert not [hint for hint in hints if not example.search(hint)]


def test_no_sentence_uses_jargon(spoken: Graph) -> None:
    sentences = chain(spoken.objects(None, SH.message), spoken.objects(None, STADT.hint))
    assert not [text for text in sentences if JARGON.search(str(text))]


def test_every_shape_has_an_address(spoken: Graph) -> None:
    kinds = (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint, SH.PropertyGroup)
    shapes = set(chain(*(spoken.subjects(RDF.type, kind) for kind in kinds)))
    assert not [shape for shape in shapes if not str(shape).startswith(SHAPES)]


def test_every_term_of_ours_in_the_rules_is_declared(rules: Graph, ontology: Graph) -> None:
    everything = {term for triple in rules for term in triple if isinstance(term, URIRef)}
    named = {term for term in everything if term.startswith(STADT)}
    queries = " ".join(str(query) for query in rules.objects(None, SH.select))
    named |= {STADT[local] for local in re.findall(r"stadt:(\w+)", queries)}
    declared = set(ontology.subjects(RDF.type)) | {URIRef(str(STADT))}
    assert not named - declared


def test_every_list_in_the_rules_exists(rules: Graph, vocabulary: Graph) -> None:
    prefix = "https://w3id.org/stadtwissen/schemes/"
    named = {o for o in rules.objects(None, SH.hasValue) if str(o).startswith(prefix)}
    assert not named - set(vocabulary.objects())


def test_every_class_has_a_shape(rules: Graph, ontology: Graph) -> None:
    classes = set(ontology.subjects(RDF.type, OWL.Class))
    assert not classes - set(rules.objects(None, SH.targetClass))


def test_every_property_appears_in_a_rule(rules: Graph, ontology: Graph) -> None:
    properties = set(ontology.subjects(RDF.type, OWL.ObjectProperty))
    properties |= set(ontology.subjects(RDF.type, OWL.DatatypeProperty))
    queries = " ".join(str(query) for query in rules.objects(None, SH.select))
    used = set(rules.objects()) | {STADT[local] for local in re.findall(r"stadt:(\w+)", queries)}
    # Texts in the words of a source are free: nothing about them can be wrong.
    free = {p for p in properties if str(p).endswith("Text")} | {
        STADT.lessonTopic,
        STADT.solutionKind,
    }
    assert not properties - used - free


def plan() -> tuple[set[URIRef], set[URIRef]]:
    """The classes and the properties in the tables of the plan."""
    rows = [
        [cell.strip() for cell in line.split("|")]
        for line in PLAN.read_text("utf-8").splitlines()
        if line.count("|") > 6
    ]
    classes = {STADT[r[2].strip("`").removeprefix("stadt:")] for r in rows if "`stadt:" in r[2]}
    named = {r[2].strip("`") for r in rows if re.fullmatch(r"`[a-z]\w+`", r[2]) and r[3] in "OD"}
    return classes, {STADT[local] for local in named}


@pytest.mark.skipif(not PLAN.exists(), reason="the plan lies in ../shared, which is not here")
def test_every_class_and_property_of_the_plan_has_a_rule(rules: Graph) -> None:
    classes, properties = plan()
    assert len(classes) == 31
    assert len(properties) > 40
    assert not classes - set(rules.objects(None, SH.targetClass))
    paths = set(rules.objects(None, SH.path)) | set(rules.objects(None, RDF.first))
    paths |= set(rules.objects(None, SH.inversePath))
    assert not properties - paths


def test_no_query_needs_more_than_one_look_at_all_data(rules: Graph) -> None:
    heavy = re.compile(r"\b(GROUP BY|HAVING|MINUS|VALUES|SERVICE|COUNT|SUM|AVG|MIN|MAX)\b", re.I)
    queries = [str(query) for query in rules.objects(None, SH.select)]
    assert queries
    assert not [q for q in queries if heavy.search(q) or q.upper().count("SELECT") != 1]
