"""The questions as files, and their answers from the release of the bundled sources."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolutions, Store

from loader.releases.release import Release
from loader.store import select

QUERIES = Path(__file__).parents[2] / "sparql_api" / "queries"
COMPETENCY = [f"{number:02}" for number in range(1, 31)]
MARK = "# Fehlt noch: "
BASE = "https://w3id.org/stadtwissen/"
Row = dict[str, str]
Ask = Callable[[str], list[Row]]


def names() -> list[str]:
    """The names of all questions."""
    return sorted(path.stem for path in QUERIES.glob("*.rq"))


def unanswered() -> list[str]:
    """The questions that are marked: today's release lacks the data for an answer."""
    texts = {name: (QUERIES / f"{name}.rq").read_text("utf-8") for name in names()}
    return [name for name, text in texts.items() if f"\n{MARK}" in text]


def answered() -> list[str]:
    """The questions that today's release answers."""
    marked = unanswered()
    return [name for name in names() if name not in marked]


def rows_of(solutions: QuerySolutions) -> list[Row]:
    """The rows as text; unbound cells are empty, our addresses lose their base."""
    columns = [variable.value for variable in solutions.variables]
    return [dict(zip(columns, map(_text, row), strict=True)) for row in solutions]


@pytest.fixture(scope="session")
def store(release: Release) -> Store:
    """The store of the release; no test writes to it."""
    return Store.read_only(str(release.store))


@pytest.fixture(scope="session")
def ask(store: Store) -> Ask:
    """Asks a question by its name."""
    return lambda name: rows_of(select(store, (QUERIES / f"{name}.rq").read_text("utf-8")))


def _text(term: object) -> str:
    value = str(getattr(term, "value", ""))
    return value.removeprefix(BASE) if isinstance(term, NamedNode) else value
