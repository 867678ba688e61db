"""Literals as delivered: what a source's cells say stands in the master to the letter."""

import csv
import json
from pathlib import Path

import pytest

from loader.releases.release import Home
from loader.term import text_of
from tests.conftest import stadtwissen
from tests.loader.test_dumps import CONTROL, NASTY, XSD
from tests.sparql_api.conftest import B

G = f"{B}graph/probe"
# What a table may not say: the build names the cell and publishes nothing.
REFUSED = {
    f'"2026-02-31"^^<{XSD}date>': "S-DATUM",
    f'"abc"^^<{XSD}integer>': "S-ZAHL",
    CONTROL: "S-ZEICHEN",
}
# A cell of truth values is a word for one, as CSV on the Web has it: `1`, `ja`, `X` are all true.
WORDS = {f'"1"^^<{XSD}boolean>': f'"true"^^<{XSD}boolean>'}
FACTS = {
    "dc:title": "Probe",
    "dc:source": {"@id": "http://example.org/"},
    "dc:publisher": {"@id": f"{B}id/organisation/stadtwissen"},
    "dc:license": {"@id": "http://creativecommons.org/licenses/by/4.0/"},
    "dc:modified": {"@value": "2026-11-24", "@type": "date"},
}


def source(folder: Path, literals: list[str]) -> Path:
    """A source of one row, with a column for each literal."""
    folder.mkdir()
    columns = [column(number, literal) for number, literal in enumerate(literals)]
    with (folder / "t.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow([each["name"] for each in columns])
        rows.writerow(map(text_of, literals))
    schema = {"aboutUrl": f"{B}id/thing/1", "columns": columns}
    tables = [{"url": "t.csv", "tableSchema": schema}]
    group = {"@context": "http://www.w3.org/ns/csvw", "@id": G, **FACTS, "tables": tables}
    (folder / "metadata.json").write_text(json.dumps(group), "utf-8")
    return folder


def column(number: int, literal: str) -> dict[str, str]:
    """How a literal's cell is described: an empty text is a text here, and no missing value."""
    said = {"name": f"c{number}", "propertyUrl": f"{B}ontology/p{number:02}", "null": "-"}
    ending = literal.rpartition('"')[2]
    if ending.startswith("^^"):
        return said | {"datatype": ending.removesuffix(">").rpartition("#")[2]}
    return said | {"lang": ending[1:] or "und"}


def test_a_build_keeps_every_literal_as_the_cell_has_it(tmp_path: Path) -> None:
    literals = [literal for literal in NASTY if literal not in REFUSED]
    done = stadtwissen("build", source(tmp_path / "probe", literals), home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    live = Home(tmp_path / "home").current()
    assert live is not None
    master = live.path / live.manifest["graphs"][G]["file"]
    said = [line.split(" ", 2)[2] for line in master.read_text("utf-8").split("\n") if line]
    assert sorted(said) == sorted(f"{WORDS.get(literal, literal)} <{G}> ." for literal in literals)


@pytest.mark.parametrize("literal", REFUSED, ids=REFUSED.values())
def test_what_no_table_may_say_is_refused_by_name(tmp_path: Path, literal: str) -> None:
    done = stadtwissen("build", source(tmp_path / "probe", [literal]), home=tmp_path / "home")
    assert (done.returncode, done.stdout) == (1, "")
    assert REFUSED[literal] in done.stderr
    assert Home(tmp_path / "home").current() is None
