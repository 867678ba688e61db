"""Folding: texts in the form in which different spellings of one name are equal.

Capitals, umlauts and their transcription, accents, punctuation and the usual abbreviations of
prepositions in German place names make no difference.
"""

import unicodedata

import polars as pl

_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe"}
_SHORT = {
    r"\b(?:am|an)\b": "a",
    r"\bbei\b": "b",
    r"\b(?:im|in)\b": "i",
    r"\b(?:dem|den|der)\b": "d",
    r"\b(?:vom|von|vor)\b": "v",
    r"\bob der\b": "o d",
    r"\bsankt\b": "st",
    r"\bund\b": "u",
}


def folded(texts: pl.Series) -> pl.Series:
    """The texts in small plain letters and digits, with single blanks between the words."""
    plain = texts.str.normalize("NFC").str.to_lowercase()
    plain = plain.str.replace_many(list(_UMLAUTS), list(_UMLAUTS.values()))
    plain = plain.str.normalize("NFD").str.replace_all(r"\p{M}", "")
    return plain.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()


def folded_place(names: pl.Series) -> pl.Series:
    """Names of places folded, with prepositions in their shortest form: `am`, `a.` and `a`."""
    plain = folded(names)
    for pattern, short in _SHORT.items():
        plain = plain.str.replace_all(pattern, short)
    return plain


def fold(text: str) -> str:
    """One text folded."""
    plain = unicodedata.normalize("NFC", text).lower()
    for sign, letters in _UMLAUTS.items():
        plain = plain.replace(sign, letters)
    plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())
