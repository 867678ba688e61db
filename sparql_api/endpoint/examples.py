"""Example queries: the files of the folder `queries`, titled by their first comment line.

A second line `# en: …` has the title in English.
A third line `# Fehlt noch: …` says that today's release lacks the data for an answer.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from loader.language import Text

_FOLDER = Path(__file__).parents[1] / "queries"
_MISSING = "# Fehlt noch: "

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
    title: Text
    query: str


@cache
def all() -> tuple[Example, ...]:  # noqa: A001  # read as `examples.all()`
    """The examples that have an answer, in order of their file names."""
    read = (_read(path) for path in sorted(_FOLDER.glob("*.rq")))
    return tuple(example for example in read if f"\n{_MISSING}" not in example.query)


def _read(path: Path) -> Example:
    text = path.read_text("utf-8")
    lines = [line[1:].strip() for line in text.splitlines() if line.startswith("#")]
    german = next(iter(lines), path.stem)
    english = next((line[3:].strip() for line in lines if line.startswith("en:")), german)
    return Example(path.stem, Text(german, english), text)
