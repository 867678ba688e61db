"""A change: the live release with some graphs different becomes the next release, or nothing does.

Checkpoint, edit, validate, account, commit. The live release answers until the last step.
"""

from collections.abc import Set
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from loader import report
from loader.account import GRAPH, Revision
from loader.changes import judgement
from loader.changes.draft import Draft
from loader.changes.edit import Edit
from loader.changes.judgement import Rules
from loader.changes.keys import Holder
from loader.errors import UsageError
from loader.finding import Finding
from loader.language import Text
from loader.outcome import Changed, Rejected, Unchanged
from loader.releases.release import Home, Release


class NothingToChange(UsageError):
    """There is no live release that could be changed."""


Outcome = Changed | Unchanged | Rejected


@dataclass(slots=True)
class Change:
    """One edit by the holder of a key: commit or abort."""

    home: Home
    rules: Rules
    author: Holder
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    def run(self, edit: Edit) -> tuple[Outcome, list[Finding]]:
        """Makes the change, and returns what was found about all that it touches.

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
                return self._settle(draft, edit)

    def _settle(self, draft: Draft, edit: Edit) -> tuple[Outcome, list[Finding]]:
        """Accounts for what was edited, judges it, and commits it unless it breaks a rule."""
        before = draft.live.manifest["graphs"]
        created = frozenset(graph for graph in draft.changed if graph and graph not in before)
        inserted, deleted = _differing(draft)
        revision = Revision(draft.candidate.id, self.began, self.author.partner, edit.kind)
        changed, account = _changed(draft, revision), revision.lines(draft.changed)
        draft.add(GRAPH, account)
        draft.write()
        judged = judgement.of(draft, self.rules, inserted | deleted | set(account))
        if judged.breaks_rules:
            return Rejected(draft.live), judged.findings
        (draft.candidate.path / "report.json").write_text(
            report.entries_as_json(judged.report), "utf-8"
        )
        release = self._commit(draft, changed, judged.subjects)
        return Changed(release, len(inserted), len(deleted), created), judged.findings

    def _commit(self, draft: Draft, changed: dict[str, Any], subjects: Set[str]) -> Release:
        manifest = {name: facts for name, facts in draft.live.manifest.items() if name != "default"}
        manifest |= draft.entries | {
            "id": draft.candidate.id,
            "created": f"{self.began:%Y-%m-%dT%H:%M:%SZ}",
            "ruleset": self.rules.shapes.digest,
            "numbers": draft.derive(subjects),
            # No build makes this content, so that the next one never takes it for its own.
            "content": f"{draft.live.id} changed into {draft.candidate.id}",
            "changed": changed,
        }
        draft.close()
        return self.home.commit(draft.candidate, manifest)


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
