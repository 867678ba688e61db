"""Small real tables, converted by the real loader."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from loader import bundle, statement, vocabulary
from loader import source as sources
from loader.convert import Conversion
from loader.finding import Finding
from loader.source import Source
from loader.vocabulary import Vocabulary

GRAPH = "http://example.org/graph"
FACTS = {
    "dc:title": "Probe",
    "dc:source": {"@id": "http://example.org/"},
    "dc:publisher": {"@id": "http://example.org/us"},
    "dc:license": {"@id": "http://creativecommons.org/licenses/by/4.0/"},
    "dc:modified": {"@value": "2026-11-24", "@type": "date"},
}


@dataclass
class Converted:
    """A conversion that has run, its statements as N-Quads lines."""

    lines: list[str]
    findings: list[Finding]
    rows: dict[str, int]


Convert = Callable[..., Converted]


@pytest.fixture(scope="session")
def words() -> Vocabulary:
    return vocabulary.read(bundle.ontology())


@pytest.fixture
def convert(tmp_path: Path, words: Vocabulary) -> Convert:
    """Converts tables given as text; `columns` may be one table's or the whole of `tables`."""

    def run(text: str | bytes, columns: list[dict[str, Any]], **table: Any) -> Converted:
        schema = {"aboutUrl": "http://example.org/{id}", "columns": columns}
        schema |= table.pop("schema", {})
        return run_tables({"t.csv": text}, [{"url": "t.csv", "tableSchema": schema, **table}])

    def run_tables(files: dict[str, str | bytes], tables: list[dict[str, Any]]) -> Converted:
        folder = tmp_path / "quelle"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            data = text.encode() if isinstance(text, str) else text
            (folder / name).write_bytes(data)
        context = ["http://www.w3.org/ns/csvw", {"@language": "de"}]
        group = {"@context": context, "@id": GRAPH, **FACTS, "tables": tables}
        (folder / "metadata.json").write_text(json.dumps(group), "utf-8")
        (source,) = sources.find(folder)
        sources.check([source], words)
        return converted(source, words)

    run.tables = run_tables  # type: ignore[attr-defined]
    return run


def converted(source: Source, words: Vocabulary) -> Converted:
    """A source converted to its end."""
    made = Conversion(source, words, lambda _: None)
    ending = statement.end(source.group.graph)
    lines = [x for frame in made.statements() for x in statement.lines(frame, ending)]
    return Converted(lines, made.findings, made.rows)


def objects(conversion: Converted) -> list[str]:
    """The objects of all statements, as N-Quads text."""
    end = f" <{GRAPH}> ."
    return [line.removesuffix(end).split(" ", 2)[2] for line in conversion.lines]


def places(conversion: Converted) -> list[tuple[str, str | None]]:
    """Code and cell of each finding."""
    return [(finding.code, finding.place.cell) for finding in conversion.findings]
