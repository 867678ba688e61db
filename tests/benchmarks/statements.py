"""Generated statements: measures with ten statements each, as endpoint.md's measurements had."""

from collections.abc import Iterator
from pathlib import Path

B = "https://w3id.org/stadtwissen/"
T = B + "ontology/"
GRAPH = B + "graph/bench"
PER_MEASURE = 10
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


def write(path: Path, count: int, *, graph: bool) -> None:
    """So many statements as N-Triples, or as N-Quads in one named graph; lines are sorted."""
    end = f" <{GRAPH}> .\n" if graph else " .\n"
    with path.open("w", encoding="utf-8") as file:
        for statement in sorted(_statements(count // PER_MEASURE)):
            file.write(statement + end)


def _statements(measures: int) -> Iterator[str]:
    for i in range(measures):
        thing = f"<{B}id/measure/{i}>"
        project = i % max(measures // 10, 1)
        yield f"{thing} <{_TYPE}> <{T}Measure>"
        yield f'{thing} <{_LABEL}> "Maßnahme {i} für Straße und Plätze"@de'
        yield f"{thing} <{T}measureOf> <{B}id/project/{project}>"
        yield f"{thing} <{T}status> <{B}schemes/status/{i % 5}>"
        yield f"{thing} <{T}fieldOfAction> <{B}schemes/field/{i * 31 % 10}>"
        yield f"{thing} <{T}district> <{B}id/district/{i * 7919 % 400}>"
        yield f'{thing} <{T}year> "{1990 + i % 36}"^^<{_XSD}integer>'
        yield f'{thing} <{T}cost> "{i * 104729 % 1_000_003}.5"^^<{_XSD}decimal>'
        yield f'{thing} <{T}text> "Die Kommune {i % 977} prüft Anwendung {i} im Alltag."'
        day = f"20{10 + i % 15}-{1 + i % 12:02}-{1 + i % 28:02}"
        yield f'{thing} <{T}startDate> "{day}"^^<{_XSD}date>'
