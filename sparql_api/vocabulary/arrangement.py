"""Arrangements: where the boxes and lines of a picture go, in columns from left to right.

After Sugiyama, Tagawa and Toda (1981): break cycles, give each box a column, carry long lines
through every column, order each column so that few lines cross, then straighten the lines.
"""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

Line = tuple[str, str]
Columns = list[list[str]]
_SWEEPS = 24
_GAP = 18.0  # pixels between two things of a column


@dataclass(frozen=True, slots=True)
class Arrangement:
    """`columns` holds names from top to bottom; `middle` is the height of a name's middle.

    Boxes stand in even columns, labels of lines in odd ones. `routes` has for each line the names
    that it passes, from left to right, and `labels` the one that carries its label.
    """

    columns: Columns
    middle: dict[str, float]
    routes: dict[Line, list[str]]
    labels: dict[Line, str]


def arrange(heights: dict[str, float], lines: dict[Line, float]) -> Arrangement:
    """Places boxes with the given heights, and lines with the heights of their labels."""
    forward = {line: _turned(line, _sequence(list(heights), list(lines))) for line in lines}
    column = _columns(list(heights), set(forward.values()))
    routes = {line: _route(line, ends, column) for line, ends in forward.items()}
    labels = {
        line: route[-2] if forward[line] != line else route[1] for line, route in routes.items()
    }
    tall = {**heights, **{name: 6.0 for route in routes.values() for name in route[1:-1]}}
    tall |= {labels[line]: height for line, height in lines.items()}
    columns = _ordered(_stacked(column, routes), list(routes.values()))
    return Arrangement(columns, _middles(columns, list(routes.values()), tall), routes, labels)


def _sequence(names: list[str], lines: list[Line]) -> dict[str, int]:
    """An order in which few lines run backwards (Eades, Lin and Smyth, 1993)."""
    left: list[str] = []
    right: list[str] = []
    rest = list(names)
    while rest:
        out = {n: sum(a == n and b in rest and b != n for a, b in lines) for n in rest}
        into = {n: sum(b == n and a in rest and a != n for a, b in lines) for n in rest}
        if sink := next((n for n in rest if not out[n]), None):
            right.insert(0, sink)
            rest.remove(sink)
            continue
        best = max(rest, key=lambda n: (not into[n], out[n] - into[n]))
        left.append(best)
        rest.remove(best)
    return {name: place for place, name in enumerate([*left, *right])}


def _turned(line: Line, sequence: dict[str, int]) -> Line:
    start, end = line
    return line if sequence[start] < sequence[end] else (end, start)


def _columns(names: list[str], lines: set[Line]) -> dict[str, int]:
    """A column for each box: as far left as its lines allow, then drawn towards its neighbours."""
    before, after = defaultdict(list), defaultdict(list)
    for start, end in sorted(lines):
        before[end].append(start)
        after[start].append(end)
    column = dict.fromkeys(names, 0)
    for _ in names:
        for name in names:
            column[name] = max((column[n] + 1 for n in before[name]), default=0)
    for _ in names:
        for name in names:
            low = max((column[n] + 1 for n in before[name]), default=0)
            high = min((column[n] - 1 for n in after[name]), default=column[name])
            column[name] = high if len(after[name]) > len(before[name]) else low
    return column


def _route(line: Line, ends: Line, column: dict[str, int]) -> list[str]:
    first, last = 2 * column[ends[0]] + 1, 2 * column[ends[1]]
    name = "→".join(line)
    return [ends[0], *(f"{name} {place}" for place in range(first, last)), ends[1]]


def _stacked(column: dict[str, int], routes: dict[Line, list[str]]) -> Columns:
    columns: Columns = [[] for _ in range(2 * max(column.values(), default=0) + 1)]
    for name, place in column.items():
        columns[2 * place].append(name)
    for route in routes.values():
        for name in route[1:-1]:
            columns[int(name.rpartition(" ")[2])].append(name)
    return columns


def _ordered(columns: Columns, routes: list[list[str]]) -> Columns:
    """The columns with few crossings: each name goes to the mean place of its neighbours."""
    beside = _neighbours(routes)
    best, fewest = columns, _crossings(columns, routes)
    for sweep in range(_SWEEPS):
        columns = [list(names) for names in columns]
        order = range(1, len(columns)) if sweep % 2 == 0 else range(len(columns) - 2, -1, -1)
        for index in order:
            fixed = columns[index - 1 if sweep % 2 == 0 else index + 1]
            place = {name: float(i) for i, name in enumerate(fixed)}
            old = {name: float(i) for i, name in enumerate(columns[index])}
            columns[index].sort(
                key=lambda n, p=place, o=old: _mean([p[m] for m in beside[n] if m in p], o[n])  # type: ignore[misc]
            )
        if (count := _crossings(columns, routes)) < fewest:
            best, fewest = columns, count
    return best


def _neighbours(routes: list[list[str]]) -> dict[str, list[str]]:
    beside: dict[str, list[str]] = defaultdict(list)
    for route in routes:
        for one, other in itertools.pairwise(route):
            beside[one].append(other)
            beside[other].append(one)
    return beside


def _crossings(columns: Columns, routes: list[list[str]]) -> int:
    place = {name: i for names in columns for i, name in enumerate(names)}
    index = {name: i for i, names in enumerate(columns) for name in names}
    gaps: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for route in routes:
        for one, other in itertools.pairwise(route):
            gaps[index[one]].append((place[one], place[other]))
    return sum(
        (a - c) * (b - d) < 0
        for pairs in gaps.values()
        for i, (a, b) in enumerate(pairs)
        for c, d in pairs[:i]
    )


def _middles(columns: Columns, routes: list[list[str]], tall: dict[str, float]) -> dict[str, float]:
    """Heights at which lines run straight, as far as the order of each column allows."""
    beside = _neighbours(routes)
    middle: dict[str, float] = {}
    for names in columns:
        middle |= dict(
            zip(names, _apart([0.0] * len(names), [tall[n] for n in names]), strict=True)
        )
    for _ in range(_SWEEPS):
        for names in columns:
            wanted = [_mean([middle[m] for m in beside[name]], middle[name]) for name in names]
            middle |= dict(zip(names, _apart(wanted, [tall[n] for n in names]), strict=True))
    top = min((middle[name] - tall[name] / 2 for name in middle), default=0.0)
    return {name: height - top for name, height in middle.items()}


def _apart(wanted: Sequence[float], tall: Sequence[float]) -> list[float]:
    """The heights nearest to the wanted ones that keep the order and the gaps (pooled means)."""
    offsets = [0.0]
    for above, below in itertools.pairwise(tall):
        offsets.append(offsets[-1] + (above + below) / 2 + _GAP)
    pools: list[tuple[float, int]] = []
    for height, offset in zip(wanted, offsets, strict=False):
        total, count = height - offset, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            before = pools.pop()
            total, count = total + before[0], count + before[1]
        pools.append((total, count))
    means = [total / count for total, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=False)]


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
