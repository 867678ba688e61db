"""Names of places: which entries of the register a text, with what stands beside it, may mean."""

from dataclasses import dataclass

import polars as pl

from loader.folding import folded_place
from loader.places.municipality import KINDS, LOOSE, PROPER, Register

KEY, KIND, CANDIDATES = "key", "kind", "candidates"
_ASKED = "asked"
# What is tried of a text, one after the other, until the register knows it.
_BEFORE = (
    r"(?i)^\s*(?:(?:kreisfreie |große kreis|landeshaupt|hanse|universitäts)?stadt|gemeinde|markt|"
    r"(?:bundes)?land|flecken|samtgemeinde|verbandsgemeinde)\s+"
)
_SITUATION = r"(?i)\s(?:a|am|an|b|bei|i|im|in|ob|v|vor)\b[. ].*$"
_ATTEMPTS = (None, r"\s*,.*$", _BEFORE, r"\s*\(.*$", r"\s*[,/(–-].*$", _SITUATION)
_CITY = r"^[0-9]{5}\s+"
_DISTRICT_LAST = r"(?i)^(.*?)\s*,\s*((?:land)?kreis)$"
# A postcode that no administration has belongs to a town near those with the same first digits;
# of those with few digits in common only the most populous are candidates.
_SHARED_DIGITS = {5: None, 4: None, 3: None, 2: 40, 1: 12}
_CITY_ITSELF = "000"  # how the key of an independent city ends


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known beside the names, each a column of texts of the same length, or None.

    It narrows what a name may mean and never widens it: a name that means one place anyway
    stays that place.
    """

    district: pl.Series | None = None
    postcode: pl.Series | None = None
    state: str | None = None

    def frame(self, names: pl.Series) -> pl.DataFrame:
        """The names with what stands beside them, as texts."""
        empty = pl.Series([None] * len(names), dtype=pl.String)
        return pl.DataFrame(
            {
                _ASKED: names,
                "district": empty if self.district is None else self.district,
                "postcode": empty if self.postcode is None else self.postcode,
            }
        )


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Finds places in the register; a text is looked at once, however often a column holds it."""

    register: Register

    def find(self, names: pl.Series, beside: Surroundings) -> pl.DataFrame:
        """KIND and KEY of each name, null where it means none or several, and the CANDIDATES.

        CANDIDATES are the keys of all that a name may mean, the most populous first.
        """
        asked = beside.frame(names)
        distinct = asked.unique(maintain_order=True).drop_nulls(_ASKED).with_row_index("id")
        chosen = self._chosen(distinct, beside.state)
        return _answered(asked, distinct.join(chosen, on="id", how="left"))

    def by_postcode(self, postcodes: pl.Series, district: pl.Series | None = None) -> pl.DataFrame:
        """The same for postcodes, each meaning the municipality whose administration alone has it.

        Others mean an independent city that is named as the district, or one of those near.
        """
        asked = Surroundings(district).frame(postcodes)
        distinct = asked.unique(maintain_order=True).drop_nulls(_ASKED).with_row_index("id")
        near = self._in_district(self._near(distinct), distinct)
        ordered = near.sort("population", descending=True, maintain_order=True)
        grouped = ordered.group_by("id", maintain_order=True).agg(
            pl.col(KEY).alias(CANDIDATES), pl.col("is_own").first()
        )
        first = pl.col(CANDIDATES).list.first()
        is_city = first.str.ends_with(_CITY_ITSELF) & pl.col("district").is_not_null()
        certain = pl.col("is_own") | is_city
        single = (pl.col(CANDIDATES).list.len() == 1) & certain
        answers = distinct.join(grouped, on="id", how="left").with_columns(
            pl.when(single).then(pl.lit("municipality")).alias(KIND),
            pl.when(single).then(first).alias(KEY),
        )
        return _answered(asked, answers)

    def _near(self, distinct: pl.DataFrame) -> pl.DataFrame:
        """ID, KEY, POPULATION and IS_OWN of the municipalities with the most digits in common."""
        population = self.register.areas.select(KEY, "population")
        seats = self.register.seats.join(population, on=KEY).sort("population", descending=True)
        left = distinct.select("id", _ASKED).filter(pl.col(_ASKED).str.contains("^[0-9]{5}$"))
        frames = []
        for digits, most in _SHARED_DIGITS.items():
            start = pl.col(_ASKED).str.slice(0, digits).alias("start")
            by = seats.with_columns(pl.col("postcode").str.slice(0, digits).alias("start"))
            by = by if most is None else by.group_by("start", maintain_order=True).head(most)
            near = left.with_columns(start).join(by, on="start")
            frames.append(near.select("id", KEY, "population", is_own=pl.lit(digits == 5)))
            left = left.join(near, on="id", how="anti")
        return pl.concat(frames)

    def _chosen(self, distinct: pl.DataFrame, state: str | None) -> pl.DataFrame:
        candidates = self._candidates(distinct)
        areas = self.register.areas.select(KIND, KEY, "district_key", "state_key", "population")
        candidates = candidates.join(areas, on=[KIND, KEY])
        if state:
            candidates = _narrowed(candidates, pl.col("state_key") == state)
        candidates = self._in_district(candidates, distinct)
        seats = self.register.seats.rename({"postcode": "seat"})
        here = candidates.join(seats, on=KEY, how="left").join(
            distinct.select("id", "postcode"), on="id", maintain_order="left"
        )
        candidates = _narrowed(here, pl.col("seat") == pl.col("postcode"))
        return _decided(candidates)

    def _candidates(self, distinct: pl.DataFrame) -> pl.DataFrame:
        """ID, KIND, KEY and RANK of all entries that a text may name."""
        kinds = pl.col(KIND).replace_strict({kind: i for i, kind in enumerate(KINDS)})
        order = pl.when(pl.col("rank") == LOOSE).then(len(KINDS)).otherwise(kinds)
        names = self.register.names.with_columns(order.alias("order"))
        left = distinct.select("id", _ASKED)
        left = left.with_columns(
            left[_ASKED].str.replace(_CITY, "").str.replace(_DISTRICT_LAST, "$2 $1")
        )
        frames = []
        for pattern in _ATTEMPTS:
            texts = left[_ASKED] if pattern is None else left[_ASKED].str.replace(pattern, "")
            asked = left.with_columns(folded_place(texts).alias("spelling"))
            frames.append(asked.filter(pl.col("spelling") != "").join(names, on="spelling"))
            left = left.join(frames[-1], on="id", how="anti")
        found = pl.concat(frames)
        first = pl.col("order") == pl.col("order").min().over("id")
        return found.filter(first).select("id", KIND, KEY, "rank")

    def _in_district(self, candidates: pl.DataFrame, distinct: pl.DataFrame) -> pl.DataFrame:
        """Those in the district that is named beside; an independent city names itself."""
        named = distinct.select("id", "district").drop_nulls().filter(pl.col("district") != "")
        if named.is_empty():
            return candidates
        texts = named["district"].unique()
        asked = pl.DataFrame({_ASKED: texts}).with_row_index("id")
        first_five = pl.col(KEY).str.slice(0, 5).alias("near")
        meant = self._candidates(asked).join(asked, on="id")
        near = meant.select(pl.col(_ASKED).alias("district"), first_five)
        wanted = named.join(near, on="district").select("id", "near", inside=True).unique()
        marked = candidates.with_columns(first_five).join(wanted, on=["id", "near"], how="left")
        return _narrowed(marked, pl.col("inside").fill_null(value=False)).drop("near", "inside")


def _answered(asked: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """KIND, KEY and CANDIDATES of each row that was asked."""
    on = [_ASKED, "district", "postcode"]
    found = asked.join(answers, on=on, how="left", nulls_equal=True, maintain_order="left")
    return found.select(KIND, KEY, CANDIDATES)


def _narrowed(candidates: pl.DataFrame, wanted: pl.Expr) -> pl.DataFrame:
    """The wanted ones of each text; all of a text that has no wanted one."""
    fits = wanted.fill_null(value=False)
    return candidates.filter(fits | ~fits.any().over("id"))


def _decided(candidates: pl.DataFrame) -> pl.DataFrame:
    """One row a text: the only candidate, or the one that bears the name and is the largest."""
    ordered = candidates.sort("population", descending=True, maintain_order=True)
    whole = pl.col("rank") <= PROPER
    chosen = (pl.len() == 1) | (whole.first() & (whole.sum() == 1))
    return ordered.group_by("id", maintain_order=True).agg(
        pl.when(chosen).then(pl.col(KIND).first()).alias(KIND),
        pl.when(chosen).then(pl.col(KEY).first()).alias(KEY),
        pl.col(KEY).alias(CANDIDATES),
    )
