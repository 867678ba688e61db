"""Every question is a file that a reader understands, that parses, and that has an answer."""

import csv
import re
import time
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store

from loader.store import select
from sparql_api.endpoint import examples
from tests.queries.conftest import COMPETENCY, MARK, QUERIES, Ask, answered, names, unanswered

HERE = Path(__file__).parent
PRESS_REPORT_QUESTIONS = 15


def text_of(name: str) -> str:
    return (QUERIES / f"{name}.rq").read_text("utf-8")


@pytest.mark.parametrize("name", names())
def test_a_question_has_a_title_in_both_languages(name: str) -> None:
    german, english = text_of(name).split("\n")[:2]
    assert re.fullmatch(r"# [^ ].*\?", german)
    assert re.fullmatch(r"# en: [^ ].*\?", english)
    assert not german.startswith("# en:")


def test_no_two_questions_have_the_same_title() -> None:
    titles = [line for name in names() for line in text_of(name).split("\n")[:2]]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", names())
def test_a_question_is_valid_sparql_without_a_store(name: str) -> None:
    assert isinstance(Store().query(text_of(name)), QuerySolutions)


@pytest.mark.parametrize("name", names())
def test_a_question_declares_exactly_the_prefixes_it_uses(name: str) -> None:
    text = text_of(name)
    declared = re.findall(r"^PREFIX ([a-z]+): <", text, re.M)
    body = re.sub(r'"[^"\n]*"|^(#|PREFIX).*$', "", text, flags=re.M)
    used = set(re.findall(r"(?<![\w?])([a-z]+):", body))
    assert declared == sorted(used)


@pytest.mark.parametrize("name", names())
def test_lines_fit_the_page(name: str) -> None:
    assert [line for line in text_of(name).split("\n") if len(line) > 100] == []


@pytest.mark.parametrize("name", unanswered())
def test_a_question_without_data_says_in_both_languages_what_is_missing(name: str) -> None:
    german, english = text_of(name).split("\n")[2:4]
    assert re.fullmatch(rf"{MARK}[^ ].*\.", german)
    assert re.fullmatch(r"# en: missing yet: [^ ].*\.", english)


@pytest.mark.parametrize("name", unanswered())
def test_the_mark_goes_when_the_data_arrive(name: str, ask: Ask) -> None:
    assert ask(name) == [], f"{name} has an answer now: remove its lines “{MARK}…”"


def test_only_questions_with_an_answer_are_offered_as_examples() -> None:
    assert sorted(example.name for example in examples.all()) == answered()
    assert unanswered()


@pytest.mark.parametrize("name", answered())
def test_a_question_has_the_same_rows_in_the_same_order_twice(name: str, ask: Ask) -> None:
    first = ask(name)
    assert first
    assert ask(name) == first


@pytest.mark.parametrize("name", names())
def test_a_question_repeats_no_row(name: str, store: Store) -> None:
    rows = [tuple(map(str, row)) for row in select(store, text_of(name))]
    assert len(set(rows)) == len(rows)


def test_every_question_takes_far_less_than_the_time_limit(ask: Ask) -> None:
    slow = {}
    for name in names():
        start = time.process_time()
        ask(name)
        taken = time.process_time() - start
        if taken > 2:  # they take less than half a second; CI machines are slower
            slow[name] = taken
    assert slow == {}


def test_every_question_has_an_expected_answer() -> None:
    approved = {path.stem for path in (HERE / "approved").glob("*.csv")}
    tests = "\n".join(path.read_text("utf-8") for path in HERE.glob("test_*.py"))
    computed = set(re.findall(r'ask\("([a-z0-9-]+)"\)', tests))
    assert approved | computed == set(answered())


def test_the_press_report_answers_fifteen_questions() -> None:
    found = [name for name in names() if name.startswith("kts-")]
    assert len(found) >= PRESS_REPORT_QUESTIONS


def test_every_competency_question_is_one_file() -> None:
    assert sorted(name[2:4] for name in names() if re.match(r"cq\d\d-", name)) == COMPETENCY


def test_the_readme_lists_the_questions_without_an_answer() -> None:
    readme = (HERE / "README.md").read_text("utf-8")
    section = readme.split("## Not answered")[1].split("\n## ")[0]
    listed = [f"{int(number):02}" for number in re.findall(r"^\| (\d+) \|", section, re.M)]
    assert listed == [name[2:4] for name in unanswered()]


def test_approved_answers_are_plain_csv() -> None:
    for path in (HERE / "approved").glob("*.csv"):
        rows = list(csv.reader(path.read_text("utf-8").splitlines()))
        assert len(rows) > 1, path.name
        assert len({len(row) for row in rows}) == 1, path.name
