"""Holdings: what a worker answers from, the store of a release with its text index and counts."""

from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Store

from loader.errors import UsageError
from loader.language import Text
from loader.queries.search import Hit, Index
from loader.releases.statistics import Statistics


class NoIndex(UsageError):
    """The release is older than the text search."""


@dataclass(slots=True)
class Holdings:
    """A release as one process reads it; `folder` is the release's, `statistics` may be missing."""

    store: Store
    folder: Path
    statistics: Statistics | None
    _index: Index | None = field(default=None, init=False)

    def search(self, text: str) -> list[Hit]:
        """What has these words in its texts. Raises NoIndex, and what the index raises."""
        self._index = self._index or Index.of(self.folder)
        if self._index is None:
            raise NoIndex(
                Text(
                    "Diese Veröffentlichung ist älter als die Textsuche. Fragen Sie sie ohne "
                    "stadt:matches, oder fragen Sie eine neuere.",
                    "This release is older than the text search. Ask it without stadt:matches, or "
                    "ask a newer one.",
                )
            )
        return self._index.hits(text)
