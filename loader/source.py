"""Sources: folders with a partner's tables and the metadata that says how to read them."""

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from loader.cell import SOURCE_ROW
from loader.csvw import correction, metadata, template
from loader.csvw.library import Library
from loader.csvw.schema import Column, Group, Table
from loader.errors import UnknownSource, UnreadableMetadata
from loader.formats import heading
from loader.language import Text
from loader.values import repair
from loader.vocabulary import Vocabulary

_METADATA = "metadata.json"
_TABLES = {".csv", ".geojson", ".ods", ".tsv", ".xlsx"}
_RESERVED = {"ontology", "provenance", "schemes", "shapes"}  # graphs of our own
_BASE = "https://w3id.org/stadtwissen/"
_OWN = {_BASE + name for name in ("graph/provenance", "ontology/", "schemes/", "shapes/")}
_FACTS = ("dc:title", "dc:source", "dc:publisher", "dc:license", "dc:modified")
_MODIFIED = template.PREFIXES["dc"] + "modified"


@dataclass(frozen=True, slots=True)
class Source:
    """A source's name, its folder and the group of tables that its metadata describes.

    `digest` is the checksum of the metadata file.
    """

    name: str
    folder: Path
    group: Group
    digest: str

    @property
    def modified(self) -> str | None:
        """The day on which the source says it was last changed, as it writes it."""
        terms = [f.term for f in self.group.facts if f.predicate == _MODIFIED]
        return terms[0].split('"')[1] if terms else None


def find(folder: Path, library: Library | None = None) -> list[Source]:
    """The source in a folder, or the sources in its sub-folders, by name.

    `library` knows where tables stand that are not beside their metadata.
    Raises UnknownSource when there is none, UnreadableMetadata and UnreadableTable when one
    cannot be read.
    """
    folder = folder.resolve()
    found = [folder] if (folder / _METADATA).is_file() else sorted(folder.glob("*/"))
    _check_undescribed(found)
    sources = [_read(path, library) for path in found if (path / _METADATA).is_file()]
    if not sources:
        raise UnknownSource(
            Text(
                f"In {folder} liegt keine Quelle: Es fehlt eine Datei {_METADATA}.",
                f"There is no source in {folder}: a file {_METADATA} is missing.",
            )
        )
    return sources


def check(sources: list[Source], vocabulary: Vocabulary) -> None:
    """Raises UnreadableMetadata for descriptions that cannot work whatever the tables hold."""
    names = [source.name for source in sources]
    graphs = [source.group.graph for source in sources]
    for source in sources:
        graph = source.group.graph
        if graphs.count(graph) > 1 or graph in _OWN:
            raise UnreadableMetadata(
                Text(
                    f"{source.name}: Der Graph {graph} ist schon vergeben; "
                    "geben Sie der Quelle unter @id eine eigene Adresse.",
                    f"{source.name}: the graph {graph} is taken; "
                    "give the source an address of its own at @id.",
                )
            )
        if names.count(source.name) > 1 or source.name in _RESERVED:
            name = source.name
            raise UnreadableMetadata(
                Text(
                    f"Der Name {name} ist schon vergeben; benennen Sie den Ordner um.",
                    f"The name {name} is taken; rename the folder.",
                )
            )
        _check_facts(source)
        _check_columns(source, vocabulary)


def _check_undescribed(folders: list[Path]) -> None:
    """Tables that nobody describes would be swallowed. Raises UnknownSource."""
    for folder in folders:
        tables = [path for path in folder.glob("*") if path.suffix in _TABLES]
        if tables and not (folder / _METADATA).is_file():
            raise UnknownSource(
                Text(
                    f"In {folder} liegen Tabellen, aber keine Datei {_METADATA}.",
                    f"There are tables in {folder} but no file {_METADATA}.",
                )
            )


def _check_columns(source: Source, vocabulary: Vocabulary) -> None:
    for table in source.group.tables:
        for column in table.columns:
            for why in _defects(column, table, vocabulary):
                name = f"{table.file}, {column.name}"
                raise UnreadableMetadata(
                    Text(f"{name}: {why.de}", f"{name}: {why.en}"),
                )


def _check_facts(source: Source) -> None:
    """Nothing is published of which nobody says whose it is, from when, and under which terms."""
    known = {fact.predicate for fact in source.group.facts}
    missing = [name for name in _FACTS if template.full_address(name) not in known]
    if missing:
        names = ", ".join(missing)
        raise UnreadableMetadata(
            Text(
                f"Die Beschreibung der Quelle {source.name} nennt nicht: {names}.",
                f"The description of the source {source.name} does not say: {names}.",
            )
        )


def _read(folder: Path, library: Library | None) -> Source:
    path = folder / _METADATA
    group = metadata.read(path, library)
    # A table that is not there is looked for beside its metadata, never where the command runs.
    tables = tuple(
        heading.located(t if t.path.is_absolute() else replace(t, path=folder / t.path))
        for t in group.tables
    )
    found = correction.read(folder)
    tables = tuple(
        replace(t, corrections=tuple(c for c in found if c.table == t.path.name)) for t in tables
    )
    for table in tables:
        repair.check(table)
    group = replace(group, tables=tables)
    _check_group(group, path)
    return Source(folder.name, folder, group, sha256(path.read_bytes()).hexdigest())


def _check_group(group: Group, path: Path) -> None:
    """Our own descriptions keep to the standard without a warning, and name all that they say."""
    why = [warning.message for warning in group.warnings[:1]]
    if not group.graph:
        why.append(Text("@id fehlt.", "@id is missing."))
    facts = [*group.facts, *(fact for table in group.tables for fact in table.facts)]
    if any(fact.nested for fact in facts):
        why.append(Text("Eine Angabe hat keine Adresse.", "A value has no address."))
    if why:
        raise UnreadableMetadata(Text(f"{path}: {why[0].de}", f"{path}: {why[0].en}"))


def _defects(column: Column, table: Table, vocabulary: Vocabulary) -> list[Text]:
    defects = []
    if column.property_url and not column.about_url:
        defects.append(Text("aboutUrl fehlt.", "aboutUrl is missing."))
    if column.lookup and column.lookup not in vocabulary.schemes:
        defects.append(
            Text(f"Die Liste {column.lookup} gibt es nicht.", f"There is no list {column.lookup}.")
        )
    known = {c.name for c in table.read_columns if c.separator is None}
    known |= {column.name, SOURCE_ROW}
    for url in (column.about_url, column.value_url):
        for name in template.parse(url).names if url else ():
            if name not in known:
                defects.append(
                    Text(
                        f"Die Vorlage {url} nennt {name}; eine solche Spalte mit einem Wert je "
                        "Zelle gibt es nicht.",
                        f"The template {url} names {name}; there is no such column with one "
                        "value a cell.",
                    )
                )
    return defects
