"""What a release has besides its masters and its store: files made from the masters alone."""

from collections.abc import Mapping, Set
from pathlib import Path

from loader.account import BASE
from loader.releases import counting, indexing, reindexing

# The rules' hints name examples by the dozen, which nobody who searches wants to find.
_UNSEARCHED = frozenset([BASE + "shapes/"])


def derive(
    folder: Path,
    graphs: Mapping[str, Path],
    earlier: Mapping[str, Path] | None = None,
    things: Set[str] = frozenset(),
) -> dict[str, int]:
    """Writes statistics and text index of the masters, by their graphs' names, into a folder.

    The unnamed graph, where there is one, has an empty name. `earlier` are the masters of another
    release where they say something else of some things alone. Returns how many things each class
    has, by its address.
    """
    counts = counting.write(folder, graphs)
    if earlier is None:
        indexing.write(folder, _searched(graphs))
    else:
        reindexing.write(folder, _searched(graphs), _searched(earlier), set(things))
    return {kind: number["subjects"] for kind, number in counts["classes"].items()}


def _searched(graphs: Mapping[str, Path]) -> dict[str, Path]:
    return {graph: path for graph, path in graphs.items() if graph not in _UNSEARCHED}
