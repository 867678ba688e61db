"""`stadtwissen template`: the Excel workbook that partners fill in."""

import argparse
import sys
from pathlib import Path

from loader import bundle, vocabulary
from loader.errors import UsageError
from loader.forms import blank, blueprint
from loader.language import Language, Text
from loader.settings import Settings
from loader.talk import Talk
from loader.verb import Verb

_HELP = Text(
    "Schreibt die Excel-Vorlage, die Partner ausfüllen: je Klasse ein Blatt.",
    "Writes the Excel workbook that partners fill in: one sheet a class.",
)
_OUTPUT = Text("Datei für die Vorlage (sonst: stdout)", "file for the template (otherwise stdout)")


def _options(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument("--output", type=Path, metavar="F.xlsx", help=_OUTPUT.say(language))


def _run(options: argparse.Namespace, _settings: Settings, talk: Talk) -> int:
    if options.output is None and sys.stdout.isatty():
        raise UsageError(
            Text(
                "Eine Arbeitsmappe lässt sich hier nicht zeigen. Nennen Sie mit --output eine "
                "Datei: --output vorlage.xlsx",
                "A workbook cannot be shown here. Name a file with --output: "
                "--output template.xlsx",
            )
        )
    words = vocabulary.read(bundle.ontology())
    forms = blueprint.bundled(words)
    data = blank.workbook(forms, words)
    if options.output is None:
        sys.stdout.buffer.write(data)
        return 0
    options.output.write_bytes(data)
    number, name = len(forms), options.output
    talk.say(
        Text(f"{name}: {number} Blätter zum Ausfüllen.", f"{name}: {number} sheets to fill in.")
    )
    return 0


VERB = Verb(_HELP, _options, _run)
