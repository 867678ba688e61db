"""Geometry: the GeoSPARQL functions that Oxigraph lacks, has for points alone, or reads slowly.

Positions are longitude and latitude (CRS84); EPSG:4326 is read too, with its axes the other way
round. Distances are those of great circles on a sphere of 6,371,008.8 m, up to 0.5 % off the
ellipsoid. What cannot be computed is None, which SPARQL takes as an error of the expression.
Source: *OGC GeoSPARQL 1.1*, 8.7.
"""

import math
import re
from types import ModuleType
from typing import TypeGuard

from pyoxigraph import Literal, NamedNode

GEO = "http://www.opengis.net/ont/geosparql#"
RADIUS = 6_371_008.8  # metres: the mean radius of the Earth (IUGG)
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_UOM = "http://www.opengis.net/def/uom/OGC/1.0/"
_QUDT = "http://qudt.org/vocab/unit/"
# How many metres one of each unit is; angles are those at the centre of the Earth.
UNITS = {
    _UOM + "metre": 1.0,
    _UOM + "kilometre": 1_000.0,
    _UOM + "radian": RADIUS,
    _UOM + "degree": math.radians(RADIUS),
    _QUDT + "M": 1.0,
    _QUDT + "KiloM": 1_000.0,
}
_LONGEST = 2**20  # characters of a text that is read
_METRE, _DOUBLE = NamedNode(_UOM + "metre"), NamedNode("http://www.w3.org/2001/XMLSchema#double")
_POINT = re.compile(r"POINT\s*\(\s*([-+\d.eE]+)\s+([-+\d.eE]+)\s*\)\s*", re.IGNORECASE)

Place = tuple[float, float]


def distance(one: object, other: object, unit: object = _METRE) -> Literal | None:
    """The shortest way between two geometries, in a unit of UNITS; 0 where they meet."""
    size = UNITS.get(unit.value) if isinstance(unit, NamedNode) else None
    places = _point(one), _point(other)
    if size is None:
        return None
    if places[0] and places[1]:
        return _number(great_circle(places[0], places[1]) / size)
    if not (_is_position(one) and _is_position(other)):
        return None
    metres = _areas().distance(one.value, other.value)
    return None if metres is None else _number(metres / size)


def buffer(one: object, radius: object, unit: object = _METRE) -> Literal | None:
    """All that is within a radius of a geometry, as an area in CRS84."""
    size = UNITS.get(unit.value) if isinstance(unit, NamedNode) else None
    if size is None or not _is_position(one) or not isinstance(radius, Literal):
        return None
    text = _areas().buffer(one.value, float(radius.value) * size)
    return None if text is None else Literal(text, datatype=NamedNode(GEO + "wktLiteral"))


def within(one: object, other: object) -> Literal | None:
    """Whether the first lies within the second, and not on its edge alone."""
    return contains(other, one)


def contains(one: object, other: object) -> Literal | None:
    """Whether the second lies within the first, and not on its edge alone."""
    return _related(one, other, "contains")


def intersects(one: object, other: object) -> Literal | None:
    """Whether both have a place in common."""
    return _related(one, other, "intersects")


def _related(one: object, other: object, relation: str) -> Literal | None:
    if not (_is_position(one) and _is_position(other)):
        return None
    holds: bool | None = getattr(_areas(), relation)(one.value, other.value)
    return None if holds is None else Literal(holds)


def warm() -> None:
    """Imports the geometry library now, so that processes forked from this one share it."""
    _areas()


def _areas() -> ModuleType:
    from loader.queries import area  # noqa: PLC0415  0.1 s that only areas are worth

    return area


def _is_position(term: object) -> TypeGuard[Literal]:
    return (
        isinstance(term, Literal)
        and term.datatype.value == GEO + "wktLiteral"
        and len(term.value) <= _LONGEST
    )


def _point(term: object) -> Place | None:
    """A point in CRS84, the usual case, read without the library."""
    match = _POINT.fullmatch(term.value) if _is_position(term) else None
    return (float(match[1]), float(match[2])) if match else None


def great_circle(one: Place, other: Place) -> float:
    """Metres between two points, by the haversine formula."""
    east, north = math.radians(other[0] - one[0]), math.radians(other[1] - one[1])
    cosines = math.cos(math.radians(one[1])) * math.cos(math.radians(other[1]))
    half = math.sin(north / 2) ** 2 + cosines * math.sin(east / 2) ** 2
    return 2 * RADIUS * math.asin(math.sqrt(min(1.0, half)))


def _number(value: float) -> Literal | None:
    return Literal(repr(value), datatype=_DOUBLE) if math.isfinite(value) else None
