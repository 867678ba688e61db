"""Revisions: what is different between two editions of the vocabulary, and how much it matters.

The steps are those of Semantic Versioning 2.0.0: who relied on the edition before must be able to
rely on the one after, unless the first number has risen.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from loader.edition import MEANING, Aspects, Edition
from loader.errors import UsageError
from loader.language import Text

Step = Literal["none", "patch", "minor", "major"]
_MEANING = frozenset(MEANING.values())


@dataclass(frozen=True, slots=True)
class Change:
    """One aspect of a term that reads otherwise now; `before` and `after` hold what differs."""

    term: str
    aspect: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def redefines(self) -> bool:
        """Whether the term means something else to a program, not only to a reader."""
        return self.aspect in _MEANING


@dataclass(frozen=True)
class Revision:
    """The way from one edition to another."""

    before: Edition
    after: Edition

    @cached_property
    def added(self) -> list[str]:
        """The terms that only the later edition has."""
        return sorted(self.after.terms.keys() - self.before.terms.keys())

    @cached_property
    def removed(self) -> list[str]:
        """The terms that only the earlier edition has."""
        return sorted(self.before.terms.keys() - self.after.terms.keys())

    @cached_property
    def lost(self) -> list[str]:
        """Those of them that nobody was warned about: they were not deprecated before."""
        return [term for term in self.removed if term not in self.before.deprecated]

    @cached_property
    def deprecated(self) -> list[str]:
        """The terms that are deprecated from now on."""
        return sorted((self.after.deprecated - self.before.deprecated) & self.before.terms.keys())

    @cached_property
    def changed(self) -> list[Change]:
        """What reads otherwise, by term."""
        common = sorted(self.before.terms.keys() & self.after.terms.keys())
        return [
            change
            for term in common
            for change in _changes(term, self.before.terms[term], self.after.terms[term])
        ]

    @cached_property
    def step(self) -> Step:
        """The step that the changes ask for."""
        redefined = [c.term for c in self.changed if c.redefines]
        if self.lost or [term for term in redefined if term not in self.before.deprecated]:
            return "major"
        if self.added or self.removed or self.deprecated or redefined:
            return "minor"
        return "patch" if self.changed else "none"

    @property
    def demanded(self) -> str:
        """The lowest version that the later edition may have."""
        return ".".join(map(str, _raised(_numbers(self.before.version), self.step)))

    @property
    def conforms(self) -> bool:
        """Whether the later edition's version is high enough."""
        return _numbers(self.after.version) >= _numbers(self.demanded)

    @property
    def follows(self) -> bool:
        """Whether the later edition may stand for the earlier: nothing lost, and a fit version.

        The number of a draft is not settled: a draft may grow without a new one.
        """
        return not self.lost and (self.conforms or self.before.draft)

    def as_json(self) -> dict[str, Any]:
        """Everything, for programs."""
        return {
            "before": self.before.version,
            "after": self.after.version,
            "step": self.step,
            "demanded": self.demanded,
            "conforms": self.conforms,
            "added": self.added,
            "removed": [{"term": t, "deprecated": t not in self.lost} for t in self.removed],
            "deprecated": self.deprecated,
            "changed": [
                {
                    "term": change.term,
                    "aspect": change.aspect,
                    "redefined": change.redefines,
                    "before": list(change.before),
                    "after": list(change.after),
                }
                for change in self.changed
            ],
        }

    def lines(self) -> list[Text]:
        """Everything, for people: one line a change, the verdict last."""
        found = [Text(f"+ neu: {term}", f"+ added: {term}") for term in self.added]
        for term in self.removed:
            silently = term in self.lost
            german = "entfernt, ohne vorher als veraltet zu gelten" if silently else "entfernt"
            english = "removed without having been deprecated" if silently else "removed"
            found.append(Text(f"- {german}: {term}", f"- {english}: {term}"))
        found += [Text(f"! veraltet: {t}", f"! deprecated: {t}") for t in self.deprecated]
        found += [_line(change) for change in self.changed]
        return [*found, self._verdict()]

    def _verdict(self) -> Text:
        name, now, least = self.step, self.after.version, self.demanded
        if self.conforms:
            return Text(f"Schritt: {name}. {now} passt.", f"Step: {name}. {now} is right.")
        return Text(
            f"Schritt: {name}. {now} ist zu niedrig, nötig ist mindestens {least}.",
            f"Step: {name}. {now} is too low; at least {least} is needed.",
        )


_ASPECTS = {
    "definition": "Bedeutung",
    "disjointness": "Unvereinbarkeit",
    "domain": "gehört zu",
    "hierarchy": "Einordnung",
    "inverse": "Umkehrung",
    "kind": "Art",
    "label": "Name",
    "notation": "Kürzel",
    "note": "Anmerkung",
    "range": "Werte",
}


def _line(change: Change) -> Text:
    before, after = ", ".join(change.before) or "–", ", ".join(change.after) or "–"
    german = "umgedeutet" if change.redefines else "geändert"
    english = "redefined" if change.redefines else "changed"
    return Text(
        f"~ {german}: {change.term}, {_ASPECTS[change.aspect]}: {before} → {after}",
        f"~ {english}: {change.term}, {change.aspect}: {before} → {after}",
    )


def _changes(term: str, before: Aspects, after: Aspects) -> list[Change]:
    found = []
    for aspect in sorted(before.keys() | after.keys()):
        old, new = before.get(aspect, frozenset()), after.get(aspect, frozenset())
        if old != new:
            found.append(Change(term, aspect, tuple(sorted(old - new)), tuple(sorted(new - old))))
    return found


def _numbers(version: str) -> tuple[int, int, int]:
    parts = version.split(".")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        text = Text(
            f"Die Fassung „{version}“ ist keine wie 1.2.3. Sie steht in owl:versionInfo.",
            f"The version “{version}” is not one like 1.2.3. It stands in owl:versionInfo.",
        )
        raise UsageError(text)
    major, minor, patch = map(int, parts)
    return major, minor, patch


def _raised(version: tuple[int, int, int], step: Step) -> tuple[int, int, int]:
    major, minor, patch = version
    if step == "major":
        return major + 1, 0, 0
    if step == "minor":
        return major, minor + 1, 0
    return (major, minor, patch + 1) if step == "patch" else version
