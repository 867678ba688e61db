"""`stadtwissen backup` and `stadtwissen restore`."""

import argparse
import sys
from pathlib import Path

from loader import backup
from loader.language import Language, Text
from loader.releases import question
from loader.releases.release import Home
from loader.settings import Settings
from loader.talk import Talk
from loader.verb import Verb

_SAVE = Text(
    "Sichert, was sich nicht neu bauen lässt: die geltende Veröffentlichung und die Schlüssel.",
    "Saves what cannot be rebuilt: the live release and the keys.",
)
_RESTORE = Text(
    "Macht die neueste Veröffentlichung einer Sicherung zur geltenden, unter neuer Kennung.",
    "Makes the newest release of a backup the live one, under a new id.",
)
_FOLDER = Text("Ordner der Sicherung", "folder of the backup")


def _options(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help=_FOLDER.say(language))


def _save(options: argparse.Namespace, settings: Settings, _talk: Talk) -> int:
    release = question.release(Home(settings.home), None)
    place = backup.save(release, settings.database_file, options.folder)
    sys.stdout.write(f"{place}\n")
    return 0


def _restore(options: argparse.Namespace, settings: Settings, talk: Talk) -> int:
    release, with_keys = backup.restore(options.folder, settings.database_file, Home(settings.home))
    if not with_keys:
        talk.say(
            Text(
                "Die Schlüssel bleiben, wie sie sind.",
                "The keys stay as they are.",
            )
        )
    sys.stdout.write(f"{release.id}\n")
    return 0


SAVE = Verb(_SAVE, _options, _save)
RESTORE = Verb(_RESTORE, _options, _restore)
