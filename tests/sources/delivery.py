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
from loader import source as sources
from loader import table as tables
from loader.csvw.library import Library
from loader.csvw.metadata import EXPECTATION, STADT
from loader.csvw.schema import Table
from loader.finding import Finding
from loader.source import Source
from loader.table import ROW
from loader.vocabulary import Vocabulary
from tests.loader import conftest
from tests.loader.conftest import Converted

HERE = Path(__file__).parent
PARTNERS = HERE.parents[2] / "shared" / "partner-data"
NAMES = sorted(path.parent.name for path in HERE.glob("*/metadata.json"))
_ADDRESS = "https://partner.example/"
_COUNTED = re.compile(r"([0-9]+) von [0-9]+ Zeilen")


# The class of what one row describes; in the lists of beneficiaries an organisation has several.
_CLASSES = {
    "code-for-germany": ("Organisation", "Project"),
    "esif": ("Project",),
    "gemeindeverzeichnis": ("FederalState", "District", "MunicipalAssociation", "Municipality"),
    "klima": ("IndicatorObservation",),
    "muenchen-software": ("SoftwareSolution",),
    "muenster-klimaschutz": ("Measure", "StatusPeriod"),
}
_TYPED = re.compile(r"^<(\S+)> <\S+#type> <https://w3id.org/stadtwissen/ontology/(\w+)> ")
_ROW = re.compile(r"-([0-9]+)$")
_AMOUNTS = ("bewilligt", "gezahlt", "kosten")


@dataclass(frozen=True, slots=True)
class Figures:
    """One list in numbers; the last four count cells that name a place."""

    rows: int
    subjects: int
    persons: int
    no_data: int
    places: int
    resolved: int
    ambiguous: int
    unknown: int

    def line(self, name: str) -> str:
        """The figures as a row of the table in README.md."""
        numbers = (self.rows, self.subjects, self.persons, self.no_data)
        places = (self.places, self.resolved, self.ambiguous, self.unknown)
        cells = [f"{n}" for n in numbers] + [f"{n}" if self.places else "–" for n in places]
        return f"| {name} | {' | '.join(cells)} |"


def converted(name: str, words: Vocabulary) -> tuple[Source, Converted]:
    """The list and what its description makes of it; its tables stay where they are."""
    library = Library(folders={"file:///": Path("/"), _ADDRESS: PARTNERS})
    (source,) = sources.find(HERE / name, library)
    sources.check([source], words)
    return source, conftest.converted(source, words)


def figures(source: Source, made: Converted) -> Figures:
    """What became of the list's rows and places."""
    found = Counter(f.code for f in made.findings)
    subjects = _subjects(source.name, made.lines)
    return Figures(
        rows=sum(made.rows.values()),
        subjects=len(subjects),
        persons=_number(made.findings, "P-AUSGELASSEN"),
        no_data=_number(made.findings, "T-ZEILEN"),
        places=sum(_places(table, subjects) for table in source.group.tables),
        resolved=sum("<http://purl.org/dc/terms/spatial>" in line for line in made.lines),
        ambiguous=found["S-ORT-MEHRDEUTIG"] + found["S-ORT-PLZ"],
        unknown=found["S-ORT-FREMD"],
    )


def amounts(source: Source, made: Converted) -> tuple[int, int]:
    """Filled cells of amounts in the rows of the subjects, and what became of them."""
    table, *_ = source.group.tables
    rows = _rows(_subjects(source.name, made.lines))
    filled = 0
    for chunk in tables.chunks(table):
        kept = chunk.frame.filter(pl.col(ROW).is_in(list(rows)))
        texts = [kept[name].str.strip_chars() for name in _AMOUNTS if name in kept.columns]
        filled += sum(int((each != "").sum()) for each in texts)
    said = sum(
        f"<{STADT}{name}>" in line for line in made.lines for name in ("value", "amountText")
    )
    return filled, said + sum(f.times for f in made.findings if f.code == "S-ZAHL")


def _subjects(name: str, lines: list[str]) -> set[str]:
    """The things of which each row is to describe one."""
    (classes,) = [found for start, found in _CLASSES.items() if name.startswith(start)]
    typed = (match for line in lines if (match := _TYPED.match(line)))
    return {match[1] for match in typed if match[2] in classes}


def _places(table: Table, subjects: set[str]) -> int:
    """The filled cells of places, read without annotations; of beneficiaries in kept rows only."""
    column = next((c for c in table.real_columns if c.annotations.place), None)
    if column is None:
        return 0
    rows = _rows(subjects)
    count = 0
    for chunk in tables.chunks(table):
        frame = chunk.frame.filter(pl.col(ROW).is_in(list(rows))) if table.persons else chunk.frame
        texts = frame[column.name].str.strip_chars()
        count += int((~texts.is_in(list(column.null))).sum())
    return count


def _rows(subjects: set[str]) -> set[int]:
    return {int(match[1]) for each in subjects if (match := _ROW.search(each))}


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
