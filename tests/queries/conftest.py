"""The questions as files, and their answers from the release of the bundled sources."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from loader.release import Release
from loader.store import select

QUERIES = Path(__file__).parents[2] / "sparql_api" / "queries"
BASE = "https://w3id.org/stadtwissen/"
Row = dict[str, str]
Ask = Callable[[str], list[Row]]


def names() -> list[str]:
    """The names of all questions."""
    return sorted(path.stem for path in QUERIES.glob("*.rq"))


@pytest.fixture(scope="session")
def store(release: Release) -> Store:
    """The store of the release; no test writes to it."""
    return Store.read_only(str(release.store))


@pytest.fixture(scope="session")
def ask(store: Store) -> Ask:
    """Asks a question by its name; unbound cells are empty, our addresses lose their base."""

    def answer(name: str) -> list[Row]:
        solutions = select(store, (QUERIES / f"{name}.rq").read_text("utf-8"))
        columns = [variable.value for variable in solutions.variables]
        return [dict(zip(columns, map(_text, row), strict=True)) for row in solutions]

    return answer


def _text(term: object) -> str:
    value = str(getattr(term, "value", ""))
    return value.removeprefix(BASE) if isinstance(term, NamedNode) else value
