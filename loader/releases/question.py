"""Questions: SPARQL queries on a release without a server."""

import re
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import (
    Literal,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
)

from loader.errors import UsageError
from loader.language import Text
from loader.queries.extension import CALLS
from loader.queries.matching import MatchMisplaced, expanded
from loader.queries.search import Index
from loader.releases.release import Home, Release

_RESULTS = {
    "json": QueryResultsFormat.JSON,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "xml": QueryResultsFormat.XML,
}
_GRAPHS = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES}
# Comments, texts and addresses, in which the word FROM means nothing.
_HIDING = re.compile(r"""\#[^\n]*|<[^<>\s]*>|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""")
Answer = QuerySolutions | QueryBoolean | QueryTriples
FORMATS = ("table", *_RESULTS, *_GRAPHS)


class NoRelease(UsageError):
    """There is nothing to ask: no release was built yet."""


class BadQuestion(UsageError):
    """A query that is no SPARQL, or a format that its kind of answer does not have."""


def release(home: Home, wanted: str | None) -> Release:
    """The release with this id, or the live one. Raises NoRelease, UnknownRelease."""
    found = home.release(wanted) if wanted else home.current()
    if found is None:
        raise NoRelease(
            Text(
                "Es gibt noch keine Veröffentlichung. Bauen Sie eine: stadtwissen build",
                "There is no release yet. Build one: stadtwissen build",
            )
        )
    return found


def read(file: str) -> str:
    """The query in a file. Raises BadQuestion when it cannot be read."""
    try:
        return decoded(Path(file).read_bytes(), file)
    except OSError as error:
        why = error.strerror or ""
        raise BadQuestion(
            Text(f"{file} ist nicht lesbar: {why}", f"{file} cannot be read: {why}")
        ) from error


def decoded(query: bytes, file: str) -> str:
    """The query's text. Raises BadQuestion when it is no UTF-8."""
    try:
        return query.decode()
    except UnicodeDecodeError as error:
        raise BadQuestion(
            Text(f"{file}: Die Abfrage ist kein UTF-8.", f"{file}: the query is not UTF-8.")
        ) from error


def ask(release: Release, query: str, form: str, output: BinaryIO) -> None:
    """Writes the answer over the union of all graphs.

    Raises BadQuestion for a syntax error and for a format of the other kind of answer.
    """
    store = Store.read_only(str(release.store))
    try:
        answer = _answer(store, query, release)
    except SyntaxError as error:
        raise BadQuestion(
            Text(
                f"Die Abfrage ist kein SPARQL: {error.msg}", f"The query is no SPARQL: {error.msg}"
            )
        ) from error
    if isinstance(answer, QueryTriples):
        if form in _RESULTS:
            raise _wrong(form, ("table", *_GRAPHS))
        answer.serialize(output, _GRAPHS.get(form, RdfFormat.TURTLE))
    elif form in _GRAPHS:
        raise _wrong(form, ("table", *_RESULTS))
    elif form in _RESULTS:
        answer.serialize(output, _RESULTS[form])
    else:
        _table(answer, output)


def _answer(store: Store, query: str, release: Release) -> Answer:
    union = not _names_graphs(query)
    try:
        text = _expanded(query, release)
        return store.query(text, use_default_graph_as_union=union, custom_functions=CALLS)
    except (MatchMisplaced, SyntaxError):
        Store().query(
            query, custom_functions=CALLS
        )  # an error has its place in the text as it came
        raise


def _expanded(query: str, release: Release) -> str:
    """The query with its text searches answered, if the release can."""
    index = Index.of(release.path)
    if index is None:
        return query
    with closing(index):
        return expanded(query, index.hits)


def _names_graphs(query: str) -> bool:
    """Whether the query has a FROM clause, which the engine's union would silently override."""
    return "FROM" in _HIDING.sub(" ", query).upper().split()


def _table(answer: QuerySolutions | QueryBoolean, output: BinaryIO) -> None:
    """Columns under their names, as wide as their widest cell."""
    if isinstance(answer, QueryBoolean):
        output.write(b"true\n" if answer else b"false\n")
        return
    names = [variable.value for variable in answer.variables]
    rows = [names, *([_cell(value) for value in row] for row in answer)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(names))]
    for row in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        output.write(line.rstrip().encode() + b"\n")


def _cell(term: object) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, Literal) else str(term)


def _wrong(form: str, forms: tuple[str, ...]) -> BadQuestion:
    names = ", ".join(forms)
    return BadQuestion(
        Text(
            f"Diese Antwort gibt es nicht als {form}, sondern als {names}.",
            f"This answer does not come as {form} but as {names}.",
        )
    )
