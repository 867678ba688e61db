"""Privacy: private e-mail addresses, mobile numbers and names of persons in free text.

What is found is shown masked. Whoever publishes needs official contacts, best a shared mailbox.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import polars as pl

Kind = Literal["P-PERSON", "P-TELEFON", "P-NAME"]

# Mail services at which people, not offices, have their mailboxes.
_SERVICES = (
    r"(?:gmx|web|t-online|gmail|googlemail|yahoo|hotmail|outlook|live|icloud|me|freenet|arcor|aol|"
    r"posteo|mailbox|protonmail|proton|online|1und1|kabelmail|vodafone)\."
    r"(?:de|com|net|org|at|ch|me|eu)"
)
_MAIL = rf"(?i)[a-z0-9._%+-]+@(?:[a-z0-9-]+\.)*{_SERVICES}\b"
# Mobile numbers belong to persons; those of switchboards do not.
_MOBILE = r"(?:\+49|0049|\b0)[ \-/()0]{0,4}1(?:5\d|6[02-9]|7\d)[ \-/]?\d(?:[ \-/]?\d){5,8}\b"
_TITLE = r"(?:Herrn?|Frau|Hr\.|Fr\.|Dr\.|Prof\.|Dipl\.-\w+\.|Eheleute|Familie)"
_WORD = r"[A-ZÄÖÜ][a-zäöüßéèáàçñ]+(?:-[A-ZÄÖÜ][a-zäöüß]+)?"
_NAME = rf"\b{_TITLE}(?: (?:{_TITLE}|[A-Z]\.|von|van|de|zu))* {_WORD}(?: {_WORD})?"
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("P-PERSON", re.compile(_MAIL)),
    ("P-TELEFON", re.compile(_MOBILE)),
    ("P-NAME", re.compile(_NAME)),
)
# Words that follow a title or form of address without naming anybody.
_OFFICES = frozenset(
    [
        "Oberbürgermeister",
        "Oberbürgermeisterin",
        "Bürgermeister",
        "Bürgermeisterin",
        "Landrat",
        "Landrätin",
        "Minister",
        "Ministerin",
        "Holle",
        "Beruf",
        "Kind",
        "Sein",
        "Bildung",
        "Mann",
        "und",
        "Musik",
    ]
)


@dataclass(frozen=True, slots=True)
class Personal:
    """A piece of a text that says something of a person, and how a report may show it."""

    kind: Kind
    text: str
    masked: str


def personal(text: str) -> list[Personal]:
    """What a text says of persons, in the order in which the kinds are looked for."""
    return [
        Personal(kind, match[0], masked(match[0]))
        for kind, pattern in _PATTERNS
        for match in pattern.finditer(text)
        if kind != "P-NAME" or not _OFFICES.intersection(match[0].split())
    ]


def suspects(texts: pl.Series) -> pl.Series:
    """For a whole column whether a text may say something of a person; null stays null."""
    found = pl.Series([False] * len(texts), dtype=pl.Boolean)
    for _, pattern in _PATTERNS:
        found = found | texts.str.contains(pattern.pattern)
    return found


def hidden(text: str) -> str:
    """The text with everything personal in it masked."""
    for each in personal(text):
        text = text.replace(each.text, each.masked)
    return text


def masked(value: str) -> str:
    """A personal text as a report may show it: `m…@gmx.de`, `0171 2…`, `Frau M…`."""
    name, at, host = value.removeprefix("mailto:").partition("@")
    if at:
        return f"{name[:1]}…@{host}"
    if any(sign.isdigit() for sign in value):
        return value[:6] + "…"
    return " ".join(_short(value.split()))


def _short(words: list[str]) -> Iterator[str]:
    for word in words:
        yield word if re.fullmatch(_TITLE, word) else word[:1] + "…"
