"""Indexing: writes the text index of a release, which `loader.search` asks."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path

import polars as pl
from pyoxigraph import Literal, RdfFormat, parse

from loader import columns
from loader.prefix import PREFIXES
from loader.search import FILE
from loader.words import stems

_NAMES = frozenset(
    f"<{name}>"
    for name in (
        PREFIXES["rdfs"] + "label",
        PREFIXES["skos"] + "prefLabel",
        PREFIXES["skos"] + "altLabel",
        PREFIXES["dc"] + "title",
        PREFIXES["foaf"] + "name",
    )
)
_TYPE = f"<{PREFIXES['rdf']}type>"
_SUBCLASS = f"<{PREFIXES['rdfs']}subClassOf>"
_TEXT = r'^".*"(@[A-Za-z0-9-]+)?$'
# A release that was not finished is cleared, so that writing needs no way back.
_UNSAFE = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
_TABLES = """
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, class TEXT NOT NULL);
CREATE INDEX by_class ON thing(class);
CREATE VIRTUAL TABLE words USING fts5(
  name, text, content='', prefix='2 3 4', tokenize='unicode61 remove_diacritics 0'
);
"""


def write(folder: Path, graphs: Mapping[str, Path]) -> None:
    """Writes the index of the masters, by the name of their graph, into a release's folder."""
    named = ~pl.col("s").str.starts_with("_:")
    tables = [columns.scan(path, graph).filter(named) for graph, path in graphs.items()]
    statements = (
        pl.concat(tables) if tables else pl.LazyFrame(schema=dict.fromkeys("spo", pl.String))
    )
    classes = _classes(statements)
    texts = statements.filter(pl.col("o").str.contains(_TEXT)).unique().sort("s", "o").collect()
    with closing(sqlite3.connect(folder / FILE)) as database, database:
        database.executescript(_UNSAFE + _TABLES)
        things = groupby(texts.iter_rows(), key=itemgetter(0))
        for number, (subject, rows) in enumerate(things, 1):
            iri = subject[1:-1]
            database.execute(
                "INSERT INTO thing VALUES (?, ?, ?)", (number, iri, classes.get(subject, ""))
            )
            database.execute(
                "INSERT INTO words(rowid, name, text) VALUES (?, ?, ?)", (number, *_stems(rows))
            )
        database.execute("INSERT INTO words(words) VALUES ('optimize')")


def _classes(statements: pl.LazyFrame) -> dict[str, str]:
    """The most special class of each thing: of none of its others a superclass, of few things."""
    types = statements.filter(pl.col("p") == _TYPE).select("s", "o")
    above = statements.filter(pl.col("p") == _SUBCLASS).select(o="s", above="o")
    general = types.join(above, on="o").select("s", o="above")
    special = types.with_columns(members=pl.len().over("o")).join(
        general, on=["s", "o"], how="anti"
    )
    ranked = special.sort("s", "members", "o").unique("s", keep="first", maintain_order=True)
    return {subject: kind[1:-1] for subject, kind, _ in ranked.collect().iter_rows()}


def _stems(rows: Iterable[tuple[str, str, str]]) -> tuple[str, str]:
    """The stems of a thing's names and of its other texts; the same text counts once."""
    names: dict[str, str] = {}
    texts: dict[str, str] = {}
    for _, predicate, literal in rows:
        (names if predicate in _NAMES else texts)[literal] = literal
    return _joined(names), _joined(texts)


def _joined(literals: Iterable[str]) -> str:
    return " ".join(chain.from_iterable(stems(*_read(literal)) for literal in literals))


def _read(literal: str) -> tuple[str, str]:
    """Text and language of a literal as the master spells it."""
    if "\\" in literal:
        quad = next(iter(parse(f"<x:s> <x:p> {literal} .", format=RdfFormat.N_TRIPLES)))
        value = quad.object
        return (value.value, value.language or "") if isinstance(value, Literal) else ("", "")
    text, _, language = literal[1:].rpartition('"')
    return text, language.removeprefix("@")
