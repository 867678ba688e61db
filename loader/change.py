"""A change: the live release with some graphs different becomes the next release, or nothing does.

Checkpoint, edit, validate, account, commit. The live release answers until the last step.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from loader import bundle, report, shape
from loader.account import GRAPH, Revision
from loader.draft import Draft
from loader.edit import Edit
from loader.errors import UsageError
from loader.finding import Finding
from loader.keys import Holder
from loader.language import Text
from loader.outcome import Changed, Rejected, Unchanged
from loader.release import Home
from loader.shape import Shapes
from loader.trace import Trace
from loader.validate import Validator


class NothingToChange(UsageError):
    """There is no live release that could be changed."""


Outcome = Changed | Unchanged | Rejected


@dataclass(frozen=True, slots=True)
class Rules:
    """What judges a change, read once for many."""

    shapes: Shapes

    @classmethod
    def read(cls) -> "Rules":
        """The bundled shapes, made ready."""
        rules = cls(shape.read(bundle.shapes()))
        _ = rules.shapes.engine, rules.shapes.constraints  # now, so that forked processes share it
        return rules


@dataclass(slots=True)
class Change:
    """One edit by the holder of a key: commit or abort."""

    home: Home
    rules: Rules
    author: Holder
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    def run(self, edit: Edit) -> tuple[Outcome, list[Finding]]:
        """Makes the change, and returns what was found in the changed release.

        Raises NothingToChange, BuildRunning, and what the edit raises; then nothing was changed.
        """
        with self.home.building() as candidate:
            live = self.home.current()
            if live is None:
                raise NothingToChange(
                    Text(
                        "Es gibt noch keine Veröffentlichung, die man ändern könnte. "
                        "Bauen Sie eine: stadtwissen build",
                        "There is no release yet that could be changed. "
                        "Build one: stadtwissen build",
                    )
                )
            with live.hold(), Draft.begin(live, candidate) as draft:
                edit.apply(draft)
                if not draft.changed:
                    return Unchanged(live), []
                findings = self._validate(draft)
                if any(finding.severity == "error" for finding in findings):
                    return Rejected(live), findings
                return self._commit(draft, edit, findings), findings

    def _validate(self, draft: Draft) -> list[Finding]:
        validator = Validator(self.rules.shapes)
        with ThreadPoolExecutor(1) as aside:
            core = aside.submit(validator.core_of, draft.ntriples())
            results = [*validator.sparql(draft.store), *validator.apart(draft.store)]
            results += core.result()
        return validator.findings(results, Trace([]))

    def _commit(self, draft: Draft, edit: Edit, findings: list[Finding]) -> Changed:
        before = draft.live.manifest["graphs"]
        created = frozenset(graph for graph in draft.changed if graph and graph not in before)
        inserted, deleted = _differing(draft)
        revision = Revision(draft.candidate.id, self.began, self.author.partner, edit.kind)
        changed = _changed(draft, revision)
        draft.add(GRAPH, revision.lines(draft.changed))
        manifest = {name: facts for name, facts in draft.live.manifest.items() if name != "default"}
        manifest |= draft.write()
        manifest |= {
            "id": draft.candidate.id,
            "created": f"{self.began:%Y-%m-%dT%H:%M:%SZ}",
            "ruleset": self.rules.shapes.digest,
            # No build makes this content, so that the next one never takes it for its own.
            "content": f"{draft.live.id} changed into {draft.candidate.id}",
            "changed": changed,
        }
        text = report.entries_as_json(_report(draft, inserted | deleted, findings))
        (draft.candidate.path / "report.json").write_text(text, "utf-8")
        draft.close()
        release = self.home.commit(draft.candidate, manifest)
        return Changed(release, len(inserted), len(deleted), created)


def _differing(draft: Draft) -> tuple[set[str], set[str]]:
    """The lines of the masters that are new, and those that are gone."""
    inserted: set[str] = set()
    deleted: set[str] = set()
    for graph, lines in draft.changed.items():
        before, after = set(draft.before(graph)), set(lines or ())
        inserted |= after - before
        deleted |= before - after
    return inserted, deleted


def _changed(draft: Draft, revision: Revision) -> dict[str, Any]:
    """Which graphs are no longer what a build made of them, and who changed each last."""
    now = {graph: {"by": revision.partner, "in": draft.candidate.id} for graph in draft.changed}
    changed = draft.live.manifest.get("changed", {}) | now
    return {graph: facts for graph, facts in changed.items() if draft.lines(graph)}


def _report(draft: Draft, lines: set[str], findings: list[Finding]) -> list[dict[str, Any]]:
    """The findings; those about what did not change keep the place in a table that they had."""
    subjects = {line.partition(" ")[0][1:-1] for line in lines}
    known: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for entry in draft.live.report:
        if entry["shape"] is None:
            known.setdefault((None,), []).append(entry)
        elif entry["focus"] not in subjects:
            key = (entry["shape"], entry["focus"], entry["path"])
            known.setdefault(key, []).append(entry)
    merged = known.get((None,), [])
    for finding in findings:
        entries = known.get((finding.shape, finding.focus, finding.path))
        merged.append(entries.pop(0) if entries else finding.as_json())
    return merged
