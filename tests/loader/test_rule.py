"""The catalogue of rules: one place for codes, complete in both languages."""

import re

import pytest
from rdflib import Graph, Namespace

from loader import bundle, rule
from loader.rule import Rule

STADT = Namespace("https://w3id.org/stadtwissen/ontology/")
USED = re.compile(r'"((?:M|D|T|S|E|P|U|C)(?:-[A-Z]+)+)"')
JARGON = re.compile(r"\b(SHACL|IRI|URI|Pattern|pattern|Literal|literal|ungültig|invalid)\b")
RULES = list(rule.catalogue().values())


def shape_codes() -> set[str]:
    shapes = Graph()
    for file in bundle.shapes().glob("*.ttl"):
        shapes.parse(file)
    return {str(code) for code in shapes.objects(None, STADT.ruleCode)}


def test_every_code_that_a_shape_or_the_loader_names_is_in_the_catalogue() -> None:
    loader = bundle.checkout() or bundle.shapes()
    named = {
        code
        for file in (loader / "loader").rglob("*.py")
        for code in USED.findall(file.read_text("utf-8"))
    }
    families = {code.rpartition("-")[0] for code in rule.codes()}
    assert named
    assert (named | shape_codes()) - set(rule.codes()) - families == set()


def test_a_rule_without_sentences_has_them_in_the_shapes() -> None:
    silent = {each.code for each in RULES if each.severity is None}
    assert silent
    assert silent - shape_codes() == set()


@pytest.mark.parametrize("each", RULES, ids=lambda each: each.code)
def test_a_rule_speaks_plainly_in_both_languages(each: Rule) -> None:
    texts = [each.title, *([each.message, each.hint] if each.severity else [])]
    for text in texts:
        assert text.de
        assert text.en
        assert text.de != text.en
        assert re.findall(r"{(\w+)}", text.de) == re.findall(r"{(\w+)}", text.en)
        assert not JARGON.search(text.de + text.en)
