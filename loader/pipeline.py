"""The conductor: the only module that knows the order of the stages."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from pyoxigraph import Quad, RdfFormat, parse

from loader import bundle, cause, expectation, report, source, statement, store, vocabulary
from loader.account import BASE, GRAPH, Account, revisions
from loader.convert import Conversion
from loader.finding import Finding
from loader.language import Text
from loader.outcome import Published, Refused, Rehearsed, Result, Unchanged
from loader.publish import Publication, canonical
from loader.releases import master
from loader.releases.release import Candidate, Home, Release
from loader.shacl import shape
from loader.shacl.shape import Shapes
from loader.source import Source
from loader.talk import Progress, Talk
from loader.trace import TableTrace, Trace
from loader.validate import Validator
from loader.vocabulary import Vocabulary

_OWN_GRAPHS = {
    BASE + "ontology/": "Ontologie von Stadtwissen",
    BASE + "schemes/": "Listen von Stadtwissen",
    BASE + "shapes/": "Regeln von Stadtwissen",
}


@dataclass(frozen=True, slots=True)
class Order:
    """What a build is asked to do; `shrinking` names sources that may lose rows."""

    folders: tuple[Path, ...] = ()
    dry_run: bool = False
    shrinking: frozenset[str] = frozenset()


@dataclass(slots=True)
class Build:
    """One run from sources to a release: commit or abort."""

    home: Home
    order: Order
    talk: Talk
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    _progress: Progress = field(init=False)
    _numbers: Future[dict[str, int]] = field(init=False)

    def run(self) -> Result:
        """Builds; raises LoaderError for what no finding can say."""
        words = vocabulary.read(bundle.ontology())
        shapes = shape.read(bundle.shapes())
        folders = self.order.folders or (bundle.sources(),)
        sources = [found for folder in folders for found in source.find(folder)]
        source.check(sources, words)
        stages = len(sources) + 4
        with self.home.building() as candidate, self.talk.progress(stages) as self._progress:
            return self._run(candidate, sources, words, shapes)

    def _run(
        self, candidate: Candidate, sources: list[Source], words: Vocabulary, shapes: Shapes
    ) -> Result:
        publication = Publication(candidate)
        conversions = [Conversion(each, words, self._progress.rows) for each in sources]
        for made in conversions:
            self._say_reading(made.source.name)
            graph = made.source.group.graph
            publication.add(made.source.name, graph, _lines(made))
            self.talk.say(_said(made, publication.graphs[graph]["triples"]))
        self._progress.stage(Text("Schreibe die Ontologie", "Writing the ontology"))
        for name, graph, quads in _own_graphs(words):
            publication.add(name, graph, [canonical(quads, graph)])
        content = publication.content(shapes.digest, [s.digest for s in sources])
        live = self.home.current()
        findings = [finding for made in conversions for finding in made.findings]
        findings += self._expectations(conversions, live)
        wrong = any(finding.severity == "error" for finding in findings)
        if live and live.manifest["content"] == content and not wrong:
            return Result(Unchanged(live), [])
        if live:
            self._carry(publication, live)
        account = Account(candidate.id, self.began, conversions)
        lines = account.lines(_OWN_GRAPHS) + _revisions(live)
        publication.add("provenance", GRAPH, [pl.Series(lines)])
        if not any(_spoils_validation(finding) for finding in findings):
            tables = (table for each in sources for table in each.group.tables)
            trace = Trace([TableTrace(table, words) for table in tables])
            findings = self._validate(publication, trace, shapes, findings)
        if any(finding.severity == "error" for finding in findings):
            return Result(Refused(self._write_refusal(findings)), findings)
        if self.order.dry_run:
            return Result(Rehearsed(publication.triples), findings)
        manifest = {"content": content, "ruleset": shapes.digest, "sources": _account(conversions)}
        release = self._publish(publication, manifest, findings)
        return Result(Published(release), findings)

    def _carry(self, publication: Publication, live: Release) -> None:
        replaced = publication.carry(live)
        for graph in publication.changed:
            name = graph or "default"
            self.talk.say(Text(f"{name} bleibt, wie er ist", f"{name} stays as it is"))
        for graph in replaced:
            self.talk.say(
                Text(
                    f"{graph}: Was jemand geändert hatte, ist durch die Quelle ersetzt",
                    f"{graph}: what somebody had changed is replaced by the source",
                )
            )

    def _say_reading(self, name: str) -> None:
        self._progress.stage(Text(f"Lese {name}", f"Reading {name}"))

    def _expectations(self, conversions: list[Conversion], live: Release | None) -> list[Finding]:
        before = live.manifest["sources"] if live else {}
        found = []
        for made in conversions:
            name = made.source.name
            rows = before.get(name, {}).get("tables", {})
            accepted = name in self.order.shrinking
            found += expectation.findings(made.source, made.rows, rows, accepted=accepted)
        names = [made.source.name for made in conversions]
        return found + expectation.gone(names, before, self.order.shrinking)

    def _validate(
        self,
        publication: Publication,
        trace: Trace,
        shapes: Shapes,
        before: list[Finding],
    ) -> list[Finding]:
        """The findings so far and those of the shapes; a cell that has one gets no second."""
        validator = Validator(shapes)
        self._progress.stage(Text("Lade und prüfe", "Loading and validating"))
        folder = publication.candidate.path
        together = master.together(folder, publication.masters)
        with together as statements, ThreadPoolExecutor(2) as aside:
            core = aside.submit(validator.core, statements)
            if not self.order.dry_run:  # begun now: it takes as long as the rules do
                self._numbers = aside.submit(publication.derive)
            loaded = store.load(publication.store, publication.masters)
            results = [*validator.sparql(loaded), *validator.apart(loaded)]
            results += core.result()
        self._progress.stage(Text("Suche die Zellen der Befunde", "Finding the cells"))
        return list(cause.first(before, validator.findings(results, trace)))

    def _write_refusal(self, findings: list[Finding]) -> Path:
        self._refusal.write_text(report.as_json(findings), "utf-8")
        return self._refusal

    @property
    def _refusal(self) -> Path:
        return self.home.path / "refused.json"

    def _publish(
        self,
        publication: Publication,
        manifest: dict[str, Any],
        findings: list[Finding],
    ) -> Release:
        self._progress.stage(Text("Veröffentliche", "Publishing"))
        publication.write_report(report.as_json(findings))
        manifest |= {
            "id": publication.candidate.id,
            "created": f"{self.began:%Y-%m-%dT%H:%M:%SZ}",
            "triples": publication.triples,
            "numbers": self._numbers.result(),
            "changed": publication.changed,
            **publication.entries(),
        }
        release = self.home.commit(publication.candidate, manifest)
        self._refusal.unlink(missing_ok=True)
        return release


def _revisions(live: Release | None) -> list[str]:
    """What the live release says of changes by hand."""
    entry = live.manifest["graphs"].get(GRAPH) if live else None
    if live is None or entry is None:
        return []
    return revisions((live.path / entry["file"]).read_text("utf-8").split("\n"))


def _lines(made: Conversion) -> Iterator[pl.Series]:
    """A source as columns of N-Quads lines, made while they are taken."""
    ending = statement.end(made.source.group.graph)
    return (statement.lines(frame, ending) for frame in made.statements())


def _said(made: Conversion, triples: int) -> Text:
    name, rows, tables = made.source.name, sum(made.rows.values()), len(made.rows)
    return Text(
        f"{name}: {triples} Aussagen aus {rows} Zeilen in {tables} Tabellen",
        f"{name}: {triples} statements from {rows} rows in {tables} tables",
    )


def _spoils_validation(finding: Finding) -> bool:
    """Whether whole tables are missing, which the shapes would only repeat a thousand times."""
    return finding.severity == "error" and finding.code.startswith(("T-SPALTE", "E-"))


def _own_graphs(words: Vocabulary) -> list[tuple[str, str, list[Quad]]]:
    """The graphs made of the project's own files: name of the file, graph, statements."""
    shapes = [
        quad
        for file in sorted(bundle.shapes().glob("*.ttl"))
        for quad in parse(path=file, format=RdfFormat.TURTLE)
    ]
    ontology, schemes, rules = _OWN_GRAPHS
    return [
        ("ontology", ontology, list(words.terms)),
        ("schemes", schemes, list(words.concepts)),
        ("shapes", rules, shapes),
    ]


def _account(conversions: list[Conversion]) -> dict[str, Any]:
    """What the manifest says of each source: when it was last changed, and rows by table."""
    return {
        made.source.name: {
            "modified": made.source.modified,
            "tables": made.rows,
        }
        for made in conversions
    }
