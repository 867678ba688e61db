"""`stadtwissen mirror`: a release in a remote store."""

import argparse
import sys

from loader.errors import UsageError
from loader.language import Language, Text
from loader.releases import question
from loader.releases.release import Home, Release
from loader.remote.endpoint import Endpoint
from loader.remote.mirror import Mirror, Mirrored
from loader.settings import Settings
from loader.talk import Talk
from loader.verb import Verb

_HELP = Text(
    "Bringt den entfernten Speicher (STADTWISSEN_STORE) auf den Stand einer Veröffentlichung.",
    "Brings the remote store (STADTWISSEN_STORE) to a release.",
)
_RELEASE = Text(
    "Kennung einer Veröffentlichung (sonst: die geltende)",
    "id of a release (otherwise the live one)",
)
_LITERALS = ("exact", "rewritten")


def _options(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument("--release", metavar="ID", help=_RELEASE.say(language))


def _run(options: argparse.Namespace, settings: Settings, talk: Talk) -> int:
    release = question.release(Home(settings.home), options.release)
    mirror(release, settings, talk)
    sys.stdout.write(f"{release.id}\n")
    return 0


def mirror(release: Release, settings: Settings, talk: Talk) -> None:
    """Puts a release into the store of the settings and says what happened."""
    if settings.store_literals not in _LITERALS:
        raise UsageError(
            Text(
                f"STADTWISSEN_STORE_LITERALS: „{settings.store_literals}“ gibt es nicht. "
                f"Möglich sind: {', '.join(_LITERALS)}.",
                f"STADTWISSEN_STORE_LITERALS: there is no “{settings.store_literals}”. "
                f"Possible are: {', '.join(_LITERALS)}.",
            )
        )
    endpoint = Endpoint.of(settings)
    made = Mirror(endpoint, exact=settings.store_literals == "exact").take(release)
    for text in _outcome(made, settings.store):
        talk.say(text)


def _outcome(made: Mirrored, store: str) -> list[Text]:
    release = made.release.id
    if not (made.sent or made.dropped):
        return [Text(f"{store} hält {release} schon.", f"{store} holds {release} already.")]
    said = [
        Text(
            f"{store} hält jetzt {release}: {made.sent} Graphen gesendet, {made.dropped} entfernt.",
            f"{store} now holds {release}: {made.sent} graphs sent, {made.dropped} removed.",
        )
    ]
    number = made.differences.rewritten.total()
    if number:
        kinds = ", ".join(made.differences.rewritten)
        said.append(
            Text(
                f"Der Speicher schreibt {number} Werte um ({kinds}); "
                "Dateien und Dokumente bleiben im Wortlaut.",
                f"The store writes {number} values otherwise ({kinds}); "
                "files and documents stay to the letter.",
            )
        )
    return said


VERB = Verb(_HELP, _options, _run)
