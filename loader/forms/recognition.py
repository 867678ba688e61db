"""Recognition: which form a table without a description is, and which field each column.

Headers are compared with labels and synonyms in German and English, whatever their capitals,
umlauts and punctuation; what only looks like one is named, not taken.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from loader import rule
from loader.csvw.schema import Table
from loader.finding import Finding
from loader.folding import fold
from loader.forms.drafting import Heading
from loader.forms.form import Field, Form

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
    """Knows the forms by their folded names; made once, it recognises any number of tables."""

    forms: tuple[Form, ...]
    _names: dict[str, dict[str, tuple[float, Field]]] = field(init=False)
    _pairs: set[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self._names = {form.iri: _names(form) for form in self.forms}
        labels = [each.label for form in self.forms for each in form.fields]
        self._pairs = {(fold(label.de), fold(label.en)) for label in labels}

    def repeats(self, first: list[str], second: list[str]) -> bool:
        """Whether a second header row says the same as the first in the other language."""
        pairs = [(fold(a), fold(b)) for a, b in zip(first, second, strict=False) if a and b]
        return len(pairs) > 1 and sum(p in self._pairs for p in pairs) > len(pairs) / 2

    def recognise(self, titles: list[tuple[str, ...]], hints: Iterable[str] = ()) -> Recognised:
        """The form that fits best; `hints` are names of the file and the sheet."""
        hinted = {fold(hint) for hint in hints}
        spelt = [{s for title in texts for s in _spellings(title)} for texts in titles]
        found = [
            Recognised(form, self._matches(form, titles, spelt), _is_template(form, titles))
            for form in self.forms
        ]
        best = max(found, key=lambda each: (_is_hinted(each.form, hinted), each.confidence))
        return replace(best, matches=_with_near(best, spelt))

    def _matches(
        self, form: Form, titles: list[tuple[str, ...]], spelt: list[set[str]]
    ) -> tuple[Match, ...]:
        """The surest first, then the form's first fields; none is used twice."""
        names = self._names[form.iri]
        order = {each.name: number for number, each in enumerate(form.fields)}
        hits = sorted(
            (-names[spelling][0], order[names[spelling][1].name], index, spelling)
            for index, spellings in enumerate(spelt)
            for spelling in spellings & names.keys()
        )
        best: dict[int, Match] = {}
        used: set[str] = set()
        for minus, _, index, spelling in hits:
            each = names[spelling][1]
            if index not in best and each.name not in used:
                best[index] = Match(titles[index], each, -minus)
                used.add(each.name)
        return tuple(best.get(i, Match(texts, None, 0.0)) for i, texts in enumerate(titles))


def _names(form: Form) -> dict[str, tuple[float, Field]]:
    """Each name of a field with how sure it is; labels go before synonyms."""
    found = {fold(name): (_SYNONYM, each) for each in form.fields for name in each.synonyms}
    for each in form.fields:
        found |= {fold(name): (CERTAIN, each) for name in (each.label.de, each.label.en)}
    return found


def _with_near(found: Recognised, spelt: list[set[str]]) -> tuple[Match, ...]:
    """The matches, and for columns without one the field of the form that is meant most likely."""
    used = {match.field.name for match in found.matches if match.field}
    left = [(each, fold(name)) for each in found.form.fields if each.name not in used
            for name in (each.label.de, each.label.en, *each.synonyms)]  # fmt: skip
    pairs = sorted(
        (
            (-score, index, each.name, each)
            for index, match in enumerate(found.matches)
            for each, name in left
            if match.field is None
            and (score := max((_likeness(s, name) for s in spelt[index]), default=0.0)) >= NEAR
        ),
        key=lambda pair: pair[:3],
    )
    matches = list(found.matches)
    for minus, index, name, each in pairs:
        if matches[index].field is None and name not in used:
            matches[index] = Match(matches[index].titles, each, round(-minus, 2))
            used.add(name)
    return tuple(matches)


def _is_template(form: Form, titles: list[tuple[str, ...]]) -> bool:
    """Whether the headers are those that the template gives the form, all of them in order."""
    own = [(fold(each.label.de), fold(each.label.en)) for each in form.fields]
    return [tuple(fold(text) for text in texts) for texts in titles] == own


def _is_hinted(form: Form, hints: set[str]) -> bool:
    return any(name in hints for name in (fold(form.label.de), fold(form.label.en), form.kind))


def _spellings(title: str) -> set[str]:
    """A header folded: whole, its languages apart, without number, brackets and hyphens."""
    bare = _NUMBER.sub("", _BRACKETS.sub(" ", title))
    parts = [title, bare, *_BETWEEN.split(bare)]
    joined = [_HYPHEN.sub("", part) for part in parts]
    return {fold(part) for part in (*parts, *joined) if len(part.strip()) > 1}


def _likeness(title: str, name: str) -> float:
    """How much a header looks like a name that it is not, from 0 to below `TAKEN`."""
    if min(len(title), len(name)) < _WORD:
        return 0.0
    if f" {name} " in f" {title} ":
        return _HELD * (0.75 + 0.25 * len(name) / len(title))
    matcher = SequenceMatcher(None, title, name)
    if matcher.real_quick_ratio() < NEAR or matcher.quick_ratio() < NEAR:
        return 0.0
    return matcher.ratio() * (TAKEN - 0.01)
