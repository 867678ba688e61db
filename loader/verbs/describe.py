"""`stadtwissen describe`: a draft of the description that a table needs."""

import argparse
import json
import sys
from pathlib import Path

from loader import bundle, vocabulary
from loader.errors import absent, empty
from loader.forms import blueprint, discovery, sketch
from loader.forms.recognition import Recogniser
from loader.language import Language, Text
from loader.settings import Settings
from loader.talk import Talk
from loader.verb import Verb

_HELP = Text(
    "Entwirft die Beschreibung (CSV on the Web) einer Tabelle, mit den offenen Fragen darin.",
    "Drafts the description (CSV on the Web) of a table, with the open questions in it.",
)
_FILE = Text("Tabelle: CSV, XLSX, ODS, JSON oder GeoJSON", "table: CSV, XLSX, ODS, JSON or GeoJSON")
_OUTPUT = Text("Datei für den Entwurf (sonst: stdout)", "file for the draft (otherwise stdout)")


def _options(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=_FILE.say(language))
    parser.add_argument("--output", type=Path, metavar="M.json", help=_OUTPUT.say(language))


def _run(options: argparse.Namespace, _settings: Settings, talk: Talk) -> int:
    if not options.file.is_file():
        raise absent(str(options.file))
    words = vocabulary.read(bundle.ontology())
    found = discovery.read(options.file, Recogniser(blueprint.bundled(words)))
    if not found.sheets:
        raise empty(options.file.name)
    text = json.dumps(sketch.sketch(found), ensure_ascii=False, indent=1) + "\n"
    if options.output:
        options.output.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
    for sheet in found.sheets:
        name = sheet.located.sheet or options.file.name
        talk.say(_recognised(str(name), sheet))
    return 0


def _recognised(name: str, sheet: discovery.Sheet) -> Text:
    """What a table was taken for, and how many of its columns are known."""
    if sheet.recognised is None:
        return Text(
            f"{name}: {len(sheet.titles)} Spalten; keine unserer Klassen erkannt.",
            f"{name}: {len(sheet.titles)} columns; none of our classes recognised.",
        )
    label = sheet.recognised.form.label
    known = sum(match.is_taken for match in sheet.recognised.matches)
    return Text(
        f"{name}: „{label.de}“, {known} von {len(sheet.titles)} Spalten erkannt.",
        f"{name}: “{label.en}”, {known} of {len(sheet.titles)} columns recognised.",
    )


VERB = Verb(_HELP, _options, _run)
