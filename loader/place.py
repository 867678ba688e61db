"""Places: cells that name a municipality, a district or a state become its address."""

from dataclasses import dataclass, field, replace

import polars as pl

from loader import municipality_key, rule
from loader.annotation import PlaceLookup
from loader.finding import Finding
from loader.municipality import Area
from loader.municipality_key import Ceased, Known, Misspelt
from loader.place_name import CANDIDATES, KEY, KIND, Gazetteer, Surroundings
from loader.schema import Column, Table
from loader.table import ROW

_BASE = "https://w3id.org/stadtwissen/id/"
_SHOWN = 5


@dataclass(slots=True)
class Places:
    """Looks up one column's places; `findings` fill while chunks are read."""

    table: Table
    column: Column
    lookup: PlaceLookup
    gazetteer: Gazetteer
    findings: list[Finding] = field(default_factory=list)
    _offers: dict[str, Area | None] = field(default_factory=dict)

    def addresses(self, frame: pl.DataFrame) -> pl.Series:
        """The addresses that a chunk's cells mean; null for empty cells and for findings."""
        texts = frame[self.column.name].str.strip_chars()
        texts = texts.set(texts.is_in(list(self.column.null)), None)
        if self.lookup.by == "key":
            return self._by_key(texts, frame[ROW])
        if self.lookup.by == "postcode":
            found = self.gazetteer.by_postcode(texts, self._beside(frame).district)
        else:
            found = self.gazetteer.find(texts, self._beside(frame))
        missing = frame.select(ROW).with_columns(texts.alias("text"), found[CANDIDATES])
        missing = missing.filter(texts.is_not_null() & found[KEY].is_null())
        for row, text, candidates in missing.iter_rows():
            self._report(self._unclear(text, candidates), row, text)
        return found.select((_BASE + pl.col(KIND) + "/" + pl.col(KEY)).alias(KEY))[KEY]

    def _beside(self, frame: pl.DataFrame) -> Surroundings:
        asked = self.lookup
        district = frame[asked.district] if asked.district else None
        postcode = frame[asked.postcode].str.strip_chars() if asked.postcode else None
        return Surroundings(district, postcode, asked.state)

    def _by_key(self, texts: pl.Series, rows: pl.Series) -> pl.Series:
        register = self.gazetteer.register
        answers = {
            text: municipality_key.ask(text, register) for text in texts.drop_nulls().unique()
        }
        known = {text: a.key for text, a in answers.items() if isinstance(a, Known)}
        wrong = texts.is_not_null() & ~texts.is_in(list(known))
        for row, text in zip(rows.filter(wrong), texts.filter(wrong), strict=True):
            self._report(_wrong_key(text, answers[text]), row, text)
        found = texts.replace_strict(known, default=None, return_dtype=pl.String)
        return _BASE + "municipality/" + found

    def _unclear(self, text: str, candidates: list[str] | None) -> Finding:
        register = self.gazetteer.register
        if candidates is None:
            nearest = self._nearest(text)
            found = rule.finding("S-ORT-FREMD", value=text, nearest=_named(nearest))
            return replace(found, suggestion=nearest.key if nearest else None)
        areas = [area for key in candidates[:_SHOWN] if (area := register.area(key))]
        code = "S-ORT-PLZ" if self.lookup.by == "postcode" else "S-ORT-MEHRDEUTIG"
        more = len(candidates) - len(areas)
        names = "; ".join(_named(area) for area in areas) + (f"; +{more}" if more else "")
        return rule.finding(code, value=text, number=len(candidates), candidates=names)

    def _nearest(self, text: str) -> Area | None:
        if text not in self._offers:
            self._offers[text] = self.gazetteer.register.nearest(text, self.lookup.state)
        return self._offers[text]

    def _report(self, found: Finding, row: int, text: str) -> None:
        self.findings.append(found.at(self.table.place(row, self.column), text))


def _wrong_key(text: str, answer: municipality_key.Answer) -> Finding:
    if isinstance(answer, Misspelt) and answer.meant:
        return _offering("S-AGS-FORM", answer.meant, value=text, length=answer.digits)
    if isinstance(answer, Ceased):
        return _offering("S-AGS-ALT", answer.today, value=text)
    return rule.finding("S-AGS-FREMD", value=text)


def _offering(code: str, area: Area, **values: object) -> Finding:
    found = rule.finding(code, suggestion=area.key, name=area.name, **values)
    return replace(found, suggestion=area.key)


def _named(area: Area | None) -> str:
    return f"{area.label}: {area.key}" if area else "–"
