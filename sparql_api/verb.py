"""`stadtwissen serve`: the server, as a verb of the command."""

import argparse
from dataclasses import replace

from loader.language import Language, Text
from loader.settings import Settings
from loader.talk import Talk
from loader.verb import Verb
from sparql_api.server import serve

_HELP = Text(
    "Stellt die geltende Veröffentlichung ins Netz: SPARQL, Seiten, Adressen.",
    "Serves the live release: SPARQL, pages, addresses.",
)
_HOST = Text("Adresse, auf der gehört wird (sonst: 127.0.0.1)", "address (otherwise 127.0.0.1)")
_PORT = Text("Port (sonst: 8000)", "port (otherwise 8000)")
_WORKERS = Text(
    "Abfragen zur gleichen Zeit (sonst: STADTWISSEN_QUERY_WORKERS)",
    "queries at the same time (otherwise STADTWISSEN_QUERY_WORKERS)",
)


def _options(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument("--host", default="127.0.0.1", metavar="H", help=_HOST.say(language))
    parser.add_argument("--port", type=int, default=8000, metavar="P", help=_PORT.say(language))
    parser.add_argument("--workers", type=int, metavar="N", help=_WORKERS.say(language))


def _run(options: argparse.Namespace, settings: Settings, _talk: Talk) -> int:
    if options.workers:
        settings = replace(settings, query_workers=options.workers)
    serve(settings, options.host, options.port)
    return 0


VERB = Verb(_HELP, _options, _run)
