"""Example queries: the files of the folder `queries`, titled by their first comment line."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "queries"

FIRST = """PREFIX stadt: <https://w3id.org/stadtwissen/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?projekt ?titel
WHERE {
  ?projekt a stadt:ModelProject ;
    rdfs:label ?titel .
  FILTER (lang(?titel) = "de")
}
ORDER BY ?titel
"""


@dataclass(frozen=True, slots=True)
class Example:
    """A query with its title."""

    name: str
    title: str
    query: str


@cache
def all() -> tuple[Example, ...]:  # noqa: A001  # read as `examples.all()`
    """The examples in order of their file names."""
    return tuple(_read(path) for path in sorted(_FOLDER.glob("*.rq")))


def _read(path: Path) -> Example:
    text = path.read_text("utf-8")
    first = text.split("\n", 1)[0]
    title = first.lstrip("# ").strip() if first.startswith("#") else path.stem
    return Example(path.stem, title, text)
