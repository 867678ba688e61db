"""`stadtwissen export`: dumps and catalogue of a release."""

import argparse
import sys
from pathlib import Path

from loader.catalog import redirect
from loader.catalog.catalogue import Catalogue
from loader.catalog.dcat import NAMES
from loader.dumps.form import FORMS, written
from loader.dumps.packing import CODINGS, appearing
from loader.dumps.shelf import Dump, Shelf
from loader.language import Language, Text
from loader.releases import question
from loader.releases.release import Home
from loader.settings import Settings
from loader.talk import Talk
from loader.verb import Verb

_HELP = Text(
    "Schreibt eine Veröffentlichung in Dateien: RDF und Tabellen in allen Formaten, Katalog.",
    "Writes a release to files: RDF and tables in all formats, catalogue.",
)
_FORMAT = Text(
    "Format, auch mehrmals (sonst: alle): " + ", ".join(FORMS),
    "format, also several times (otherwise all): " + ", ".join(FORMS),
)
_OUTPUT = Text(
    "Ordner für Dateien, Prüfsummen und Katalog (sonst: in die Veröffentlichung, von wo der Server "
    "sie unter /dumps/ anbietet)",
    "folder for files, checksums and catalogue (otherwise into the release, from where the server "
    "offers them at /dumps/)",
)
_RELEASE = Text(
    "Kennung einer Veröffentlichung (sonst: die geltende)",
    "id of a release (otherwise the live one)",
)
_CODING = Text(
    "wie RDF gepackt wird (sonst: gzip)",
    "how RDF is compressed (otherwise gzip)",
)


def _options(parser: argparse.ArgumentParser, language: Language) -> None:
    say = language
    parser.add_argument(
        "--format", action="append", choices=FORMS, metavar="FORM", help=_FORMAT.say(say)
    )
    parser.add_argument("--output", type=Path, metavar="DIR", help=_OUTPUT.say(say))
    parser.add_argument("--release", metavar="ID", help=_RELEASE.say(say))
    parser.add_argument("--compression", choices=CODINGS, default="gzip", help=_CODING.say(say))


def _run(options: argparse.Namespace, settings: Settings, talk: Talk) -> int:
    release = question.release(Home(settings.home), options.release)
    shelf = Shelf(options.output, release) if options.output else Shelf.of(release)
    forms = list(dict.fromkeys(options.format or FORMS))
    with talk.progress(len(forms)) as progress:
        making = shelf.make(forms, options.compression)
        for form in forms:
            title = FORMS[form].title
            progress.stage(Text(f"Schreibe {title.de}", f"Writing {title.en}"))
            dump = next(making)
            sys.stdout.write(f"{shelf.path(dump)}\n")
            _say(dump, talk)
        making.close()
    if options.output:
        _complete(shelf, settings)
    return 0


def _say(dump: Dump, talk: Talk) -> None:
    if dump.omitted:
        talk.say(
            Text(
                f"{dump.file}: {dump.omitted} Aussagen kann dieses Format nicht (ganz) ausdrücken.",
                f"{dump.file}: this format cannot (wholly) say {dump.omitted} statements.",
            )
        )


def _complete(shelf: Shelf, settings: Settings) -> None:
    """Checksums as `sha256sum --check` reads them, the catalogue, and the rules for w3id.org."""
    dumps = shelf.dumps()
    origin = (settings.public_url or settings.base_iri).rstrip("/")
    made = Catalogue.of(shelf.release, settings, origin, dumps)
    sums = "".join(f"{dump.sha256}  {dump.file}\n" for dump in dumps)
    with appearing(shelf.folder / "SHA256SUMS") as draft:
        draft.write_text(sums, "utf-8")
    with appearing(shelf.folder / "catalog.ttl") as draft:
        draft.write_bytes(written(made.statements(made.datasets), "ttl", NAMES))
    others = [shelf.folder / "SHA256SUMS", shelf.folder / "catalog.ttl"]
    for path in (*others, *redirect.write(shelf.folder, settings)):
        sys.stdout.write(f"{path}\n")


VERB = Verb(_HELP, _options, _run)
