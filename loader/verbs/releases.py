"""`stadtwissen releases`: list, show, use, prune and discard."""

import argparse
import json
import sys
from collections.abc import Callable

from loader.errors import PointerLost, ReleaseDamaged, UsageError
from loader.language import Language, Text
from loader.releases.release import Home
from loader.settings import Settings
from loader.talk import Talk
from loader.verb import Verb

_HELP = Text(
    "Zeigt und verwaltet Veröffentlichungen.",
    "Shows and manages releases.",
)
_ACTIONS = {
    "list": Text(
        "alle Veröffentlichungen mit der Zahl ihrer Aussagen; * ist die geltende, ! eine "
        "beschädigte",
        "all releases with the number of their statements; * is the live one, ! a damaged one",
    ),
    "show": Text("Angaben einer Veröffentlichung als JSON", "the facts of a release as JSON"),
    "use": Text("macht eine Veröffentlichung zur geltenden", "makes a release the live one"),
    "prune": Text(
        "löscht alte Veröffentlichungen, nie die geltende",
        "deletes old releases, never the live one",
    ),
    "discard": Text(
        "löscht eine Veröffentlichung, auch eine beschädigte oder die geltende",
        "deletes a release, even a damaged one or the live one",
    ),
}
_KEEP = Text("so viele der neuesten bleiben (sonst: 3)", "so many of the newest stay (otherwise 3)")


def _options(parser: argparse.ArgumentParser, language: Language) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, text in _ACTIONS.items():
        action = actions.add_parser(name, help=text.say(language), description=text.say(language))
        if name in {"show", "use", "discard"}:
            action.add_argument("id", metavar="ID")
        if name == "prune":
            keep = _KEEP.say(language)
            action.add_argument("--keep", type=_some, default=3, metavar="N", help=keep)


def _some(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _list(home: Home, _options: argparse.Namespace, talk: Talk) -> None:
    try:
        live = home.current()
    except PointerLost as lost:
        live = None
        talk.say(lost.text)
    for release in home.releases():
        mark = "*" if live and live.id == release.id else " "
        try:
            sys.stdout.write(f"{mark} {release.id} {release.manifest['triples']}\n")
        except ReleaseDamaged:
            sys.stdout.write(f"! {release.id}\n")


def _show(home: Home, options: argparse.Namespace, _talk: Talk) -> None:
    manifest = home.release(options.id).manifest
    sys.stdout.write(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")


def _use(home: Home, options: argparse.Namespace, talk: Talk) -> None:
    home.use(home.release(options.id))
    talk.say(Text(f"{options.id} gilt jetzt.", f"{options.id} is live now."))


def _prune(home: Home, options: argparse.Namespace, talk: Talk) -> None:
    deleted, in_use = home.prune(options.keep)
    for release_id in deleted:
        sys.stdout.write(release_id + "\n")
    for release_id in in_use:
        talk.say(_in_use(release_id))


def _discard(home: Home, options: argparse.Namespace, talk: Talk) -> None:
    if not home.discard(home.release(options.id)):
        raise UsageError(_in_use(options.id))
    talk.say(Text(f"{options.id} ist gelöscht.", f"{options.id} is deleted."))


def _in_use(release_id: str) -> Text:
    return Text(
        f"{release_id} bleibt: Ein Server oder eine Abfrage liest noch daraus.",
        f"{release_id} stays: a server or a query still reads from it.",
    )


_DO: dict[str, Callable[[Home, argparse.Namespace, Talk], None]] = {
    "list": _list,
    "show": _show,
    "use": _use,
    "prune": _prune,
    "discard": _discard,
}


def _run(options: argparse.Namespace, settings: Settings, talk: Talk) -> int:
    _DO[options.action](Home(settings.home), options, talk)
    return 0


VERB = Verb(_HELP, _options, _run)
