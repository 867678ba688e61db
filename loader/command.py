"""The command `stadtwissen`: one verb a task, data on stdout, talk on stderr.

Exit: 0 done and conforming, 1 findings of severity error, 2 wrong usage or unreadable input,
3 our fault.
"""

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from secrets import token_hex

from loader.errors import LoaderError
from loader.language import Language, Text, from_locale
from loader.settings import Settings
from loader.talk import Talk
from loader.verb import Run, installed


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one verb and returns the exit code; nothing but `--help` leaves it early."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    language = _language(given)
    talk = Talk(language)
    options = _parser(given, language).parse_args(given)
    try:
        return _run(options, talk)
    except LoaderError as error:
        talk.say(error.text)
        return error.exit_code
    except KeyboardInterrupt:
        talk.say(Text("Abgebrochen; es wurde nichts verändert.", "Stopped; nothing was changed."))
        return 130
    except BrokenPipeError:  # `stadtwissen query … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # a folder that cannot be written, a disk that is full
        what = error.filename or "?"
        talk.say(
            Text(
                f"{what}: {error.strerror}. Nichts wurde verändert.",
                f"{what}: {error.strerror}. Nothing was changed.",
            )
        )
        return 2
    except Exception:  # the last wall: whatever comes here is our fault, and says so
        return _our_fault(talk)


def _run(options: argparse.Namespace, talk: Talk) -> int:
    run: Run = options.run
    return run(options, Settings.from_environment(), talk)


def _our_fault(talk: Talk) -> int:
    number = token_hex(2)
    sys.stderr.write(traceback.format_exc())
    talk.say(
        Text(
            f"Ihre Datei ist nicht schuld: Bei uns ist ein Fehler aufgetreten ({number}).",
            f"Your file is not to blame: something went wrong on our side ({number}).",
        )
    )
    return 3


def _language(arguments: list[str]) -> Language:
    """The language is needed before the rest is parsed, so that help and errors speak it."""
    for i, argument in enumerate(arguments):
        if argument == "--lang" and i + 1 < len(arguments):
            return from_locale(arguments[i + 1])
        if argument.startswith("--lang="):
            return from_locale(argument.removeprefix("--lang="))
    return from_locale()


def _parser(given: list[str], language: Language) -> argparse.ArgumentParser:
    about = Text(
        "Stadtwissen: das offene Wissensnetz der kommunalen Smart-City-Arbeit in Deutschland.",
        "Stadtwissen: the open knowledge graph of municipal Smart City work in Germany.",
    )
    parser = argparse.ArgumentParser(prog="stadtwissen", description=about.say(language))
    parser.add_argument("--version", action="version", version=version("stadtwissen"))
    shared = argparse.ArgumentParser(add_help=False)
    tongue = Text(
        "Sprache der Meldungen (sonst: die des Systems, sonst Deutsch)",
        "language of messages (otherwise the system's, otherwise German)",
    )
    shared.add_argument("--lang", choices=["de", "en"], help=tongue.say(language))
    parser.add_argument("--lang", choices=["de", "en"], help=argparse.SUPPRESS)
    commands = parser.add_subparsers(metavar="VERB", required=True)
    for name, verb in installed(given).items():
        text = verb.help.say(language)
        sub = commands.add_parser(name, help=text, description=text, parents=[shared])
        verb.options(sub, language)
        sub.set_defaults(run=verb.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
