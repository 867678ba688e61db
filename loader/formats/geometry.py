"""Geometries: GeoJSON as well-known text.

Source: RFC 7946, section 3.1, and OGC 06-103r4, section 7.
"""

from typing import Any

_DEPTHS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}


def wkt(geometry: Any) -> str:
    """`POINT (7.6 51.9)`; empty for no geometry. Raises ValueError for what is none."""
    if geometry is None:
        return ""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind == "GeometryCollection":
        inner = ", ".join(wkt(each) for each in geometry.get("geometries", []))
        return f"GEOMETRYCOLLECTION ({inner})" if inner else "GEOMETRYCOLLECTION EMPTY"
    if kind not in _DEPTHS:
        raise ValueError(f"geometry: {kind}")
    coordinates = geometry.get("coordinates")
    if not coordinates:
        return f"{kind.upper()} EMPTY"
    text = _text(coordinates, _DEPTHS[kind])
    return f"{kind.upper()} ({text})" if kind == "Point" else f"{kind.upper()} {text}"


def _text(coordinates: Any, depth: int) -> str:
    if not isinstance(coordinates, list):
        raise ValueError(f"coordinates: {coordinates}")
    if depth:
        return f"({', '.join(_text(each, depth - 1) for each in coordinates)})"
    if not all(isinstance(number, int | float) for number in coordinates):
        raise ValueError(f"coordinates: {coordinates}")
    return " ".join(f"{number:.15g}" for number in coordinates)
