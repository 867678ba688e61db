"""`stadtwissen ontology`: compare two versions of the vocabulary, check one, keep one."""

import argparse
import json
import sys
from pathlib import Path

from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, serialize

from loader import bundle, edition
from loader.language import Language, Text
from loader.revision import Revision
from loader.settings import Settings
from loader.talk import Talk
from loader.verb import Verb

_HELP = Text("Vergleicht Fassungen des Vokabulars.", "Compares versions of the vocabulary.")
_ACTIONS = {
    "diff": Text(
        "zeigt, was B gegenüber A ändert und welche Fassung das verlangt; "
        "Ausgang 1, wenn die Fassung von B zu niedrig ist",
        "shows what B changes against A and which version that asks for; "
        "exit 1 when the version of B is too low",
    ),
    "check": Text(
        "vergleicht einen Ordner mit der neuesten aufbewahrten Fassung; "
        "Ausgang 1, wenn ein Begriff fehlt, der nicht vorher veraltet war, oder die Fassung "
        "zu niedrig ist",
        "compares a folder with the newest version that is kept; exit 1 when a term is missing "
        "that was not deprecated before, or the version is too low",
    ),
    "keep": Text(
        "bewahrt die Fassung eines Ordners auf, wenn die Prüfung besteht",
        "keeps the version of a folder, if it passes the check",
    ),
}
_PLACE = Text("Ordner oder Datei des Vokabulars", "folder or file of the vocabulary")
_FOLDER = Text("(sonst: das mitgelieferte Vokabular)", "(otherwise the bundled vocabulary)")
_FORMAT = Text("Ausgabe als Text oder JSON (sonst: Text)", "text or JSON (otherwise text)")


def _options(parser: argparse.ArgumentParser, language: Language) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, text in _ACTIONS.items():
        action = actions.add_parser(name, help=text.say(language), description=text.say(language))
        if name == "diff":
            for place in ("before", "after"):
                metavar = "A" if place == "before" else "B"
                action.add_argument(place, type=Path, metavar=metavar, help=_PLACE.say(language))
        else:
            folder = _PLACE.say(language) + " " + _FOLDER.say(language)
            action.add_argument("folder", type=Path, nargs="?", metavar="DIR", help=folder)
        if name != "keep":
            asked = _FORMAT.say(language)
            action.add_argument("--format", choices=["text", "json"], default="text", help=asked)


def _run(options: argparse.Namespace, _settings: Settings, talk: Talk) -> int:
    if options.action == "diff":
        revision = Revision(edition.read(options.before), edition.read(options.after))
        return _said(revision, options.format, talk, well=revision.conforms)
    folder: Path = options.folder or bundle.ontology()
    newest = _newest(folder)
    if newest:
        revision = Revision(edition.read(newest), edition.read(folder))
        if options.action == "check" or not revision.follows:
            form = getattr(options, "format", "text")
            return _said(revision, form, talk, well=revision.follows)
    elif options.action == "check":
        talk.say(Text("Noch ist keine Fassung aufbewahrt.", "No version is kept yet."))
        return 0
    return _keep(folder)


def _said(revision: Revision, form: str, talk: Talk, *, well: bool) -> int:
    if form == "json":
        sys.stdout.write(json.dumps(revision.as_json(), ensure_ascii=False, indent=1) + "\n")
    else:
        for line in revision.lines():
            sys.stdout.write(line.say(talk.language) + "\n")
    return 0 if well else 1


def _newest(folder: Path) -> Path | None:
    files = (folder / "versions").glob("*.nt")
    return max(files, key=lambda file: [int(part) for part in file.stem.split(".")], default=None)


def _keep(folder: Path) -> int:
    """Writes canonical N-Triples, so that a version reads the same wherever it was kept."""
    quads = edition.statements(folder)
    whole = Dataset(quads)
    whole.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = serialize([quad.triple for quad in whole], format=RdfFormat.N_TRIPLES) or b""
    file = folder / "versions" / f"{edition.edition(quads).version}.nt"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"".join(sorted(lines.splitlines(keepends=True))))
    sys.stdout.write(f"{file}\n")
    return 0


VERB = Verb(_HELP, _options, _run)
