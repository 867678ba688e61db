"""Municipalities: the official register, asked by key, by name or by postcode.

It holds municipalities, districts, associations and states, since cells of places name them all.
Source: the bundled source `gemeinden`, from the register of the Federal Statistical Office.
"""

import csv
import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path

import polars as pl

from loader import bundle
from loader.folding import fold, folded_place

KINDS = ("municipality", "district", "association", "state")
_FILES = (
    ("municipality", "gemeinden.csv", "ags"),
    ("district", "kreise.csv", "kreis"),
    ("association", "verbaende.csv", "verband"),
    ("state", "laender.csv", "land"),
)
_LONGEST = 100  # characters of a name; comparing longer ones takes long
_CITY_DISTRICTS = ("41", "42")  # independent cities, which the municipality itself stands for
# Spellings of a name, from the whole to what is left when its additions are taken off. The loosest
# are asked last: names of former municipalities, and names without their `Bad`.
WHOLE, PROPER, _BARE, _SHORTEST, LOOSE = range(5)
_DESIGNATION = r",.*$"
_ADDITION = r"\s*\(.*?\)|\s*/.*$"
_OTHER_NAME = r"\s*/.*$"  # in another language, or where it lies
_SITUATION = r"(?i)[ ,](?:a|am|an|b|bei|i|im|in|ob|o|v|vor)\b[ .].*$"


@dataclass(frozen=True, slots=True)
class Area:
    """One entry of the register; `district` and `state` are names for a person to tell by."""

    kind: str
    key: str
    name: str
    district: str | None
    state: str | None

    @property
    def label(self) -> str:
        """`Neuenkirchen (Landkreis Diepholz)`, or the name with its state."""
        return f"{self.name} ({self.district or self.state})" if self.state else self.name


@dataclass(frozen=True)
class Register:
    """All entries.

    `areas` has KIND, KEY, NAME, ARS, DISTRICT_KEY, STATE_KEY and POPULATION; `former` has the
    FORMER_KEY and NAME of municipalities that have ceased and the KEY of today's; `seats` has
    KEY and POSTCODE of each administration.
    """

    areas: pl.DataFrame
    former: pl.DataFrame
    seats: pl.DataFrame

    @cached_property
    def municipalities(self) -> frozenset[str]:
        """The keys (AGS, eight digits) of today."""
        return frozenset(self.areas.filter(pl.col("kind") == "municipality")["key"])

    @cached_property
    def by_regional_key(self) -> dict[str, str]:
        """The municipality key (AGS) of each regional key (ARS, twelve digits)."""
        known = self.areas.filter(pl.col("kind") == "municipality").select("ars", "key")
        return dict(known.iter_rows())

    @cached_property
    def names(self) -> pl.DataFrame:
        """SPELLING (folded), KIND, KEY and RANK: how far the spelling is from the whole name."""
        former = _spelt(self.former, "municipality", [(LOOSE, _proper(self.former["name"]))])
        known = [*(_spellings(self.areas, kind) for kind in KINDS), former]
        return pl.concat(known).unique(
            ["spelling", "kind", "key"], keep="first", maintain_order=True
        )

    def area(self, key: str) -> Area | None:
        """The entry with a key of 2, 5, 8, 9 or 12 digits, or None."""
        return self._by_key.get(self.by_regional_key.get(key, key))

    def today(self, key: str) -> Area | None:
        """The municipality that the area of a former key belongs to now, or None."""
        return self.area(self._today[key]) if key in self._today else None

    def nearest(self, name: str, state: str | None = None) -> Area | None:
        """The municipality whose name looks most like a text, or None.

        One that only adds to the name comes first; with a state's key it is looked for there alone.
        """
        if len(name) > _LONGEST:
            return None
        known = {n: k for n, k in self._names_of_today.items() if k.startswith(state or "")}
        text = fold(re.sub(_DESIGNATION, "", name))
        longer = [n for n in known if n.startswith(f"{text} ") or n.endswith(f" {text}")]
        found = longer[:1] or get_close_matches(text, known, n=1, cutoff=0.7)
        return self.area(known[found[0]]) if found else None

    @cached_property
    def _today(self) -> dict[str, str]:
        return dict(self.former.select("former_key", "key").iter_rows())

    @cached_property
    def _names_of_today(self) -> dict[str, str]:
        known = self.names.filter((pl.col("kind") == "municipality") & (pl.col("rank") == PROPER))
        return dict(known.select("spelling", "key").iter_rows())

    @cached_property
    def _by_key(self) -> dict[str, Area]:
        names = dict(self.areas.select("key", "name").iter_rows())
        return {
            row["key"]: Area(
                row["kind"],
                row["key"],
                row["name"],
                names.get(row["district_key"]),
                names.get(row["state_key"]),
            )
            for row in self.areas.iter_rows(named=True)
        }


def read(folder: Path | None = None) -> Register:
    """Reads the register from the folder of the source `gemeinden`, by default the bundled one."""
    folder = folder or bundle.sources() / "gemeinden"
    parts = [_areas(folder / file, kind, key) for kind, file, key in _FILES]
    former = pl.read_csv(folder / "fruehere.csv", infer_schema=False)
    seats = pl.read_csv(folder / "sitze.csv", infer_schema=False)
    return Register(
        pl.concat(parts, how="diagonal"),
        former.select(pl.col("frueher").alias("former_key"), "name", pl.col("ags").alias("key")),
        seats.select(pl.col("ags").alias("key"), pl.col("plz").alias("postcode")),
    )


@cache
def titles() -> dict[str, str]:
    """The official names of today's municipalities by their keys, read without Polars.

    Polars cannot be used before a process forks; this can.
    """
    path = bundle.sources() / "gemeinden" / "gemeinden.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["ags"]: row["name"] for row in csv.DictReader(file)}


def _areas(file: Path, kind: str, key: str) -> pl.DataFrame:
    table = pl.read_csv(file, infer_schema=False)
    if kind == "district":
        table = table.filter(~pl.col("art").is_in(_CITY_DISTRICTS))
    columns = {"name": "name", "ars": "ars", "kreis": "district_key", "land": "state_key"}
    kept = [pl.col(old).alias(new) for old, new in columns.items() if old in table and old != key]
    population = pl.col("einwohner").cast(pl.Int64) if "einwohner" in table else pl.lit(0, pl.Int64)
    return table.select(
        pl.lit(kind).alias("kind"), pl.col(key).alias("key"), *kept, population.alias("population")
    )


def _spellings(areas: pl.DataFrame, kind: str) -> pl.DataFrame:
    found = areas.filter(pl.col("kind") == kind)
    name = found["name"]
    proper = _proper(name)
    bare = proper.str.replace_all(_ADDITION, "").str.strip_chars()
    spellings = [(WHOLE, name), (PROPER, proper), (_BARE, proper.str.replace(_OTHER_NAME, ""))]
    spellings.append((_BARE, bare))
    if kind == "municipality":
        shortest = bare.str.replace(_SITUATION, "")
        spellings += [(_SHORTEST, shortest), (LOOSE, shortest.str.replace("^Bad ", ""))]
    if kind == "state":
        spellings.append((_SHORTEST, "Land " + name))
    return _spelt(found, kind, spellings)


def _proper(names: pl.Series) -> pl.Series:
    return names.str.replace(_DESIGNATION, "")


def _spelt(found: pl.DataFrame, kind: str, spellings: list[tuple[int, pl.Series]]) -> pl.DataFrame:
    """SPELLING, KIND, KEY and RANK, one row a spelling."""
    return pl.concat(
        found.select(
            pl.lit(kind).alias("kind"), "key", pl.lit(rank, pl.Int64).alias("rank")
        ).with_columns(folded_place(texts).alias("spelling"))
        for rank, texts in spellings
    )
