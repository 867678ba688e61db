"""`stadtwissen keys`: add, list and revoke."""

import argparse
import sys
from collections.abc import Callable

from loader.changes.keys import ROLES, Keys
from loader.language import Language, Text
from loader.settings import Settings
from loader.talk import Talk
from loader.verb import Verb

_HELP = Text(
    "Vergibt und sperrt die Schlüssel, mit denen Daten geändert werden.",
    "Gives out and revokes the keys that change data.",
)
_ACTIONS = {
    "add": Text(
        "vergibt einen Schlüssel; er ist die letzte Zeile der Ausgabe und wird nur hier gezeigt",
        "gives out a key; it is the last line of the output and shown only here",
    ),
    "list": Text(
        "alle Schlüssel: Kennung, Inhaber, Rolle, vergeben, gesperrt",
        "all keys: id, holder, role, given out, revoked",
    ),
    "revoke": Text("sperrt einen Schlüssel", "revokes a key"),
}
_PARTNER = Text(
    "Inhaber in Kleinbuchstaben; seine Graphen heißen …/graph/PARTNER und …/graph/PARTNER/…",
    "holder in small letters, whose graphs are …/graph/PARTNER and …/graph/PARTNER/…",
)
_ROLE = Text(
    "partner ändert eigene Graphen, reviewer prüft Einreichungen, operator ändert alles "
    "(sonst: partner)",
    "partner changes graphs of their own, reviewer reviews submissions, operator changes anything "
    "(otherwise partner)",
)
_ID = Text("Kennung aus „keys list“", "id as in “keys list”")


def _options(parser: argparse.ArgumentParser, language: Language) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    parsers = {
        name: actions.add_parser(name, help=text.say(language), description=text.say(language))
        for name, text in _ACTIONS.items()
    }
    parsers["add"].add_argument("partner", metavar="PARTNER", help=_PARTNER.say(language))
    parsers["add"].add_argument(
        "--role", choices=ROLES, default="partner", help=_ROLE.say(language)
    )
    parsers["revoke"].add_argument("id", metavar="ID", help=_ID.say(language))


def _add(keys: Keys, options: argparse.Namespace, talk: Talk) -> None:
    key = keys.add(options.partner, options.role)
    talk.say(
        Text(
            "Bewahren Sie den Schlüssel auf: Er wird nicht noch einmal gezeigt.",
            "Keep the key: it is not shown again.",
        )
    )
    sys.stdout.write(key + "\n")


def _list(keys: Keys, _options: argparse.Namespace, _talk: Talk) -> None:
    for holder in keys.all():
        facts = (holder.id, holder.partner, holder.role, holder.created, holder.revoked or "-")
        sys.stdout.write(" ".join(facts) + "\n")


def _revoke(keys: Keys, options: argparse.Namespace, talk: Talk) -> None:
    keys.revoke(options.id)
    talk.say(Text(f"{options.id} ist gesperrt.", f"{options.id} is revoked."))


_DO: dict[str, Callable[[Keys, argparse.Namespace, Talk], None]] = {
    "add": _add,
    "list": _list,
    "revoke": _revoke,
}


def _run(options: argparse.Namespace, settings: Settings, talk: Talk) -> int:
    _DO[options.action](Keys(settings.database_file), options, talk)
    return 0


VERB = Verb(_HELP, _options, _run)
