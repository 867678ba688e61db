"""`stadtwissen check`: what is wrong with a delivery, without storing it."""

import argparse
from pathlib import Path

from loader import output, report
from loader.deliveries import check, view
from loader.deliveries.check import Verdict
from loader.deliveries.delivery import Delivery
from loader.errors import UsageError
from loader.language import Language, Text
from loader.releases.release import Home
from loader.settings import Settings
from loader.talk import Talk
from loader.verb import Verb

_HELP = Text(
    "Prüft eine Lieferung, ohne sie zu speichern: Tabellen und RDF.",
    "Checks a delivery without storing it: tables and RDF.",
)
_FILES = Text(
    "Dateien, die zusammengehören (csv, tsv, xlsx, ods, json, ttl, jsonld, rdf, nt, nq, trig)",
    "files that belong together (csv, tsv, xlsx, ods, json, ttl, jsonld, rdf, nt, nq, trig)",
)
_METADATA = Text(
    "Beschreibung der Tabellen (sonst: FILE-metadata.json daneben, sonst der Tabellenkopf)",
    "description of the tables (otherwise FILE-metadata.json beside it, otherwise the header)",
)
_FORMAT = Text("Form des Berichts (sonst: text)", "form of the report (otherwise text)")
_OUTPUT = Text("Datei für den Bericht (sonst: stdout)", "file for the report (otherwise stdout)")
_FORMATS = ("text", *view.FORMATS)


def _options(parser: argparse.ArgumentParser, language: Language) -> None:
    say = language
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=_FILES.say(say))
    parser.add_argument("--metadata", type=Path, metavar="M", help=_METADATA.say(say))
    parser.add_argument("--format", choices=_FORMATS, default="text", help=_FORMAT.say(say))
    parser.add_argument("--output", type=Path, metavar="F", help=_OUTPUT.say(say))


def _run(options: argparse.Namespace, settings: Settings, talk: Talk) -> int:
    for file in options.files:
        _require(file)
    given = Delivery(tuple(options.files), options.metadata)
    verdict = check.ready(Home(settings.home)).check(given)
    with output.opened(options.output) as file:
        file.write(_written(verdict, options.format, talk.language))
    talk.say(report.headline(verdict.findings))
    return 0 if verdict.conforms else 1


def _require(file: Path) -> None:
    if not file.is_file():
        raise UsageError(
            Text(f"Die Datei {file} gibt es nicht.", f"There is no file {file}."),
        )


def _written(verdict: Verdict, form: str, language: Language) -> bytes:
    if form == "text":
        lines = [report.known(verdict.recognised, language), ""]
        return "\n".join([*lines, report.text(verdict.findings, language), ""]).encode()
    return view.FORMATS[form](verdict, language)


VERB = Verb(_HELP, _options, _run)
