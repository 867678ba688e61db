"""Places: cells that name a municipality, a district or a state become its address."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import polars as pl

from loader import rule, tally
from loader.csvw.annotation import PlaceLookup
from loader.csvw.schema import Column, Table
from loader.finding import Finding
from loader.places import municipality_key
from loader.places.municipality import Area
from loader.places.municipality_key import Ceased, Known, Misspelt
from loader.places.place_name import CANDIDATES, KEY, KIND, Gazetteer, Surroundings
from loader.table import ROW
from loader.tally import KEPT, Tally

_BASE = "https://w3id.org/stadtwissen/id/"
_SHOWN = 5
_TEXT = "text"
_KEY = "^(?:[0-9]{8}|[0-9]{12})$"


@dataclass(slots=True)
class Places:
    """Looks up one column's places; findings gather while chunks are read."""

    table: Table
    column: Column
    lookup: PlaceLookup
    gazetteer: Gazetteer
    _tally: Tally = field(default_factory=Tally)
    _made: dict[str, Finding] = field(default_factory=dict)

    @property
    def findings(self) -> list[Finding]:
        """What was found wrong so far, the first of each rule one by one."""
        return self._tally.findings

    def addresses(self, frame: pl.DataFrame) -> pl.Series:
        """The addresses that a chunk's cells mean; null for empty cells and for findings."""
        texts = frame[self.column.name].str.strip_chars()
        texts = texts.set(texts.is_in(list(self.column.null)), None)
        if self.lookup.by == "key":
            return self._by_key(texts, frame[ROW])
        keys = self._keys(texts)
        names = texts.set(keys.is_not_null(), None)
        if self.lookup.by == "postcode":
            found = self.gazetteer.by_postcode(names, self._beside(frame).district)
        else:
            found = self.gazetteer.find(names, self._beside(frame))
        missing = pl.DataFrame({ROW: frame[ROW], _TEXT: names, CANDIDATES: found[CANDIDATES]})
        missing = missing.filter(names.is_not_null() & found[KEY].is_null())
        unknown = pl.col(CANDIDATES).is_null()
        self._report(missing.filter(unknown), self._unknown)
        self._report(missing.filter(~unknown), self._unclear)
        named = found.select((_BASE + pl.col(KIND) + "/" + pl.col(KEY)).alias(KEY))[KEY]
        return named.zip_with(keys.is_null(), _BASE + "municipality/" + keys)

    def _keys(self, texts: pl.Series) -> pl.Series:
        """The keys of municipalities that stand where names are asked for, as our advice says."""
        register = self.gazetteer.register
        digits = texts.filter(texts.str.contains(_KEY).fill_null(value=False)).unique()
        answers = ((text, municipality_key.ask(text, register)) for text in digits)
        known = {text: each.key for text, each in answers if isinstance(each, Known)}
        return texts.replace_strict(known, default=None, return_dtype=pl.String)

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
        asked = pl.DataFrame({ROW: rows, _TEXT: texts, CANDIDATES: None})
        wrong = asked.filter(texts.is_not_null() & ~texts.is_in(list(known)))
        self._report(wrong, lambda text, _: _wrong_key(text, answers[text]))
        found = texts.replace_strict(known, default=None, return_dtype=pl.String)
        return _BASE + "municipality/" + found

    def _unknown(self, text: str, _: list[str] | None) -> Finding:
        nearest = self.gazetteer.register.nearest(text, self.lookup.state)
        found = rule.finding("S-ORT-FREMD", value=text, nearest=_named(nearest))
        return replace(found, suggestion=nearest.key if nearest else None)

    def _unclear(self, text: str, candidates: list[str] | None) -> Finding:
        keys = candidates or []
        areas = [area for key in keys[:_SHOWN] if (area := self.gazetteer.register.area(key))]
        code = "S-ORT-PLZ" if self.lookup.by == "postcode" else "S-ORT-MEHRDEUTIG"
        more = len(keys) - len(areas)
        names = "; ".join(_named(area) for area in areas) + (f"; +{more}" if more else "")
        return rule.finding(code, value=text, number=len(keys), candidates=names)

    def _report(
        self, cells: pl.DataFrame, finding: Callable[[str, list[str] | None], Finding]
    ) -> None:
        """One finding a cell for the first cells of a chunk, and one for the rest."""
        made = []
        for row, text, candidates in cells.head(KEPT).iter_rows():
            key = f"{text}\n{candidates}"  # namesakes in other districts have other candidates
            if key not in self._made:
                self._made[key] = finding(text, candidates)
            made.append(self._made[key].at(self.table.place(row, self.column), text))
        self._tally.add(tally.cut(made, cells.height))


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
