"""Words: what a text and a search have in common, folded and reduced to their stems.

„Ueberflutung“, „Überflutung“ and „Überflutungen“ become one: case, accents and the two spellings
of an umlaut are taken away, then the ending. Stems are Snowball's, German or English.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain

from Stemmer import Stemmer

_WORD = re.compile(r"[^\W_]+")
# `ae` is ä, but the `ue` of „neue“, „Bauer“ and „Quelle“ is no ü.
_SPELT_OUT = re.compile(r"([ao])e|(?<![aeq])ue")
_LONGEST = 64  # characters of a word; what is longer is no word
_CACHED = 200_000


def folded(text: str) -> Iterator[str]:
    """The words of a text without case, accents and umlauts, in their order."""
    return chain.from_iterable(map(_folded, _raw(text)))


def stems(text: str, language: str) -> Iterator[str]:
    """The stems of a text's words; everything but English is taken as German."""
    stem = _english if language.startswith("en") else _german
    return chain.from_iterable(map(stem, _raw(text)))


def _raw(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text))


@lru_cache(_CACHED)
def _folded(word: str) -> tuple[str, ...]:
    """What one word becomes; a sign that stands for several may make several words of it."""
    if word.isascii():
        return (_spelt(word.lower()),)
    plain = unicodedata.normalize("NFKD", word).casefold()
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return tuple(map(_spelt, _WORD.findall(bare)))


def _spelt(word: str) -> str:
    return (_SPELT_OUT.sub(_umlaut, word) if "e" in word else word)[:_LONGEST]


def _umlaut(match: re.Match[str]) -> str:
    return match[1] or "u"


def _stemmer(language: str) -> Callable[[str], str]:
    stemmer = Stemmer(language, 0)  # no cache of its own: the one here is for threads too

    @lru_cache(_CACHED)
    def stem(word: str) -> str:
        return str(stemmer.stemWord(word))

    return stem


def _through(stem: Callable[[str], str]) -> Callable[[str], tuple[str, ...]]:
    """From a word of a text to its stems at once."""
    return lru_cache(_CACHED)(lambda word: tuple(map(stem, _folded(word))))


german = _stemmer("german")
english = _stemmer("english")
_german, _english = _through(german), _through(english)
