"""Forms: what dumps there are, in one list."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from loader.dumps.graph import Graph, named
from loader.dumps.jsonld import JsonLd
from loader.dumps.lines import NQuads, NTriples
from loader.dumps.rdfxml import RdfXml
from loader.dumps.turtle import Trig, Turtle
from loader.language import Text
from loader.prefix import PREFIXES as KNOWN

_USED = ("dcat", "foaf", "org", "owl", "prov", "qb", "rdf", "rdfs", "skos", "xsd")
PREFIXES = {
    **{name: KNOWN[name] for name in _USED},
    "dct": KNOWN["dc"],
    "geo": "http://www.opengis.net/ont/geosparql#",
    "sh": "http://www.w3.org/ns/shacl#",
    "stadt": "https://w3id.org/stadtwissen/ontology/",
}


class Writer(Protocol):
    """Writes graphs once. `omitted` counts the statements that its format could not say."""

    omitted: int

    def pieces(self, graphs: Iterable[Graph]) -> Iterator[bytes]:
        """The file in pieces."""
        ...


@dataclass(frozen=True, slots=True)
class Form:
    """A format: its ending, media type, name in the EU's list of file types, title and use.

    `package` is the ending of what holds files of this type; empty where the file is one itself.
    """

    name: str
    media: str
    listed: str
    title: Text
    use: Text
    package: str = ""


_GRAPHS = Text(
    "Alle Daten mit ihren Graphen, Literale wie geliefert.",
    "All data with their graphs, literals as delivered.",
)
_STATEMENTS = Text(
    "Alle Aussagen ohne ihre Graphen, Literale wie geliefert.",
    "All statements without their graphs, literals as delivered.",
)


def _rdf(name: str, media: str, listed: str, title: str, use: Text) -> Form:
    return Form(name, media, listed, Text(title, title), use)


RDF = {
    form.name: form
    for form in (
        _rdf("nq", "application/n-quads", "RDF_N_QUADS", "N-Quads", _GRAPHS),
        _rdf("nt", "application/n-triples", "RDF_N_TRIPLES", "N-Triples", _STATEMENTS),
        _rdf("ttl", "text/turtle", "RDF_TURTLE", "Turtle", _STATEMENTS),
        _rdf("trig", "application/trig", "RDF_TRIG", "TriG", _GRAPHS),
        _rdf("rdf", "application/rdf+xml", "RDF_XML", "RDF/XML", _STATEMENTS),
        _rdf("jsonld", "application/ld+json", "JSON_LD", "JSON-LD", _GRAPHS),
    )
}
_TABLES = Text(
    "Alle Daten als Tabellen, eine je Klasse. Was keine Tabelle ausdrücken kann, liegt als "
    "N-Triples dabei.",
    "All data as tables, one per class. What no table can say lies beside them as N-Triples.",
)
_MAP = Text("Was an einem Ort liegt, mit Koordinaten.", "What lies at a place, with coordinates.")
TABLES = {
    form.name: form
    for form in (
        Form("csv", "text/csv", "CSV", Text("Tabellen (CSV)", "Tables (CSV)"), _TABLES, "zip"),
        Form(
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "XLSX",
            Text("Tabellen (Excel)", "Tables (Excel)"),
            _TABLES,
        ),
        Form(
            "parquet",
            "application/vnd.apache.parquet",
            "ZIP",  # the list does not have Parquet
            Text("Tabellen (Parquet)", "Tables (Parquet)"),
            _TABLES,
            "zip",
        ),
        Form(
            "geojson",
            "application/geo+json",
            "GEOJSON",
            Text("Karte (GeoJSON)", "Map (GeoJSON)"),
            _MAP,
        ),
        Form(
            "gpkg",
            "application/geopackage+sqlite3",
            "GPKG",
            Text("Tabellen und Karte (GeoPackage)", "Tables and map (GeoPackage)"),
            _TABLES,
        ),
    )
}
FORMS = {**RDF, **TABLES}
_WRITERS: dict[str, Callable[[dict[str, str]], Writer]] = {
    "nq": lambda _: NQuads(),
    "nt": lambda _: NTriples(),
    "ttl": Turtle,
    "trig": Trig,
    "rdf": RdfXml,
    "jsonld": lambda _: JsonLd(),
}


def writer(name: str, prefixes: dict[str, str] | None = None) -> Writer:
    """The writer of an RDF format."""
    return _WRITERS[name](PREFIXES if prefixes is None else prefixes)


def written(lines: Iterable[str], name: str, prefixes: dict[str, str]) -> bytes:
    """A few canonical N-Quads lines, those of one graph together, in an RDF format."""
    return b"".join(writer(name, prefixes).pieces(named(lines)))
