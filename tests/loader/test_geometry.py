"""Geometry: distances, buffers and relations, beside the engine's own where it has them."""

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from loader.queries import extension, geometry

UOM = "http://www.opengis.net/def/uom/OGC/1.0/"
KOELN, BONN = "POINT(6.96 50.94)", "POINT(7.10 50.73)"
SQUARE = "POLYGON((7 50, 8 50, 8 51, 7 51, 7 50))"
HOLED = (
    "POLYGON((7 50, 8 50, 8 51, 7 51, 7 50), (7.4 50.4, 7.6 50.4, 7.6 50.6, 7.4 50.6, 7.4 50.4))"
)


def _wkt(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(geometry.GEO + "wktLiteral"))


def _unit(name: str) -> NamedNode:
    return NamedNode(UOM + name)


def _distance(one: str, other: str, unit: str = "metre") -> float | None:
    found = geometry.distance(_wkt(one), _wkt(other), _unit(unit))
    return float(found.value) if found else None


def _engine(name: str, *arguments: str) -> object:
    texts = ", ".join(f'"{text}"^^<{geometry.GEO}wktLiteral>' for text in arguments)
    unit = f", <{UOM}metre>" if name == "distance" else ""
    rows = Store().query(f"SELECT (<{extension.GEOF}{name}>({texts}{unit}) AS ?x) {{}}")
    assert isinstance(rows, QuerySolutions)
    return next(iter(rows))["x"]


def test_the_distance_of_points_is_the_engines() -> None:
    found = geometry.distance(_wkt(KOELN), _wkt(BONN), _unit("metre"))
    assert found
    assert float(found.value) == pytest.approx(float(_engine("distance", KOELN, BONN).value))  # type: ignore[attr-defined]


def test_units_are_multiples_of_each_other() -> None:
    metres = _distance(KOELN, BONN)
    assert metres
    assert 24_000 < metres < 27_000
    assert _distance(KOELN, BONN, "kilometre") == pytest.approx(metres / 1_000)
    assert _distance("POINT(0 0)", "POINT(0 1)", "degree") == pytest.approx(1)
    assert _distance(KOELN, BONN, "furlong") is None


@pytest.mark.parametrize(
    ("one", "other", "like"),
    [
        (SQUARE, "POINT(9 50.5)", ("POINT(8 50.5)", "POINT(9 50.5)")),
        (SQUARE, "POINT(7.5 49)", ("POINT(7.5 50)", "POINT(7.5 49)")),
        (HOLED, "POINT(7.5 50.5)", ("POINT(7.4 50.5)", "POINT(7.5 50.5)")),
        ("LINESTRING(7 50, 7 51)", "POINT(7.5 50.5)", ("POINT(7 50.5)", "POINT(7.5 50.5)")),
    ],
)
def test_the_distance_of_an_area_is_that_of_its_nearest_point(
    one: str, other: str, like: tuple[str, str]
) -> None:
    assert _distance(one, other) == pytest.approx(_distance(*like), rel=0.002)
    assert _distance(other, one) == pytest.approx(_distance(one, other))


def test_what_meets_has_no_distance() -> None:
    assert _distance(SQUARE, "POINT(7.5 50.5)") == 0
    assert _distance(SQUARE, SQUARE) == 0


def test_latitude_may_come_first_where_the_text_says_so() -> None:
    swapped = "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(50.94 6.96)"
    assert _distance(swapped, BONN) == pytest.approx(_distance(KOELN, BONN))


def test_a_buffer_is_as_wide_as_it_should_be_everywhere() -> None:
    area = geometry.buffer(_wkt(KOELN), Literal(25), _unit("kilometre"))
    assert area
    for corner in area.value.split("((")[1].rstrip(")").split(", "):
        assert _distance(KOELN, f"POINT({corner})") == pytest.approx(25_000, rel=0.001)


def test_a_negative_buffer_makes_an_area_smaller() -> None:
    smaller = geometry.buffer(_wkt(SQUARE), Literal(-10_000))
    assert smaller
    assert geometry.within(smaller, _wkt(SQUARE)) == Literal(value=True)


@pytest.mark.parametrize(
    "one", [KOELN, BONN, SQUARE, HOLED, "POINT(7 50)", "LINESTRING(7 50, 8 51)"]
)
@pytest.mark.parametrize("other", [SQUARE, HOLED, "POINT(7.5 50.5)"])
def test_relations_are_the_engines(one: str, other: str) -> None:
    for name, ours in [
        ("sfWithin", geometry.within),
        ("sfContains", geometry.contains),
        ("sfIntersects", geometry.intersects),
    ]:
        assert ours(_wkt(one), _wkt(other)) == _engine(name, one, other), name


@pytest.mark.parametrize(
    "text",
    ["", "POINT", "POINT(", "POINT(1 2", "POINT EMPTY", "POINT(nan 1)", "POINT(1e999 1)",
     "<http://example.org/crs> POINT(7 51)", "POLYGON((7 50, 8 51))", "\0", "POINT(..e 1)",
     "POINT(7 51) POINT(8 52)", pytest.param("x" * 2_000_000, id="long")],
)  # fmt: skip
def test_what_is_no_position_has_no_distance_and_no_buffer(text: str) -> None:
    rows = Store().query(
        f"""SELECT ?d ?b {{ VALUES ?w {{ {_wkt(text)} }}
        BIND(<{extension.GEOF}distance>(?w, "{KOELN}"^^<{geometry.GEO}wktLiteral>) AS ?d)
        BIND(<{extension.GEOF}metricBuffer>(?w, 5) AS ?b) }}""",
        custom_functions=extension.CALLS,
    )
    assert isinstance(rows, QuerySolutions)
    row = next(iter(rows))
    assert (row["d"], row["b"]) == (None, None)


@pytest.mark.parametrize("radius", ['"x"', "1e9", '"nan"', "<x:y>"])
def test_a_radius_without_sense_makes_no_buffer(radius: str) -> None:
    query = f"SELECT (<{extension.GEOF}metricBuffer>({_wkt(KOELN)}, {radius}) AS ?b) {{}}"
    rows = Store().query(query, custom_functions=extension.CALLS)
    assert isinstance(rows, QuerySolutions)
    assert next(iter(rows))["b"] is None


def test_a_text_that_is_no_geometry_is_none() -> None:
    assert geometry.distance(Literal(KOELN), _wkt(BONN)) is None
