"""The master: every literal to the letter, found by bisection."""

from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from loader.releases import master
from loader.releases.run import Runs
from loader.term import literal

LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs"])


def line(subject: str, text: str) -> str:
    return f"<http://e/{subject}> <http://e/p> {literal(text)} <http://e/g> ."


def column(*lines: str) -> pl.Series:
    return pl.Series(lines, dtype=pl.String)


@given(st.text(LETTERS))
def test_any_text_survives_as_a_literal(text: str) -> None:
    (quad,) = parse(line("s", text), format=RdfFormat.N_QUADS)
    assert quad.object.value == text  # type: ignore[union-attr]


def test_lines_are_distinct_and_sorted_bytewise(tmp_path: Path) -> None:
    path = tmp_path / "m.nq"
    blocks = [column(line("b", "1"), line("a", "ä")), column(line("b", "1"))]
    number, checksum = master.write(path, blocks)
    assert number == 2
    assert path.read_text("utf-8").splitlines() == [line("a", "ä"), line("b", "1")]
    assert len(checksum) == 64


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.text(LETTERS, max_size=5)), max_size=40))
def test_the_statements_about_a_subject_are_found_and_no_others(
    tmp_path_factory: object, pairs: list[tuple[str, str]]
) -> None:
    path = Path(tmp_path_factory.mktemp("m")) / "m.nq"  # type: ignore[attr-defined]
    master.write(path, [column(*(line(s, t) for s, t in pairs))])
    for subject in "abcdefghi":
        found = list(master.statements(path, f"http://e/{subject}"))
        assert sorted(found) == sorted({line(s, t) for s, t in pairs if s == subject})


@given(st.lists(st.text(LETTERS, min_size=1, max_size=9), max_size=60), st.integers(1, 400))
def test_lines_sorted_in_runs_are_those_sorted_at_once(
    tmp_path_factory: object, texts: list[str], limit: int
) -> None:
    folder = Path(tmp_path_factory.mktemp("m"))  # type: ignore[attr-defined]
    lines = [line("s", text) for text in texts]
    with Runs(folder / "m.nq", limit) as runs:
        for each in lines:
            runs.add(column(each))
        number = runs.merge()
    expected = sorted({each.encode() for each in lines})
    assert (folder / "m.nq").read_bytes() == b"".join(each + b"\n" for each in expected)
    assert number == len(expected)
    assert [path.name for path in folder.iterdir()] == ["m.nq"]
