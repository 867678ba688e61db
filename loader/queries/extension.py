"""Extensions: the one list of what queries can use besides SPARQL itself.

Functions with a `call` are ours; the others the engine has. Source: *OGC GeoSPARQL 1.1*.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from loader.language import Text
from loader.queries import geometry
from loader.queries.matching import MATCHES

GEOF = "http://www.opengis.net/def/function/geosparql/"


@dataclass(frozen=True, slots=True)
class Function:
    """A function of expressions; `usage` is how it is written, with the prefix `geof:`."""

    iri: str
    usage: str
    text: Text
    call: Callable[..., Any] | None = None


@dataclass(frozen=True, slots=True)
class Property:
    """A property that is no statement of the data but is answered by a search."""

    iri: str
    usage: str
    text: Text


def _relation(name: str, de: str, en: str, call: Callable[..., Any] | None = None) -> Function:
    return Function(GEOF + name, f"geof:{name}(?a, ?b)", Text(de, en), call)


FUNCTIONS = (
    Function(
        GEOF + "distance",
        "geof:distance(?a, ?b, uom:kilometre)",
        Text(
            "kürzester Weg zwischen zwei Lagen, in uom:metre, uom:kilometre, uom:degree oder "
            "uom:radian, auf der Kugel",
            "shortest way between two positions, in uom:metre, uom:kilometre, uom:degree or "
            "uom:radian, on the sphere",
        ),
        geometry.distance,
    ),
    Function(
        GEOF + "metricDistance",
        "geof:metricDistance(?a, ?b)",
        Text("dasselbe in Metern", "the same in metres"),
        geometry.distance,
    ),
    Function(
        GEOF + "buffer",
        "geof:buffer(?a, 10, uom:kilometre)",
        Text(
            "alles in diesem Umkreis (bis 1.000 km), als Fläche",
            "all that is within this radius (up to 1,000 km), as an area",
        ),
        geometry.buffer,
    ),
    Function(
        GEOF + "metricBuffer",
        "geof:metricBuffer(?a, 10000)",
        Text("dasselbe mit einem Umkreis in Metern", "the same with a radius in metres"),
        geometry.buffer,
    ),
    _relation("sfWithin", "?a liegt in ?b", "?a lies within ?b", geometry.within),
    _relation("sfContains", "?a enthält ?b", "?a contains ?b", geometry.contains),
    _relation(
        "sfIntersects",
        "?a und ?b haben etwas gemeinsam",
        "?a and ?b have something in common",
        geometry.intersects,
    ),
    _relation("sfDisjoint", "?a und ?b haben nichts gemeinsam", "?a and ?b have nothing in common"),
    _relation("sfTouches", "?a und ?b berühren sich", "?a and ?b touch"),
    _relation("sfCrosses", "?a kreuzt ?b", "?a crosses ?b"),
    _relation("sfOverlaps", "?a und ?b überlappen sich", "?a and ?b overlap"),
    _relation("sfEquals", "?a und ?b sind gleich", "?a and ?b are equal"),
    Function(
        GEOF + "envelope",
        "geof:envelope(?a)",
        Text("kleinstes Rechteck um eine Lage", "smallest rectangle around a position"),
    ),
    Function(
        GEOF + "convexHull",
        "geof:convexHull(?a)",
        Text("kleinste Fläche ohne Einbuchtung", "smallest area without a dent"),
    ),
    Function(
        GEOF + "centroid",
        "geof:centroid(?a)",
        Text("Schwerpunkt einer Fläche", "centre of an area"),
    ),
    Function(
        GEOF + "asGeoJSON",
        "geof:asGeoJSON(?a)",
        Text("Lage als GeoJSON", "position as GeoJSON"),
    ),
)
PROPERTIES = (
    Property(
        MATCHES,
        '(?thing ?score) stadt:matches "Überflutung"',
        Text(
            "findet, was diese Wörter in seinen Texten hat, in jeder Beugung und Schreibung; "
            "?score ordnet",
            "finds what has these words in its texts, in every inflection and spelling; "
            "?score ranks",
        ),
    ),
)
CALLS = {NamedNode(each.iri): each.call for each in FUNCTIONS if each.call}
