"""Deliveries: what becomes of the rows and places of a real table, counted from outside."""

import json
import re
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import polars as pl

from loader import bundle
from loader import convert as stage
from loader import source as sources
from loader import table as tables
from loader.convert import Conversion
from loader.finding import Finding
from loader.library import Library
from loader.metadata import EXPECTATION
from loader.schema import Column, Table
from loader.table import ROW
from loader.vocabulary import Vocabulary

HERE = Path(__file__).parent
PARTNERS = HERE.parents[2] / "shared" / "partner-data"
NAMES = sorted(path.parent.name for path in HERE.glob("*/metadata.json"))
_ADDRESS = "https://partner.example/"
_COUNTED = re.compile(r"([0-9]+) von [0-9]+ Zeilen")
_PLACES = ("S-ORT-MEHRDEUTIG", "S-ORT-PLZ", "S-ORT-FREMD")


@dataclass(frozen=True, slots=True)
class Figures:
    """One list in numbers; the last four count cells that name a place."""

    rows: int
    described: int
    persons: int
    no_data: int
    places: int
    resolved: int
    ambiguous: int
    unknown: int

    def line(self, name: str) -> str:
        """The figures as a row of the table in README.md."""
        numbers = (self.rows, self.described, self.persons, self.no_data)
        places = (self.places, self.resolved, self.ambiguous, self.unknown)
        cells = [f"{n}" for n in numbers] + [f"{n}" if self.places else "–" for n in places]
        return f"| {name} | {' | '.join(cells)} |"


def converted(name: str, words: Vocabulary) -> Conversion:
    """The list converted by its description; its tables stay where they are."""
    library = Library(folders={"file:///": Path("/"), _ADDRESS: PARTNERS})
    (source,) = sources.find(HERE / name, library)
    sources.check([source], words)
    return stage.convert(source, words, lambda _: None)


def figures(made: Conversion) -> Figures:
    """What became of the list's rows and places."""
    found = Counter(f.code for f in made.findings)
    group = made.source.group.tables
    described = [_described(made, table) for table in group]
    places = [_places(*each) for each in zip(group, described, strict=True)]
    return Figures(
        rows=sum(made.rows.values()),
        described=sum(len(rows) for rows in described),
        persons=_number(made.findings, "P-AUSGELASSEN"),
        no_data=_number(made.findings, "T-ZEILEN"),
        places=sum(places),
        resolved=sum(_resolved(made, column) for column in _columns(made)),
        ambiguous=found["S-ORT-MEHRDEUTIG"] + found["S-ORT-PLZ"],
        unknown=found["S-ORT-FREMD"],
    )


def _described(made: Conversion, table: Table) -> set[int]:
    """The rows of which something is said, by the trace that leads findings back to them."""
    (trace,) = [each for each in made.traces if each.table.name == table.name]
    subjects = pl.Series(list({line[1 : line.index(">")] for line in made.lines}))
    return {row for _, _, rows in trace.rows(subjects) for row in rows}


def _places(table: Table, rows: set[int]) -> int:
    """The filled cells of the described rows in columns of places, read without annotations."""
    column = next((c for c in table.real_columns if c.annotations.place), None)
    if column is None:
        return 0
    count = 0
    for chunk in tables.chunks(table):
        kept = chunk.frame.filter(pl.col(ROW).is_in(list(rows)))[column.name].str.strip_chars()
        count += int((~kept.is_in(list(column.null))).sum())
    return count


def _columns(made: Conversion) -> list[Column]:
    found = [c for t in made.source.group.tables for c in t.real_columns]
    return [column for column in found if column.annotations.place]


def _resolved(made: Conversion, column: Column) -> int:
    predicate = "<http://purl.org/dc/terms/spatial>"
    assert column.property_url == "dc:spatial"
    return sum(predicate in line for line in made.lines)


def _number(findings: list[Finding], code: str) -> int:
    said = [f.sentence().de for f in findings if f.code == code]
    return sum(int(match[1]) for text in said if (match := _COUNTED.search(text)))


def copied(name: str, folder: Path) -> None:
    """The list as a partner would deliver it: its tables beside their description."""
    description = json.loads((HERE / name / "metadata.json").read_text("utf-8"))
    del description["@context"][1]["@base"]
    folder.mkdir()
    (folder / "metadata.json").write_text(json.dumps(description), "utf-8")
    for table in description["tables"]:
        file = unquote(table["url"])
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PARTNERS / file, folder / file)


def municipalities(keys: set[str], folder: Path) -> None:
    """The bundled source of municipalities, cut down to the keys and what they lie in."""
    bundled = bundle.sources() / "gemeinden"
    description = json.loads((bundled / "metadata.json").read_text("utf-8"))
    for table in description["tables"]:
        table.pop(EXPECTATION, None)
    folder.mkdir()
    (folder / "metadata.json").write_text(json.dumps(description), "utf-8")
    known = pl.read_csv(bundled / "gemeinden.csv", infer_schema=False)
    around = known.filter(pl.col("ags").is_in(list(keys)))["verband"].drop_nulls()
    wanted = {*keys, *(key[:5] for key in keys), *(key[:2] for key in keys), *around}
    for file in bundled.glob("*.csv"):
        rows = pl.read_csv(file, infer_schema=False)
        rows.filter(pl.col(rows.columns[0]).is_in(list(wanted))).write_csv(folder / file.name)
