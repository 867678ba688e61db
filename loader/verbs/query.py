"""`stadtwissen query`: SPARQL on a release, offline."""

import argparse
import sys

from loader.language import Language, Text
from loader.releases import question
from loader.releases.release import Home
from loader.settings import Settings
from loader.talk import Talk
from loader.verb import Verb

_HELP = Text(
    "Beantwortet eine SPARQL-Abfrage aus einer Veröffentlichung, ohne Server.",
    "Answers a SPARQL query from a release, without a server.",
)
_FILE = Text(
    "Datei mit der Abfrage; - für die Eingabe (sonst: -)",
    "file with the query; - for the input (otherwise -)",
)
_FORMAT = Text("Form der Antwort (sonst: table)", "form of the answer (otherwise table)")
_RELEASE = Text(
    "Kennung einer Veröffentlichung (sonst: die geltende)",
    "id of a release (otherwise the live one)",
)


def _options(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help=_FILE.say(language))
    forms = question.FORMATS
    parser.add_argument("--format", choices=forms, default="table", help=_FORMAT.say(language))
    parser.add_argument("--release", metavar="ID", help=_RELEASE.say(language))


def _run(options: argparse.Namespace, settings: Settings, _talk: Talk) -> int:
    text = (
        question.decoded(sys.stdin.buffer.read(), "-")
        if options.file == "-"
        else question.read(options.file)
    )
    release = question.release(Home(settings.home), options.release)
    with release.hold():
        question.ask(release, text, options.format, sys.stdout.buffer)
    return 0


VERB = Verb(_HELP, _options, _run)
