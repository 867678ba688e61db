"""Outcomes: how a build or a change can end, as states that say what the world looks like now."""

from dataclasses import dataclass
from pathlib import Path

from loader.finding import Finding
from loader.releases.release import Release


@dataclass(frozen=True, slots=True)
class Published:
    """A new release is live."""

    release: Release


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The sources, or whoever changes something, say what the live release says; it stays."""

    release: Release


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """All stages passed and nothing was published, as asked."""

    triples: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Findings of severity error, written to `report`; the live release is untouched."""

    report: Path


@dataclass(frozen=True, slots=True)
class Changed:
    """A change made a new release that is live; the numbers are of statements.

    `created` are the graphs that were not there before.
    """

    release: Release
    inserted: int
    deleted: int
    created: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A change would break a rule; the live release is untouched."""

    release: Release


@dataclass(frozen=True, slots=True)
class Result:
    """How a build ended, and everything that was found on the way."""

    outcome: Published | Unchanged | Rehearsed | Refused
    findings: list[Finding]
