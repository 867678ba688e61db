"""The judgement of a change: the rules asked again, as far as the change can matter to them."""

from collections.abc import Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from pyoxigraph import RdfFormat, parse

from loader import bundle, store
from loader.changes import impact
from loader.changes.draft import Draft
from loader.changes.impact import Impact
from loader.finding import Finding
from loader.releases import master
from loader.shacl import shape, walk
from loader.shacl.live import Joined
from loader.shacl.result import Result
from loader.shacl.shape import Shapes
from loader.shacl.walk import Walks
from loader.trace import Trace
from loader.validate import Validator

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rules:
    """What judges a change, read once for many; `walks` are how far the rules of Core look."""

    shapes: Shapes
    walks: Walks

    @classmethod
    def read(cls) -> "Rules":
        """The bundled shapes, made ready."""
        shapes = shape.read(bundle.shapes())
        _ = shapes.engine, shapes.constraints  # now, so that forked processes share it
        return cls(shapes, walk.of(shapes.graph))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found about all that a change touches, and the report of the whole release.

    `subjects` are what the changed statements are about.
    """

    findings: list[Finding]
    report: list[Entry]
    subjects: Set[str]

    @property
    def breaks_rules(self) -> bool:
        """Whether something of severity error was found."""
        return any(finding.severity == "error" for finding in self.findings)


def of(draft: Draft, rules: Rules, lines: Set[str]) -> Judgement:
    """Judges a draft whose masters are written; `lines` of them are new or gone."""
    validator = Validator(rules.shapes)
    touched = _impact(draft, rules, lines)
    results = None
    if touched:
        joined = Joined(draft.store, draft.files, rules.walks)
        results = validator.again(touched.things, touched.constraints, joined)
    if results is None:
        touched, results = None, _whole(draft, validator)
    findings = list(validator.findings(results, Trace([])))
    subjects = {line.partition(" ")[0][1:-1] for line in lines}
    return Judgement(findings, _report(draft, rules, touched, findings, subjects), subjects)


def _impact(draft: Draft, rules: Rules, lines: Set[str]) -> Impact | None:
    """What has to be judged again; None for everything, as after a change of the rules."""
    is_judged = draft.live.manifest["ruleset"] == rules.shapes.digest
    if not is_judged or any(map(store.blank, lines)):
        return None
    quads = list(parse("\n".join(lines), format=RdfFormat.N_QUADS))
    return impact.of(quads, draft.store, rules.shapes, rules.walks)


def _whole(draft: Draft, validator: Validator) -> list[Result]:
    together = master.together(draft.candidate.path, draft.files.values())
    with together as path, ThreadPoolExecutor(1) as aside:
        core = aside.submit(validator.core, path)
        return [
            *validator.sparql(draft.store),
            *validator.apart(draft.store),
            *core.result(),
        ]


def _report(
    draft: Draft,
    rules: Rules,
    touched: Impact | None,
    findings: list[Finding],
    subjects: Set[str],
) -> list[Entry]:
    """All findings: what was not judged again stays, and so do places of what did not change."""
    merged: list[Entry] = []
    placed: dict[tuple[Any, ...], list[Entry]] = {}
    for entry in draft.live.report:
        rule, focus = entry["shape"], entry["focus"]
        if rule is None or (touched and not touched.covers(rule, focus, rules.shapes)):
            merged.append(entry)
        elif entry["file"] and focus not in subjects:
            placed.setdefault((rule, focus, entry["path"]), []).append(entry)
    for finding in findings:
        entries = placed.get((finding.shape, finding.focus, finding.path))
        merged.append(entries.pop(0) if entries else finding.as_json())
    return merged
