"""`stadtwissen build`: sources become a new release."""

import argparse
import sys
from pathlib import Path

from loader import pipeline, report
from loader.errors import LoaderError
from loader.language import Language, Text
from loader.outcome import Published, Refused, Rehearsed, Result, Unchanged
from loader.releases.release import Home, Release
from loader.settings import Settings
from loader.talk import Talk
from loader.verb import Verb
from loader.verbs.mirror import mirror

_HELP = Text(
    "Baut aus Quellen eine neue Veröffentlichung; ihre Kennung ist die letzte Zeile der Ausgabe.",
    "Builds a new release from sources; its id is the last line of the output.",
)
_FOLDERS = Text(
    "Ordner mit Quellen (sonst: die mitgelieferten)",
    "folders with sources (otherwise the bundled ones)",
)
_DRY_RUN = Text(
    "alles prüfen, nichts veröffentlichen (sonst: veröffentlichen)",
    "check everything, publish nothing (otherwise publish)",
)
_SHRINKAGE = Text(
    "Quelle, die gegenüber der geltenden Veröffentlichung Zeilen verlieren darf (sonst: keine)",
    "source that may lose rows against the live release (otherwise none)",
)


def _options(parser: argparse.ArgumentParser, language: Language) -> None:
    say = language
    parser.add_argument("folders", nargs="*", type=Path, metavar="DIR", help=_FOLDERS.say(say))
    parser.add_argument("--dry-run", action="store_true", help=_DRY_RUN.say(say))
    parser.add_argument(
        "--accept-shrinkage",
        action="append",
        default=[],
        metavar="SOURCE",
        help=_SHRINKAGE.say(say),
    )


def _run(options: argparse.Namespace, settings: Settings, talk: Talk) -> int:
    shrinking = frozenset(options.accept_shrinkage)
    order = pipeline.Order(tuple(options.folders), options.dry_run, shrinking)
    result = pipeline.Build(Home(settings.home), order, talk).run()
    if result.findings:
        sys.stderr.write(report.text(result.findings, talk.language) + "\n")
    talk.say(_outcome(result, report.summary(result.findings)))
    match result.outcome:
        case Refused():
            return 1
        case Published(release) | Unchanged(release):
            sys.stdout.write(release.id + "\n")
            if settings.store:
                _mirror(release, settings, talk)
    return 0


def _mirror(release: Release, settings: Settings, talk: Talk) -> None:
    """Tells the remote store, without which the release is live all the same."""
    try:
        mirror(release, settings, talk)
    except LoaderError:
        talk.say(
            Text(
                "Hier gilt die Veröffentlichung trotzdem. "
                "Den entfernten Speicher holt nach: stadtwissen mirror",
                "The release is live here all the same. "
                "The remote store catches up by: stadtwissen mirror",
            )
        )
        raise


def _outcome(result: Result, summary: Text) -> Text:
    """What the state of the world now is."""
    match result.outcome:
        case Published(release):
            number, sources = release.manifest["triples"], ", ".join(release.manifest["sources"])
            return Text(
                f"Veröffentlicht: {release.id} mit {number} Aussagen aus {sources} ({summary.de}).",
                f"Published: {release.id} with {number} statements from {sources} ({summary.en}).",
            )
        case Unchanged(release):
            return Text(
                f"Nichts Neues in den Quellen: {release.id} gilt weiter.",
                f"Nothing new in the sources: {release.id} stays live.",
            )
        case Rehearsed(triples):
            return Text(
                f"Probe bestanden: {triples} Aussagen, {summary.de}. Nichts veröffentlicht.",
                f"Rehearsal passed: {triples} statements, {summary.en}. Nothing published.",
            )
        case Refused(path):
            return Text(
                f"Nicht übernommen: {summary.de}. Es wurde nichts veröffentlicht. "
                f"Alle Befunde in beiden Sprachen: {path}",
                f"Not taken over: {summary.en}. Nothing was published. "
                f"All findings in both languages: {path}",
            )


VERB = Verb(_HELP, _options, _run)
