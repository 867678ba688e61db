"""The check of a delivery: what was recognised, and every finding, without storing anything.

The command `stadtwissen check` and the server ask the same checker.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from loader import bundle, cause, rule, vocabulary
from loader.csvw.schema import Table
from loader.deliveries import check_table, delivery, privacy, rdf
from loader.deliveries.delivery import RDF, TABLES, Allowance, Delivery, File
from loader.deliveries.suggestion import Adviser
from loader.finding import SEVERITIES, Finding, counts
from loader.forms import blueprint
from loader.forms.recognition import Recogniser
from loader.language import Text
from loader.places import municipality
from loader.releases.release import Home
from loader.shacl import extract, live, shape, walk
from loader.shacl.extract import Extract
from loader.shacl.live import Live
from loader.shacl.shape import Shapes
from loader.shacl.walk import Walks
from loader.trace import Trace
from loader.validate import Validator
from loader.vocabulary import Vocabulary

_SPOILS = ("D-", "T-KOPF")  # what makes the shapes repeat one cause many times

# The record with source and date is ours to write when a delivery is taken over.
_OURS = "https://w3id.org/stadtwissen/shapes/AnyPublished-record-missing"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. `recognised` says how each file was read; `ruleset` names the rules."""

    findings: list[Finding]
    recognised: dict[str, Any]
    release: str | None
    ruleset: str
    tables: tuple[Table, ...] = ()

    @property
    def kinds(self) -> dict[str, str | None]:
        """The format of each file by its name."""
        return {file["file"]: file["format"] for file in self.recognised["files"]}

    @property
    def conforms(self) -> bool:
        """Whether the delivery can be taken over: nothing of severity error."""
        return not any(finding.severity == "error" for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """The verdict as the contract writes it."""
        return {
            "conforms": self.conforms,
            "release": self.release,
            "ruleset": self.ruleset,
            "recognised": self.recognised,
            "counts": counts(self.findings),
            "findings": [finding.as_json() for finding in self.findings],
        }


@dataclass
class Checker:
    """Holds shapes and vocabulary ready; `home` is where the live release is looked for.

    `extract`: what one check will ask of that release, where it is held in memory.
    """

    home: Home
    words: Vocabulary
    shapes: Shapes
    allowance: Allowance
    extract: Extract | None = None

    @cached_property
    def validator(self) -> Validator:
        """The shapes, ready to be asked."""
        return Validator(self.shapes.without(_OURS))

    @cached_property
    def recogniser(self) -> Recogniser:
        """The forms that a table without a description is compared with."""
        return Recogniser(blueprint.bundled(self.words))

    def warm(self) -> None:
        """Makes all that checks share, so that a process forked from this one need not.

        Polars is left alone: its threads would not survive the fork.
        """
        rule.catalogue()
        shapes = self.validator.shapes
        _ = shapes.aimed, shapes.reach, self._walks, self._lists, municipality.titles()
        _ = self.recogniser
        _ = self.words.schemes, self.words.superclasses, self.words.inverses

    def hold(self) -> Iterator[None]:
        """Takes hold, step by step, of what is asked of the live release, unless it is held.

        It is for processes that are forked from this one and check once. Raises PointerLost.
        """
        release = self.home.current()
        if release and (self.extract is None or self.extract.release != release.id):
            asked = live.asked(self.validator.shapes.reach, self._walks)
            self.extract = yield from extract.gather(release, asked)

    def check(self, given: Delivery) -> Verdict:
        """Checks files that belong together. Raises UnreadableMetadata for the description."""
        files = [delivery.look(path, self.allowance) for path in given.files]
        findings = [finding for file in files for finding in file.findings]
        tables = [file for file in files if file.kind in TABLES]
        reading = check_table.read(
            tables, given.metadata, self.words, self.recogniser, self.allowance
        )
        findings += reading.findings
        lines = list(reading.lines)
        for file in files:
            if file.kind in RDF:
                quads, wrong = rdf.read(file.path, file.kind)
                lines += rdf.lines(quads)
                findings += wrong
        found: Iterable[Finding] = ()
        if lines and not any(_spoils(finding) for finding in findings):
            found = self._by_shapes(lines, Trace(reading.traces))
        told = cause.gathered(cause.first(findings, found, reading.tables))
        adviser = Adviser(self.words, reading.tables)
        findings = [_discreet(adviser.advise(each)) for each in told]
        recognised = {"files": [_known(file) for file in files], "tables": reading.recognised}
        release = self.home.current()
        return Verdict(
            sorted(findings, key=_order),
            recognised,
            release.id if release else None,
            self.shapes.digest,
            reading.tables,
        )

    def _by_shapes(self, lines: list[str], trace: Trace) -> Iterator[Finding]:
        """What the shapes say of the delivered things, beside what the live release knows."""
        seen = Live(self.home.current(), self._walks, self.extract)
        results = self.validator.delivery(list(dict.fromkeys(lines)), seen, self._lists)
        return self.validator.findings(results, trace)

    @cached_property
    def _walks(self) -> Walks:
        return walk.of(self.shapes.graph)

    @cached_property
    def _lists(self) -> str:
        """What rules ask of the code lists: every delivery may refer to them."""
        asked = self._walks.beyond()
        said = (q for q in self.words.concepts if asked is None or q.predicate.value in asked)
        return "".join(f"{quad.triple} .\n" for quad in said)


def ready(home: Home, allowance: Allowance | None = None) -> Checker:
    """A checker with the bundled vocabulary and shapes."""
    words, shapes = vocabulary.read(bundle.ontology()), shape.read(bundle.shapes())
    return Checker(home, words, shapes, allowance or Allowance())


def _spoils(finding: Finding) -> bool:
    return finding.severity == "error" and finding.code.startswith(_SPOILS)


def _discreet(finding: Finding) -> Finding:
    """The finding with everything personal in it masked."""
    if finding.value is None:
        return finding
    value = privacy.hidden(finding.value)
    if value == finding.value:
        return finding
    message = Text(
        finding.message.de.replace(finding.value, value),
        finding.message.en.replace(finding.value, value),
    )
    return replace(finding, value=value, message=message, suggestion=None)


def _known(file: File) -> dict[str, Any]:
    return {"file": file.path.name, "format": file.kind}


def _order(finding: Finding) -> tuple[int, str, str, str, bool, int, str]:
    """By severity, rule and place; what stands for many others comes after those told."""
    place, rank = finding.place, SEVERITIES.index(finding.severity)
    shape, file, is_rest = finding.shape or "", place.file or "", finding.times > 1
    return rank, finding.code, shape, file, is_rest, place.row or 0, place.column or ""
