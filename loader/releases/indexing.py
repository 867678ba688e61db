"""Indexing: writes the text index of a release, which `queries.search` asks."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from zlib import crc32

import polars as pl
import Stemmer
from pyoxigraph import Literal, RdfFormat, parse

from loader.prefix import PREFIXES
from loader.queries.search import FILE
from loader.queries.words import stems
from loader.releases import columns

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
KINDS = (_TYPE, _SUBCLASS)
Row = tuple[str, str, str]  # subject, predicate and object as a master spells them
TEXT = r'^".*"(@[A-Za-z0-9-]+)?$'
# A release that was not finished is cleared, so that writing needs no way back.
UNSAFE = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
# What was written with other stems or into other tables cannot be amended: raise the number then.
EDITION = crc32(f"1 {Stemmer.version()}".encode()) >> 1
_TABLES = f"""
PRAGMA user_version = {EDITION};
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, class TEXT NOT NULL);
CREATE INDEX by_class ON thing(class, iri);
CREATE VIRTUAL TABLE words USING fts5(
  name, text, content='', prefix='2 3 4', tokenize='unicode61 remove_diacritics 0'
);
"""


def write(folder: Path, graphs: Mapping[str, Path]) -> None:
    """Writes the index of the masters, by the name of their graph, into a release's folder."""
    statements, kinds = _statements(graphs), classes(graphs)
    texts = statements.filter(pl.col("o").str.contains(TEXT)).unique().sort("s", "o").collect()
    with closing(sqlite3.connect(folder / FILE)) as database, database:
        database.executescript(UNSAFE + _TABLES)
        things = groupby(texts.iter_rows(), key=itemgetter(0))
        for number, (subject, rows) in enumerate(things, 1):
            put(database, number, subject, rows, kinds)
        database.execute("INSERT INTO words(words) VALUES ('optimize')")


def _statements(graphs: Mapping[str, Path]) -> pl.LazyFrame:
    """What is said of everything that has an address."""
    named = ~pl.col("s").str.starts_with("_:")
    tables = [columns.scan(path, graph).filter(named) for graph, path in graphs.items()]
    return pl.concat(tables) if tables else pl.LazyFrame(schema=dict.fromkeys("spo", pl.String))


def put(
    database: sqlite3.Connection,
    number: int,
    subject: str,
    rows: Iterable[Row],
    kinds: Mapping[str, str],
) -> None:
    """Adds a thing with its texts under a number that is free; `kinds` may know its class."""
    thing = (number, subject[1:-1], kinds.get(subject, ""))
    database.execute("INSERT INTO thing VALUES (?, ?, ?)", thing)
    words = (number, *stems_of(rows))
    database.execute("INSERT INTO words(rowid, name, text) VALUES (?, ?, ?)", words)


def classes(graphs: Mapping[str, Path]) -> dict[str, str]:
    """The most special class of each thing: of none of its others a superclass, of few things."""
    statements = _statements(graphs)
    types = statements.filter(pl.col("p") == _TYPE).select("s", "o")
    above = statements.filter(pl.col("p") == _SUBCLASS).select(o="s", above="o")
    general = types.join(above, on="o").select("s", o="above")
    special = types.with_columns(members=pl.len().over("o")).join(
        general, on=["s", "o"], how="anti"
    )
    ranked = special.sort("s", "members", "o").unique("s", keep="first", maintain_order=True)
    return {subject: kind[1:-1] for subject, kind, _ in ranked.collect().iter_rows()}


def stems_of(rows: Iterable[Row]) -> tuple[str, str]:
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
