"""Areas: geometries that need a geometry library (GEOS), which takes a while to be imported.

`queries.geometry` answers for points by itself and comes here for the rest. Source: Snyder, *Map
Projections: A Working Manual*, 25 (spherical azimuthal equidistant projection).
"""

import math
import re
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from loader.queries.geometry import CRS84, RADIUS, Place, great_circle

_SWAPPED = "http://www.opengis.net/def/crs/EPSG/0/4326"
_WIDEST = 1e6  # metres of a buffer, beyond which the plane would lie too much
_SEGMENTS = 16  # of a quarter circle
_TEXT = re.compile(r"\s*(?:<([^<>\s]*)>\s*)?(.*)", re.DOTALL)


def contains(one: str, other: str) -> bool | None:
    """Whether the second lies within the first, and not on its edge alone; texts are WKT."""
    shapes = _read(one), _read(other)
    return None if None in shapes else bool(shapely.contains(*shapes))


def intersects(one: str, other: str) -> bool | None:
    """Whether both have a place in common."""
    shapes = _read(one), _read(other)
    return None if None in shapes else bool(shapely.intersects(*shapes))


def distance(one: str, other: str) -> float | None:
    """Metres of the shortest way between both."""
    shapes = _read(one), _read(other)
    return None if shapes[0] is None or shapes[1] is None else _between(shapes[0], shapes[1])


@lru_cache(256)  # a filter asks for the same area in every row
def buffer(position: str, metres: float) -> str | None:
    """All that is within so many metres, as WKT in CRS84."""
    shape = _read(position)
    if shape is None or not abs(metres) <= _WIDEST:
        return None
    centre = shape.centroid.x, shape.centroid.y
    area = shapely.transform(shape, lambda xy: _flat(xy, centre)).buffer(metres, _SEGMENTS)
    return f"<{CRS84}> {shapely.to_wkt(shapely.transform(area, lambda xy: _round(xy, centre)))}"


@lru_cache(256)
def _read(text: str) -> BaseGeometry | None:
    match = _TEXT.fullmatch(text)
    reference = match[1] if match else None
    if match is None or reference not in {None, CRS84, _SWAPPED}:
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


def _between(one: BaseGeometry, other: BaseGeometry) -> float:
    """Metres, by the nearest points in the plane around the middle between both."""
    if one.intersects(other):
        return 0.0
    middle = shapely.union(one.centroid, other.centroid).centroid
    centre = middle.x, middle.y
    flat = [shapely.transform(shape, lambda xy: _flat(xy, centre)) for shape in (one, other)]
    nearest = _round(shapely.get_coordinates(shapely.shortest_line(*flat)), centre)
    return great_circle(tuple(nearest[0]), tuple(nearest[1]))


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
