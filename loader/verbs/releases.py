"""`stadtwissen releases`: list, show, use and prune."""

import argparse
import json
import sys
from collections.abc import Callable

from loader.language import Language, Text
from loader.release import Home
from loader.settings import Settings
from loader.talk import Talk
from loader.verb import Verb

_HELP = Text(
    "Zeigt und verwaltet Veröffentlichungen.",
    "Shows and manages releases.",
)
_ACTIONS = {
    "list": Text(
        "alle Veröffentlichungen mit der Zahl ihrer Aussagen, * ist die geltende",
        "all releases with the number of their statements, * is the live one",
    ),
    "show": Text("Angaben einer Veröffentlichung als JSON", "the facts of a release as JSON"),
    "use": Text("macht eine Veröffentlichung zur geltenden", "makes a release the live one"),
    "prune": Text(
        "löscht alte Veröffentlichungen, nie die geltende",
        "deletes old releases, never the live one",
    ),
}
_KEEP = Text("so viele der neuesten bleiben (sonst: 3)", "so many of the newest stay (otherwise 3)")


def _options(parser: argparse.ArgumentParser, language: Language) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, text in _ACTIONS.items():
        action = actions.add_parser(name, help=text.say(language), description=text.say(language))
        if name in {"show", "use"}:
            action.add_argument("id", metavar="ID")
        if name == "prune":
            keep = _KEEP.say(language)
            action.add_argument("--keep", type=_some, default=3, metavar="N", help=keep)


def _some(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _list(home: Home, _options: argparse.Namespace, _talk: Talk) -> None:
    live = home.current()
    for release in home.releases():
        mark = "*" if live and live.id == release.id else " "
        sys.stdout.write(f"{mark} {release.id} {release.manifest['triples']}\n")


def _show(home: Home, options: argparse.Namespace, _talk: Talk) -> None:
    manifest = home.release(options.id).manifest
    sys.stdout.write(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")


def _use(home: Home, options: argparse.Namespace, talk: Talk) -> None:
    home.use(home.release(options.id))
    talk.say(Text(f"{options.id} gilt jetzt.", f"{options.id} is live now."))


def _prune(home: Home, options: argparse.Namespace, _talk: Talk) -> None:
    for deleted in home.prune(options.keep):
        sys.stdout.write(deleted + "\n")


_DO: dict[str, Callable[[Home, argparse.Namespace, Talk], None]] = {
    "list": _list,
    "show": _show,
    "use": _use,
    "prune": _prune,
}


def _run(options: argparse.Namespace, settings: Settings, talk: Talk) -> int:
    _DO[options.action](Home(settings.home), options, talk)
    return 0


VERB = Verb(_HELP, _options, _run)
