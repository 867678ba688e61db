"""Geometry: the GeoSPARQL functions that Oxigraph lacks, has for points alone, or reads slowly.

Positions are longitude and latitude (CRS84); EPSG:4326 is read too, with its axes the other way
round. Distances are those of great circles on a sphere of 6,371,008.8 m, up to 0.5 % off the
ellipsoid. What cannot be computed is None, which SPARQL takes as an error of the expression.
Sources: *OGC GeoSPARQL 1.1*, 8.7; Snyder, *Map Projections: A Working Manual*, 25 (spherical
azimuthal equidistant projection).
"""

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeGuard

import numpy as np
import shapely
from numpy.typing import NDArray
from pyoxigraph import Literal, NamedNode
from shapely.geometry.base import BaseGeometry

GEO = "http://www.opengis.net/ont/geosparql#"
RADIUS = 6_371_008.8  # metres: the mean radius of the Earth (IUGG)
_CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_SWAPPED = "http://www.opengis.net/def/crs/EPSG/0/4326"
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
_WIDEST = 1e6  # metres of a buffer, beyond which the plane would lie too much
_SEGMENTS = 16  # of a quarter circle
_METRE, _DOUBLE = NamedNode(_UOM + "metre"), NamedNode("http://www.w3.org/2001/XMLSchema#double")
_TEXT = re.compile(r"\s*(?:<([^<>\s]*)>\s*)?(.*)", re.DOTALL)
_POINT = re.compile(r"POINT\s*\(\s*([-+\d.eE]+)\s+([-+\d.eE]+)\s*\)\s*", re.IGNORECASE)

Place = tuple[float, float]


def distance(one: object, other: object, unit: object = _METRE) -> Literal | None:
    """The shortest way between two geometries, in a unit of UNITS; 0 where they meet."""
    size = UNITS.get(unit.value) if isinstance(unit, NamedNode) else None
    places = _point(one), _point(other)
    if size is None:
        return None
    if places[0] and places[1]:
        return _number(_great_circle(places[0], places[1]) / size)
    shapes = _shape(one), _shape(other)
    if shapes[0] is None or shapes[1] is None:
        return None
    return _number(_between(shapes[0], shapes[1]) / size)


def buffer(one: object, radius: object, unit: object = _METRE) -> Literal | None:
    """All that is within a radius of a geometry, as an area in CRS84."""
    size = UNITS.get(unit.value) if isinstance(unit, NamedNode) else None
    if size is None or not _is_position(one) or not isinstance(radius, Literal):
        return None
    text = _buffered(one.value, float(radius.value) * size)
    return None if text is None else Literal(text, datatype=NamedNode(GEO + "wktLiteral"))


def within(one: object, other: object) -> Literal | None:
    """Whether the first lies within the second, and not on its edge alone."""
    return _holds(other, one, shapely.contains)


def contains(one: object, other: object) -> Literal | None:
    """Whether the second lies within the first, and not on its edge alone."""
    return _holds(one, other, shapely.contains)


def intersects(one: object, other: object) -> Literal | None:
    """Whether both have a place in common."""
    return _holds(one, other, shapely.intersects)


def _holds(
    one: object, other: object, relation: Callable[[BaseGeometry, BaseGeometry], object]
) -> Literal | None:
    shapes = _shape(one), _shape(other)
    if shapes[0] is None or shapes[1] is None:
        return None
    return Literal(bool(relation(shapes[0], shapes[1])))


@lru_cache(256)  # a filter asks for the same area in every row
def _buffered(position: str, metres: float) -> str | None:
    shape = _read(position)
    if shape is None or not abs(metres) <= _WIDEST:
        return None
    centre = shape.centroid.x, shape.centroid.y
    area = shapely.transform(shape, lambda xy: _flat(xy, centre)).buffer(metres, _SEGMENTS)
    return f"<{_CRS84}> {shapely.to_wkt(shapely.transform(area, lambda xy: _round(xy, centre)))}"


def _between(one: BaseGeometry, other: BaseGeometry) -> float:
    """Metres, by the nearest points in the plane around the middle between both."""
    if one.intersects(other):
        return 0.0
    middle = shapely.union(one.centroid, other.centroid).centroid
    centre = middle.x, middle.y
    flat = [shapely.transform(shape, lambda xy: _flat(xy, centre)) for shape in (one, other)]
    nearest = _round(shapely.get_coordinates(shapely.shortest_line(*flat)), centre)
    return _great_circle(tuple(nearest[0]), tuple(nearest[1]))


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


def _shape(term: object) -> BaseGeometry | None:
    return _read(term.value) if _is_position(term) else None


@lru_cache(256)
def _read(text: str) -> BaseGeometry | None:
    match = _TEXT.fullmatch(text)
    reference = match[1] if match else None
    if match is None or reference not in {None, _CRS84, _SWAPPED}:
        return None
    try:
        shape = shapely.from_wkt(match[2])
    except shapely.errors.ShapelyError:
        return None
    if shape is None or shape.is_empty or not np.isfinite(shape.bounds).all():
        return None
    shape = shapely.transform(shape, np.fliplr) if reference == _SWAPPED else shape
    shapely.prepare(shape)  # one area is compared with thousands of points
    return shape


def _great_circle(one: Place, other: Place) -> float:
    """Metres between two points, by the haversine formula."""
    east, north = math.radians(other[0] - one[0]), math.radians(other[1] - one[1])
    cosines = math.cos(math.radians(one[1])) * math.cos(math.radians(other[1]))
    half = math.sin(north / 2) ** 2 + cosines * math.sin(east / 2) ** 2
    return 2 * RADIUS * math.asin(math.sqrt(min(1.0, half)))


def _flat(places: NDArray[np.float64], centre: Place) -> NDArray[np.float64]:
    """Metres east and north of the centre: ways through it keep length and direction."""
    east, north = np.radians(places[:, 0] - centre[0]), np.radians(places[:, 1])
    middle = math.radians(centre[1])
    cosine = np.sin(north) * math.sin(middle) + np.cos(north) * math.cos(middle) * np.cos(east)
    angle = np.arccos(np.clip(cosine, -1, 1))
    scale = RADIUS * np.divide(angle, np.sin(angle), out=np.ones_like(angle), where=angle > 0)
    x = np.cos(north) * np.sin(east)
    y = math.cos(middle) * np.sin(north) - math.sin(middle) * np.cos(north) * np.cos(east)
    return np.column_stack([scale * x, scale * y])


def _round(metres: NDArray[np.float64], centre: Place) -> NDArray[np.float64]:
    """The way back from `_flat` to longitude and latitude."""
    x, y = metres[:, 0] / RADIUS, metres[:, 1] / RADIUS
    angle = np.hypot(x, y)
    middle = math.radians(centre[1])
    ratio = np.divide(np.sin(angle), angle, out=np.ones_like(angle), where=angle > 0)
    sine = np.cos(angle) * math.sin(middle) + y * ratio * math.cos(middle)
    east = np.arctan2(x * ratio, math.cos(middle) * np.cos(angle) - y * ratio * math.sin(middle))
    return np.column_stack(
        [centre[0] + np.degrees(east), np.degrees(np.arcsin(np.clip(sine, -1, 1)))]
    )


def _number(value: float) -> Literal | None:
    return Literal(repr(value), datatype=_DOUBLE) if math.isfinite(value) else None
