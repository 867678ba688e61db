"""What a release has besides its masters and its store: files made from the masters alone."""

from collections.abc import Mapping
from pathlib import Path

from loader import counting, indexing
from loader.account import BASE

# The rules' hints name examples by the dozen, which nobody who searches wants to find.
_UNSEARCHED = frozenset([BASE + "shapes/"])


def derive(folder: Path, graphs: Mapping[str, Path]) -> dict[str, int]:
    """Writes statistics and text index of the masters, by their graphs' names, into a folder.

    The unnamed graph, where there is one, has an empty name. Returns how many things each class
    has, by its address.
    """
    counts = counting.write(folder, graphs)
    searched = {graph: path for graph, path in graphs.items() if graph not in _UNSEARCHED}
    indexing.write(folder, searched)
    return {kind: number["subjects"] for kind, number in counts["classes"].items()}
