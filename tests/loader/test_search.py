"""The text index: who has these words, in which order, whatever is typed."""

import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from loader.queries import search
from loader.releases import indexing, master, reindexing

B = "https://w3id.org/stadtwissen/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
TEXT = "http://purl.org/dc/terms/description"
SUBCLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def _line(thing: str, predicate: str, value: str) -> str:
    return f"<{B}id/{thing}> <{predicate}> {value} <{B}graph/probe> ."


LINES = [
    _line("pegel", LABEL, '"Pegel gegen Überflutungen"@de'),
    _line("pegel", LABEL, '"Gauges against flooding"@en'),
    _line("pegel", TYPE, f"<{B}ontology/Measure>"),
    _line("pegel", TYPE, f"<{B}ontology/Thing>"),
    _line("schutz", LABEL, '"Überflutungsschutz"@de'),
    _line("schutz", TYPE, f"<{B}ontology/Thing>"),
    _line("amt", LABEL, '"Amt"@de'),
    _line("amt", TYPE, f"<{B}ontology/Actor>"),
    _line("amt", TYPE, f"<{B}ontology/Organisation>"),
    f"<{B}ontology/Organisation> <{SUBCLASS}> <{B}ontology/Actor> <{B}graph/probe> .",
    _line("bericht", TEXT, '"Ein Bericht, der auch Überflutungen nennt.\\nUnd \\"Kosten\\"."@de'),
    _line("bericht", TYPE, f"<{B}ontology/Thing>"),
    _line("zahl", TEXT, '"4711"^^<http://www.w3.org/2001/XMLSchema#integer>'),
    _line("kennung", TEXT, '"4711"'),
    f'_:c14n0 <{LABEL}> "Überflutung" <{B}graph/probe> .',
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> search.Index:
    folder = tmp_path_factory.mktemp("index")
    master.write(folder / "probe.nq", [pl.Series(LINES)])
    indexing.write(folder, {f"{B}graph/probe": folder / "probe.nq"})
    return search.Index(folder)


def _found(index: search.Index, text: str) -> list[str]:
    return [hit.iri.removeprefix(f"{B}id/") for hit in index.hits(text)]


@pytest.mark.parametrize("text", ["Überflutung", "ueberflutungen", "ÜBERFLUTUNG!"])
def test_all_spellings_find_the_same_with_names_first(index: search.Index, text: str) -> None:
    found = _found(index, text)
    assert set(found) == {"pegel", "bericht", "schutz"}
    assert found.index("pegel") < found.index("bericht")


def test_the_beginning_of_a_compound_finds_it(index: search.Index) -> None:
    assert _found(index, "Überflutungssch") == ["schutz"]


def test_all_words_must_occur(index: search.Index) -> None:
    assert _found(index, "Pegel Überflutung") == ["pegel"]
    assert _found(index, "Pegel Kosten") == []


def test_a_phrase_must_occur_as_it_is(index: search.Index) -> None:
    assert _found(index, '"gegen Überflutungen"') == ["pegel"]
    assert _found(index, '"Überflutungen gegen"') == []


def test_english_words_find_english_texts(index: search.Index) -> None:
    assert _found(index, "floods gauge") == ["pegel"]


def test_only_texts_are_searched(index: search.Index) -> None:
    assert _found(index, "4711") == ["kennung"]


def test_escapes_of_the_master_are_read(index: search.Index) -> None:
    assert _found(index, "und kosten") == ["bericht"]


def test_a_hit_has_its_most_special_class(index: search.Index) -> None:
    assert index.hits("Amt")[0].kind == f"{B}ontology/Organisation"
    assert index.hits("Pegel")[0].kind == f"{B}ontology/Measure"
    assert index.counts("Überflutung") == {f"{B}ontology/Measure": 1, f"{B}ontology/Thing": 2}


def test_a_page_is_a_part_of_the_hits(index: search.Index) -> None:
    things = [hit for hit in index.hits("Überflutung") if hit.kind.endswith("Thing")]
    kinds = [f"{B}ontology/Thing"]
    assert index.page("Überflutung", kinds, 1, 1) == things[1:]


@pytest.mark.parametrize(
    "text",
    ['"', '""', "*", "NEAR(a b)", 'x" OR "a*', "name:pegel", "^pegel", "AND", "a AND", "-", "\0",
     "'; DROP TABLE thing; --", "{name text}: x", "+", "(((((", "😀", "\ud800"],
)  # fmt: skip
def test_no_sign_of_the_text_means_anything(index: search.Index, text: str) -> None:
    index.hits(text)
    assert index.hits("Pegel")


def test_more_words_than_allowed_are_refused(index: search.Index) -> None:
    with pytest.raises(search.TooManyWords, match="33"):
        index.hits("wort " * 33)


def test_a_folder_without_an_index_has_none(tmp_path: Path) -> None:
    assert search.Index.of(tmp_path) is None


def test_an_index_that_was_amended_is_the_one_that_would_be_written_anew(tmp_path: Path) -> None:
    changed = [
        *(line for line in LINES if "Amt" not in line and "/bericht>" not in line),
        _line("pegel", TEXT, '"Misst das Wasser"@de'),
        _line("neu", LABEL, '"Neues Überflutungskonzept"@de'),
        _line("neu", TYPE, f"<{B}ontology/Measure>"),
        _line("schutz", TYPE, f"<{B}ontology/Measure>"),
    ]
    releases = {}
    for name, lines in (("before", LINES), ("after", changed), ("anew", changed)):
        (tmp_path / name / "graphs").mkdir(parents=True)
        path = tmp_path / name / "graphs" / "probe.nq"
        master.write(path, [pl.Series(lines)])
        releases[name] = {f"{B}graph/probe": path}
    for name in ("before", "anew"):
        indexing.write(tmp_path / name, releases[name])
    things = {line[1:].partition(">")[0] for line in {*LINES} ^ {*changed}}
    reindexing.write(tmp_path / "after", releases["after"], releases["before"], things)
    assert _content(tmp_path / "after") == _content(tmp_path / "anew")
    assert _content(tmp_path / "after") != _content(tmp_path / "before")


def _content(folder: Path) -> tuple[list[object], ...]:
    """Things with their classes, and where each stem stands in the texts of which thing."""
    with closing(sqlite3.connect(folder / search.FILE)) as database:
        database.execute("CREATE VIRTUAL TABLE temp.seen USING fts5vocab(main, words, instance)")
        stems = "SELECT iri, term, col, offset FROM temp.seen JOIN thing ON thing.id = seen.doc"
        every = "SELECT term, count(*) FROM temp.seen GROUP BY term"
        things = "SELECT iri, class FROM thing"
        return tuple(sorted(database.execute(query)) for query in (things, stems, every))
