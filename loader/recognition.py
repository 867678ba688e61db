"""Recognition: which form a table without a description is, and which field each column.

Headers are compared with labels and synonyms in German and English, whatever their capitals,
umlauts and punctuation; what only looks like one is named, not taken.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from loader import rule
from loader.drafting import Heading
from loader.finding import Finding
from loader.folding import fold
from loader.form import Field, Form
from loader.schema import Table

CERTAIN = 1.0
TAKEN = 0.9  # from here on a header is taken for the field
NEAR = 0.72  # from here on it may be meant
_SYNONYM = 0.95
_HELD = 0.8  # a label inside a longer header
_WORD = 5  # letters, below which everything looks like something
_NUMBER = re.compile(r"^\s*[0-9]+[.)]\s*")
_BRACKETS = re.compile(r"\([^)]*\)|\*|\bin (?:€|EUR|Euro)(?!\w).*|[€%]")
_BETWEEN = re.compile(r"\s*[/|]\s*|\s*\n\s*\n\s*")
_HYPHEN = re.compile(r"-\s*(?=[a-zäöüß])")


@dataclass(frozen=True, slots=True)
class Match:
    """A column's header with the field that it most likely is; `confidence` is from 0 to 1."""

    titles: tuple[str, ...]
    field: Field | None
    confidence: float

    @property
    def is_taken(self) -> bool:
        """Whether the header is close enough to be taken for the field."""
        return self.field is not None and self.confidence >= TAKEN

    @property
    def title(self) -> str:
        """The header as a person reads it."""
        return self.titles[0] if self.titles else ""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A table taken for a form; `is_template` is true for a sheet of our own template."""

    form: Form
    matches: tuple[Match, ...]
    is_template: bool = False

    @property
    def headings(self) -> list[Heading]:
        """The columns with the fields that they are taken for."""
        return [Heading(m.titles, m.field if m.is_taken else None) for m in self.matches]

    @property
    def missing(self) -> list[Field]:
        """The required fields that no column is taken for."""
        taken = {m.field.name for m in self.matches if m.is_taken and m.field}
        return [f for f in self.form.fields if f.requirement == "required" and f.name not in taken]

    @property
    def confidence(self) -> float:
        """From 0 to 1: whether the column that names things is there, and how many are known."""
        taken = {m.field.name for m in self.matches if m.is_taken and m.field}
        names = [f.name for f in self.form.fields if f.language and f.requirement == "required"]
        known = sum(m.confidence for m in self.matches if m.is_taken)
        return (bool(taken.intersection(names)) + known / max(len(self.matches), 1)) / 2

    def findings(self, table: Table) -> list[Finding]:
        """Required columns that are missing, with the one that may be meant; foreign columns."""
        found = []
        near = {m.field.name: m for m in self.matches if m.field and not m.is_taken}
        for missing in self.missing:
            match = near.get(missing.name)
            finding = rule.finding(
                "T-SPALTE-FEHLT", header=missing.label, found=match.title if match else "–"
            )
            index = self.matches.index(match) if match else None
            place = table.place(None, index, match.title if match else None)
            found.append(finding.at(place, match.title if match else None))
        for index, match in enumerate(self.matches):
            if not match.is_taken and match.title and match.field not in self.missing:
                foreign = rule.finding("T-SPALTE-FREMD", header=match.title)
                found.append(foreign.at(table.place(None, index, match.title), None))
        return found


@dataclass(slots=True)
class Recogniser:
    """Knows the forms by their folded names."""

    forms: tuple[Form, ...]
    _names: dict[str, list[tuple[Field, dict[str, float]]]] = field(init=False)

    def __post_init__(self) -> None:
        self._names = {
            form.iri: [(each, _names(each)) for each in form.fields] for form in self.forms
        }

    def recognise(self, titles: list[tuple[str, ...]], hints: Iterable[str] = ()) -> Recognised:
        """The form that fits best; `hints` are names of the file and the sheet."""
        hinted = {fold(hint) for hint in hints}
        found = [Recognised(form, self._matches(form, titles)) for form in self.forms]
        return max(found, key=lambda each: (_is_hinted(each.form, hinted), each.confidence))

    def _matches(self, form: Form, titles: list[tuple[str, ...]]) -> tuple[Match, ...]:
        """The best pairs first; neither a header nor a field is used twice."""
        pairs = sorted(
            (
                (score, -index, each.name, each)
                for index, texts in enumerate(titles)
                for each, names in self._names[form.iri]
                if (score := _score(texts, names)) >= NEAR
            ),
            key=lambda pair: pair[:3],
            reverse=True,
        )
        best: dict[int, Match] = {}
        used: set[str] = set()
        for score, minus, name, each in pairs:
            if -minus not in best and name not in used:
                best[-minus] = Match(titles[-minus], each, round(score, 2))
                used.add(name)
        return tuple(best.get(i, Match(texts, None, 0.0)) for i, texts in enumerate(titles))


def _names(each: Field) -> dict[str, float]:
    names = {fold(name): _SYNONYM for name in each.synonyms}
    return names | {fold(each.label.de): CERTAIN, fold(each.label.en): CERTAIN}


def _is_hinted(form: Form, hints: set[str]) -> bool:
    return any(name in hints for name in (fold(form.label.de), fold(form.label.en), form.kind))


def _score(titles: tuple[str, ...], names: dict[str, float]) -> float:
    """How sure one of a column's titles is one of a field's names."""
    spellings = {spelling for title in titles for spelling in _spellings(title)}
    return max(
        (_likeness(title, name, sure) for title in spellings for name, sure in names.items()),
        default=0.0,
    )


def _spellings(title: str) -> set[str]:
    """A header folded: whole, its languages apart, without number, brackets and hyphens."""
    bare = _NUMBER.sub("", _BRACKETS.sub(" ", title))
    parts = [title, bare, *_BETWEEN.split(bare)]
    joined = [_HYPHEN.sub("", part) for part in parts]
    return {fold(part) for part in (*parts, *joined) if len(part.strip()) > 1}


def _likeness(title: str, name: str, sure: float) -> float:
    if not title or not name:
        return 0.0
    if title == name:
        return sure
    if len(name) > 3 and f" {name} " in f" {title} ":
        return _HELD * (0.75 + 0.25 * len(name) / len(title))
    if min(len(title), len(name)) < _WORD:
        return 0.0
    matcher = SequenceMatcher(None, title, name)
    if matcher.real_quick_ratio() < NEAR or matcher.quick_ratio() < NEAR:
        return 0.0
    return matcher.ratio() * (TAKEN - 0.01)
