"""Parts: texts made of other columns' texts: a piece, the years that are listed, a key."""

import re
from functools import lru_cache
from hashlib import sha256

import polars as pl

from loader.csvw.annotation import Condition, Part, Years
from loader.csvw.schema import Column
from loader.folding import folded

_SPAN = re.compile(
    r"\b((?:19|20)[0-9]{2})(?:\s*(?:-|–|—|bis|/)\s*((?:19|20)?[0-9]{2})\b)?(?![0-9])"
)
_LONGEST_SPAN = 60
_LONGEST_KEY = 80
_SOMETHING = "·"  # stands where a condition holds and only that matters
ITEM_SIGN = ","


def text_of(column: Column, frame: pl.DataFrame) -> pl.Series:
    """The texts of a column that is made of others, which the frame has."""
    asked = column.annotations
    if asked.part:
        return piece(frame[asked.part.of], asked.part)
    if asked.years:
        return years(frame[asked.years.of], asked.years)
    if asked.key_of:
        return keys(frame[asked.key_of])
    return pl.Series([column.default or _SOMETHING] * frame.height, dtype=pl.String)


def piece(texts: pl.Series, part: Part) -> pl.Series:
    """What the part's pattern finds in each text, without blanks around it; null for nothing."""
    found = texts.str.extract(part.pattern, 1).str.strip_chars()
    return found.set(found == "", None)


def years(texts: pl.Series, asked: Years) -> pl.Series:
    """The first, the last or all years (joined by commas) of each text.

    A text that is no list of years stays as it is, to be found wrong when it is read.
    """
    known = {text: _taken(text, asked.take) for text in texts.drop_nulls().unique()}
    return texts.replace_strict(known, default=None, return_dtype=pl.String)


def keys(texts: pl.Series) -> pl.Series:
    """Small letters, digits and hyphens that stand for a text; null where it has none of them.

    Long ones are cut, and end in a checksum of the whole.
    """
    plain = folded(texts).str.replace_all("[^a-z0-9]+", "-").str.strip_chars("-")
    plain = plain.set(plain == "", None)
    long = plain.filter(plain.str.len_chars() > _LONGEST_KEY).unique().to_list()
    return plain.replace(long, [_cut(text) for text in long])


def unbroken(texts: pl.Series) -> pl.Series:
    """The texts on one line; a word that was parted at the line's end is whole again."""
    joined = texts.str.replace_all(r"(\p{L})-[ \t]*[\r\n]+\s*(\p{Ll})", "${1}${2}")
    return joined.str.replace_all(r"\s*[\r\n]+\s*", " ").str.strip_chars()


def renamed(texts: pl.Series, synonyms: tuple[tuple[str, str], ...]) -> pl.Series:
    """The texts with each synonym replaced by what it means."""
    meanings = dict(synonyms)
    plain = texts.str.strip_chars()
    return texts.zip_with(~plain.is_in(list(meanings)), plain.replace(meanings))


def holds(texts: pl.Series, condition: Condition) -> pl.Series:
    """Whether each text fulfils the condition; an empty cell never holds anything."""
    plain = texts.str.strip_chars().fill_null("")
    if condition.values:
        found = plain.is_in(list(condition.values))
    elif condition.pattern is not None:
        found = plain.str.contains(condition.pattern)
    else:
        found = plain != ""
    return ~found if condition.is_negated else found


@lru_cache(maxsize=4096)
def _taken(text: str, take: str) -> str | None:
    if not text.strip():
        return None
    found = _years_of(text)
    if not found:
        return text
    if take == "all":
        return ITEM_SIGN.join(str(year) for year in found)
    return str(found[0] if take == "first" else found[-1])


def _cut(key: str) -> str:
    return f"{key[: _LONGEST_KEY - 9].rstrip('-')}-{sha256(key.encode()).hexdigest()[:8]}"


def _years_of(text: str) -> list[int]:
    """The years in order; none if the text holds anything but years, or a span is reversed."""
    found: set[int] = set()
    for first, last in _SPAN.findall(text):
        start = int(first)
        end = int(last if len(last) != 2 else first[:2] + last) if last else start
        if not 0 <= end - start <= _LONGEST_SPAN:
            return []
        found |= set(range(start, end + 1))
    rest = _SPAN.sub("", text)
    return sorted(found) if re.fullmatch(r"[\s,;/+.&]*|[\s,;]*und\s*", rest) else []
