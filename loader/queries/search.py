"""The text index of a release: which things have these words in their texts, best first.

SQLite's FTS5 over stems, written with the release and read by any number of processes. A thing's
names count more than its other texts; the order is BM25's.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from loader.errors import UsageError
from loader.language import Text
from loader.queries.words import english, folded, german

FILE = "search.sqlite"
WORDS = 32  # of one search; whoever has more wants a query
HITS = 100_000
_SHORTEST_BEGINNING = 2  # letters
_LONG_STEM = 5
_PHRASE = re.compile(r'"([^"]*)"|([^"]+)')
_RANKED = "SELECT thing.iri, thing.class, -bm25(words, 4.0, 1.0) AS score FROM words"
_JOIN = " JOIN thing ON thing.id = words.rowid WHERE words MATCH ?"
_COUNTED = f"SELECT thing.class, count(*) FROM words{_JOIN} GROUP BY thing.class"  # noqa: S608
_BEST = " ORDER BY score DESC, thing.iri"


class TooManyWords(UsageError):
    """A search of more words than WORDS."""


class TooManyHits(UsageError):
    """Words that more than HITS things have; cutting them off would be half an answer."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing with its most special class (empty where it has none) and its score (above 0)."""

    iri: str
    kind: str
    score: float


class Index:
    """The text index of one release, for one thread at a time."""

    def __init__(self, folder: Path) -> None:
        address = (folder / FILE).absolute().as_uri() + "?immutable=1"
        self._database = sqlite3.connect(address, uri=True, check_same_thread=False)

    @classmethod
    def of(cls, folder: Path) -> Self | None:
        """The index in a release's folder; None for one that was built before there were any."""
        return cls(folder) if (folder / FILE).is_file() else None

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def hits(self, text: str) -> list[Hit]:
        """All things that have all the words, best first. Raises TooManyWords, TooManyHits."""
        found = list(self._ask(_RANKED + _JOIN + _BEST + " LIMIT ?", text, HITS + 1))
        if len(found) > HITS:
            raise TooManyHits(
                Text(
                    f"„{text[:60]}“ kommt bei mehr als {HITS} Dingen vor. Nehmen Sie längere "
                    "oder mehr Wörter.",
                    f"“{text[:60]}” occurs in more than {HITS} things. Take longer or more words.",
                )
            )
        return [Hit(*row) for row in found]

    def page(self, text: str, kinds: Iterable[str], limit: int, offset: int) -> list[Hit]:
        """Some of the hits of these classes. Raises TooManyWords."""
        chosen = list(kinds)
        among = f" AND thing.class IN ({', '.join('?' * len(chosen))})"
        query = _RANKED + _JOIN + among + _BEST + " LIMIT ? OFFSET ?"
        return [Hit(*row) for row in self._ask(query, text, *chosen, limit, offset)]

    def counts(self, text: str) -> dict[str, int]:
        """Hits by class. Raises TooManyWords."""
        return dict(self._ask(_COUNTED, text))

    def things(self, limit: int, offset: int, kind: str = "") -> list[tuple[str, str]]:
        """Address and class of the things that have a class, or of those of one, in their order."""
        wanted = "class = ?" if kind else "class <> ?"
        query = f"SELECT iri, class FROM thing WHERE {wanted} ORDER BY iri LIMIT ? OFFSET ?"  # noqa: S608
        return self._database.execute(query, (kind, limit, offset)).fetchall()

    def kind(self, iri: str) -> str:
        """The class of a thing; empty where it has none or is unknown."""
        row = self._database.execute("SELECT class FROM thing WHERE iri = ?", (iri,)).fetchone()
        return str(row[0]) if row else ""

    def classes(self) -> dict[str, int]:
        """How many things there are of each class."""
        query = "SELECT class, count(*) FROM thing WHERE class <> '' GROUP BY class ORDER BY class"
        return dict(self._database.execute(query).fetchall())

    def _ask(self, query: str, text: str, *values: object) -> Iterator[tuple[Any, ...]]:
        wanted = expression(text)
        if wanted:
            yield from self._database.execute(query, (wanted, *values))


def expression(text: str) -> str:
    """What FTS5 is asked for: all words, each as a stem or as a beginning; phrases in quotes.

    Nothing of the text's own signs gets through, so that no text is a wrong expression. Empty
    for a text without words. Raises TooManyWords.
    """
    parts: list[str] = []
    number = 0
    for phrase, plain in _PHRASE.findall(text):
        words = list(folded(phrase or plain))
        number += len(words)
        if phrase and words:
            parts.append(_either(" ".join(map(german, words)), " ".join(map(english, words))))
        else:
            parts += map(_word, words)
    if number > WORDS:
        raise TooManyWords(
            Text(
                f"Die Suche hat {number} Wörter; erlaubt sind {WORDS}.",
                f"The search has {number} words; {WORDS} are allowed.",
            )
        )
    return " AND ".join(parts)


def _word(word: str) -> str:
    """A stem in either language, or the beginning of a compound.

    A long stem begins the compounds of a plural too; a short one would begin too many words.
    """
    stem = german(word)
    either = _either(stem, english(word))
    if len(word) < _SHORTEST_BEGINNING:
        return f"({either})"
    return f'({either} OR "{stem if len(stem) >= _LONG_STEM else word}" *)'


def _either(one: str, other: str) -> str:
    return f'("{one}")' if one == other else f'("{one}" OR "{other}")'
