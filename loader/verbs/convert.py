"""`stadtwissen convert`: tables to RDF alone, without a release."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from loader import bundle, output, report, vocabulary
from loader.account import BASE
from loader.address import normal
from loader.csvw import metadata
from loader.csvw.library import Library
from loader.csvw.normal import CONTEXT
from loader.csvw.schema import Group, Table
from loader.errors import UnreadableMetadata, UnreadableTable
from loader.finding import Finding
from loader.formats import entries
from loader.language import Language, Text
from loader.locate import Locator
from loader.rml import Rml
from loader.settings import Settings
from loader.talk import Talk
from loader.translation import Translation
from loader.verb import Verb

_HELP = Text(
    "Macht aus einer Tabelle RDF, so wie ihre Beschreibung (CSV on the Web) es sagt.",
    "Makes RDF of a table, as its description (CSV on the Web) says.",
)
_FILE = Text(
    "Tabelle, oder eine Beschreibung (.json) mit allen ihren Tabellen",
    "table, or a description (.json) with all its tables",
)
_METADATA = Text(
    "Beschreibung der Tabelle (sonst: FILE-metadata.json oder csv-metadata.json daneben, "
    "sonst der Tabellenkopf)",
    "description of the table (otherwise FILE-metadata.json or csv-metadata.json beside it, "
    "otherwise the header)",
)
_RML = Text(
    "RML-Abbildung für verschachteltes JSON oder XML, ausgeführt von morph-kgc (sonst: keine)",
    "RML mapping for nested JSON or XML, run by morph-kgc (otherwise none)",
)
_FORMAT = Text("Form der Ausgabe (sonst: nq)", "form of the output (otherwise nq)")
_MODE = Text(
    "standard beschreibt auch Tabellen und Zeilen, minimal nur ihren Inhalt (sonst: standard)",
    "standard describes tables and rows too, minimal their content only (otherwise standard)",
)
_OUTPUT = Text("Datei für die Ausgabe (sonst: stdout)", "file for the output (otherwise stdout)")


def _options(parser: argparse.ArgumentParser, language: Language) -> None:
    say = language
    parser.add_argument("file", type=Path, metavar="FILE", help=_FILE.say(say))
    parser.add_argument("--metadata", type=Path, metavar="M", help=_METADATA.say(say))
    parser.add_argument("--rml", type=Path, metavar="MAPPING", help=_RML.say(say))
    parser.add_argument("--format", choices=output.FORMATS, default="nq", help=_FORMAT.say(say))
    modes = ("standard", "minimal")
    parser.add_argument("--mode", choices=modes, default="standard", help=_MODE.say(say))
    parser.add_argument("--output", type=Path, metavar="F", help=_OUTPUT.say(say))


def _run(options: argparse.Namespace, settings: Settings, talk: Talk) -> int:
    if options.rml:
        return _run_mapping(options, settings, talk)
    locator = Locator(Library())
    group = _group(options.file, options.metadata, locator)
    words = vocabulary.read(bundle.ontology())
    translation = Translation(group, words, is_minimal=options.mode == "minimal")
    with output.opened(options.output) as file:
        count = output.write(translation.statements(), options.format, file)
    rows = translation.rows
    said = Text(f"{rows} Zeilen, {count} Aussagen.", f"{rows} rows, {count} statements.")
    return _ended([*locator.warnings, *translation.findings], said, talk)


def _run_mapping(options: argparse.Namespace, settings: Settings, talk: Talk) -> int:
    mapped = Rml(options.file, options.rml, settings.home / "morph-kgc")
    with output.opened(options.output) as file:
        count = output.write(mapped.statements(), options.format, file)
    return _ended(mapped.findings, Text(f"{count} Aussagen.", f"{count} statements."), talk)


def _ended(findings: list[Finding], said: Text, talk: Talk) -> int:
    """Tells what was found and made; 1 where anything was wrong."""
    if findings:
        sys.stderr.write(report.text(findings, talk.language) + "\n")
    talk.say(said)
    return int(any(finding.severity == "error" for finding in findings))


def _group(file: Path, described: Path | None, locator: Locator) -> Group:
    """The tables to convert, each with the file it stands in."""
    address = file.absolute().as_uri()
    if described is not None:
        where = described.absolute().as_uri()
        group = _supplied(metadata.read_address(where, locator.library, address), file, where)
    elif _is_description(file):
        group = metadata.read_address(address, locator.library)
    else:
        group = locator.group(address)
    return metadata.by_item(group) if group.graph.startswith(BASE + "graph/") else group


def _is_description(file: Path) -> bool:
    """Whether a JSON file is no table: it names the context of CSV on the Web, or no array is."""
    if file.suffix != ".json":
        return False
    try:
        return CONTEXT in file.read_text("utf-8-sig") or not entries.sheets(file)
    except (OSError, ValueError, UnreadableTable):
        return True


def _supplied(group: Group, file: Path, where: str) -> Group:
    """The file's own tables, by its address or, failing that, its name.

    Keys of tables that were not given are not looked for.
    """
    address = normal(file.absolute().as_uri())
    named = [t for t in group.tables if _address(t) == address or _is(t, file)]
    if not named:
        raise UnreadableMetadata(
            Text(
                f"Die Beschreibung {where} nennt die Tabelle {file.name} nicht.",
                f"The description {where} does not name the table {file.name}.",
            )
        )
    given = {table.url for table in named}
    return replace(group, tables=tuple(_with_own_keys(t, file, given) for t in named))


def _with_own_keys(table: Table, file: Path, given: set[str]) -> Table:
    keys = tuple(key for key in table.foreign_keys if key.resource in given)
    return replace(table, path=file, foreign_keys=keys)


def _address(table: Table) -> str:
    """The address of the table's file, whichever sheet of it the table is."""
    return normal(table.url.partition("#")[0])


def _is(table: Table, file: Path) -> bool:
    return table.file == file.name and not table.path.is_file()


VERB = Verb(_HELP, _options, _run)
