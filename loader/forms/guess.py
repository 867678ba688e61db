"""Guesses: the datatype of a column by the cells that it fits."""

import re
from dataclasses import dataclass, replace

import polars as pl

from loader.csvw import datatype as datatypes
from loader.csvw.schema import Datatype
from loader.values import real as reals
from loader.values.spelling import CURRENCY

ENOUGH = 0.9  # of the cells, for a datatype to be taken
_LEADING_ZERO = r"^0[0-9]+$"
_WEB = r"https?://[^ ]+"

_SEEN_OFTEN = 0.02  # of the cells, for a spelling to be more than a slip
_MONTH_FIRST, _DAY_FIRST = Datatype("date", "M/d/yyyy"), Datatype("date", "d/M/yyyy")
# Of equal shares the first wins.
_CANDIDATES = (
    Datatype("gYear"),
    Datatype("date", "yyyy-MM-dd"),
    Datatype("date", "d.M.yyyy"),
    _MONTH_FIRST,
    _DAY_FIRST,
    Datatype("integer"),
    Datatype("decimal", decimal_char=",", group_char="."),
    Datatype("decimal", decimal_char=".", group_char=","),
    Datatype("decimal", decimal_char=",", group_char=" "),
    Datatype("boolean", "ja|nein"),
    Datatype("boolean", "Ja|Nein"),
    Datatype("boolean", "true|false"),
    Datatype("anyURI", _WEB),
)
_AMBIGUOUS = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column seems to hold: `share` of its filled cells fit; `others` fit some too.

    `is_ambiguous` marks numbers such as 50.000, which may mean fifty or fifty thousand;
    `has_currency` a column in which some of the numbers bear the sign of the euro.
    """

    datatype: Datatype
    share: float
    filled: int
    others: tuple[Datatype, ...] = ()
    is_ambiguous: bool = False
    is_unique: bool = False
    has_currency: bool = False


def guess(texts: pl.Series, real: pl.Series | None = None) -> Guess:
    """The datatype that most cells fit; text where too few fit any.

    `real` tells of each cell whether its file holds it as a number or a date.
    """
    frame = pl.DataFrame({"t": texts.str.strip_chars(), "r": real if real is not None else False})
    frame = frame.filter(pl.col("t") != "")
    amounts = frame["t"].str.replace_all(CURRENCY, "")
    if (amounts != frame["t"]).any():
        found = _of(frame.with_columns(amounts.alias("t")))
        if found.datatype.base in ("decimal", "integer"):
            return replace(found, has_currency=True)
    return _of(frame)


def _of(frame: pl.DataFrame) -> Guess:
    cells = frame["t"]
    is_unique = bool(len(cells)) and cells.n_unique() == len(cells)
    text = Guess(Datatype(), 1.0, len(cells), is_unique=is_unique)
    if not len(cells) or cells.str.contains(_LEADING_ZERO).mean() > 0.5:  # type: ignore[operator]
        return text
    shares = {candidate: _share(frame, candidate) for candidate in _CANDIDATES}
    best = max(shares, key=lambda candidate: shares[candidate])
    if shares[best] < ENOUGH:
        mixed = _mixed(frame, shares)
        return mixed or text
    return Guess(best, shares[best], len(cells), (), _is_ambiguous(cells, best), is_unique)


def _share(frame: pl.DataFrame, candidate: Datatype) -> float:
    cells = reals.read(datatypes.spaced(frame["t"], candidate), candidate, frame["r"])
    good = cells.lexical.is_not_null() & ~cells.bad
    if candidate.base == "anyURI":
        good = good & frame["t"].str.contains(_WEB)
    return float(good.mean() or 0.0)  # type: ignore[arg-type]  # the mean of a truth value


def _mixed(frame: pl.DataFrame, shares: dict[Datatype, float]) -> Guess | None:
    """Dates in several spellings, which together are enough."""
    dates = [c for c in shares if c.base == "date" and shares[c] > _SEEN_OFTEN]
    if _MONTH_FIRST in dates and _DAY_FIRST in dates:
        dates.remove(_DAY_FIRST if shares[_MONTH_FIRST] > shares[_DAY_FIRST] else _MONTH_FIRST)
    if len(dates) < 2 or sum(shares[c] for c in dates) < ENOUGH:
        return None
    first, *others = sorted(dates, key=lambda c: -shares[c])
    return Guess(first, min(sum(shares[c] for c in dates), 1.0), frame.height, tuple(others))


def _is_ambiguous(cells: pl.Series, best: Datatype) -> bool:
    """Whether every number with a sign could be read both ways."""
    if best.base != "decimal":
        return False
    signs = cells.filter(cells.str.contains("[.,]"))
    return bool(len(signs)) and all(_AMBIGUOUS.fullmatch(text) for text in signs.unique())
