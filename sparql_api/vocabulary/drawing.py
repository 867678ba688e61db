"""Drawings: the picture of the vocabulary in pixels, ready to be written as SVG."""

from dataclasses import dataclass
from functools import cached_property

from sparql_api.vocabulary.arrangement import Arrangement, Line, arrange
from sparql_api.vocabulary.diagram import Families, Relation
from sparql_api.vocabulary.entry import Link
from sparql_api.vocabulary.glossary import Glossary

ROW = 27  # a link is at least 24 pixels high
_LINE = 16
_LETTER = 7.3  # mean width of a letter of 13 pixels, on the safe side
_BOLD = 8.3
_INDENT = 14
_MARGIN = 16.0
_SPACE = 34  # beside a label, for the line to bend

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Row:
    """A class within a box: the left upper corner of its row, and where its name begins."""

    link: Link
    x: float
    y: float
    indent: int


@dataclass(frozen=True, slots=True)
class Box:
    """A class and those below it; `loops` are properties that lead from the box to itself."""

    x: float
    y: float
    width: float
    height: float
    rows: list[Row]
    loops: list[str]


@dataclass(frozen=True, slots=True)
class Curve:
    """A line as an SVG path, and its labels, the first centred at `x` and `y`."""

    path: str
    labels: list[str]
    x: float
    y: float


class Drawing:
    """The picture for one language."""

    def __init__(self, glossary: Glossary, families: Families, relations: list[Relation]) -> None:
        self._glossary = glossary
        self._families = families
        home = {name: root for root, rows in families.items() for name, _ in rows}
        self._lines: dict[Line, list[str]] = {}
        for each in relations:
            names = self._lines.setdefault((home[each.start.iri], home[each.end.iri]), [])
            if each.name.text not in names:
                names.append(each.name.text)
        self._loops = {a: names for (a, b), names in self._lines.items() if a == b}
        self._lines = {line: names for line, names in self._lines.items() if line[0] != line[1]}

    @cached_property
    def boxes(self) -> list[Box]:
        """The boxes, left to right."""
        return [
            self._box(root)
            for names in self._place.columns[::2]
            for root in names
            if root in self._families
        ]

    @cached_property
    def curves(self) -> list[Curve]:
        """The lines, in the order of their names."""
        return [self._curve(line) for line in sorted(self._lines)]

    @property
    def width(self) -> float:
        """The width of the whole picture."""
        return self._left[-1] + self._widths[-1] + _MARGIN

    @property
    def height(self) -> float:
        """The height of the whole picture."""
        lowest = max(self._place.middle[name] + self._tall(name) / 2 for name in self._place.middle)
        return lowest + 2 * _MARGIN

    @cached_property
    def _place(self) -> Arrangement:
        labels = {line: len(names) * _LINE + 6.0 for line, names in self._lines.items()}
        return arrange({root: self._tall(root) for root in self._families}, labels)

    @cached_property
    def _labels(self) -> dict[str, list[str]]:
        return {name: self._lines[line] for line, name in self._place.labels.items()}

    @cached_property
    def _widths(self) -> list[float]:
        return [
            max((self._wide(name, odd=index % 2 == 1) for name in names), default=0.0)
            for index, names in enumerate(self._place.columns)
        ]

    @cached_property
    def _left(self) -> list[float]:
        return [_MARGIN + sum(self._widths[:index]) for index in range(len(self._widths))]

    @cached_property
    def _column(self) -> dict[str, int]:
        return {n: index for index, names in enumerate(self._place.columns) for n in names}

    def _tall(self, name: str) -> float:
        if name in self._families:
            return ROW * len(self._families[name]) + _LINE * len(self._loops.get(name, [])) + 8.0
        return len(self._labels.get(name, [])) * float(_LINE)

    def _wide(self, name: str, *, odd: bool) -> float:
        if odd:
            return _across(self._labels.get(name, [])) + 2 * _SPACE
        rows = [
            len(self._glossary.label(iri)) * (_LETTER if depth else _BOLD) + depth * _INDENT
            for iri, depth in self._families.get(name, [])
        ]
        return max([*rows, _across(self._loops.get(name, [])) + 18], default=0.0) + 22

    def _box(self, root: str) -> Box:
        left, width = self._left[self._column[root]], self._widths[self._column[root]]
        top = self._place.middle[root] - self._tall(root) / 2 + _MARGIN
        rows = [
            Row(self._glossary.link(iri), left, top + ROW * index, 10 + depth * _INDENT)
            for index, (iri, depth) in enumerate(self._families[root])
        ]
        return Box(left, top, width, self._tall(root), rows, self._loops.get(root, []))

    def _curve(self, line: Line) -> Curve:
        route, label = self._place.routes[line], self._place.labels[line]
        first, last = self._column[route[0]], self._column[route[-1]]
        points: list[Point] = [(self._left[first] + self._widths[first], self._port(route, 0))]
        for name in route[1:-1]:
            column, y = self._column[name], self._under(name)
            space = _SPACE if column % 2 else 0
            left = self._left[column]
            points += [(left + space, y), (left + self._widths[column] - space, y)]
        points.append((self._left[last], self._port(route, -1)))
        if route[0] != line[0]:
            points.reverse()
        column, names = self._column[label], self._lines[line]
        x = self._left[column] + self._widths[column] / 2
        return Curve(_path(points), names, x, self._under(label) - 5 - _LINE * (len(names) - 1))

    def _under(self, name: str) -> float:
        """The height of a line where it passes; a label stands on its line."""
        return self._place.middle[name] + self._tall(name) / 2 + _MARGIN

    def _port(self, route: list[str], end: int) -> float:
        """Where a line meets its box: the lines of one side share its height evenly."""
        box = route[end]
        beside = 1 if end == 0 else -2
        routes = [r for r in self._place.routes.values() if r[end] == box]
        routes.sort(key=lambda r: self._place.middle[r[beside]])
        top = self._place.middle[box] - self._tall(box) / 2 + _MARGIN
        return top + self._tall(box) * (routes.index(route) + 1) / (len(routes) + 1)


def _path(points: list[Point]) -> str:
    """Points two by two: bends from the first of a pair to the second, straight to the next."""
    path = f"M{points[0][0]:.0f} {points[0][1]:.0f}"
    for index in range(0, len(points) - 1, 2):
        (x, y), (to, at) = points[index], points[index + 1]
        half = (x + to) / 2
        path += f"C{half:.0f} {y:.0f} {half:.0f} {at:.0f} {to:.0f} {at:.0f}"
        if index + 2 < len(points):
            path += f"H{points[index + 2][0]:.0f}"
    return path


def _across(texts: list[str]) -> float:
    return max((len(text) * (_LETTER - 0.8) for text in texts), default=0.0)
