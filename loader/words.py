"""Words: what a text and a search have in common, folded and reduced to their stems.

„Ueberflutung“, „Überflutung“ and „Überflutungen“ become one: case, accents and the two spellings
of an umlaut are taken away, then the ending. Stems are Snowball's, German or English.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

from Stemmer import Stemmer

_WORD = re.compile(r"[^\W_]+")
# `ae` is ä, but the `ue` of „neue“, „Bauer“ and „Quelle“ is no ü.
_SPELT_OUT = re.compile(r"([ao])e|(?<![aeq])ue")
_LONGEST = 64  # characters of a word; what is longer is no word
_CACHED = 200_000


def folded(text: str) -> Iterator[str]:
    """The words of a text without case, accents and umlauts, in their order."""
    for word in _WORD.findall(unicodedata.normalize("NFC", text)):
        yield from _folded(word)


def stems(text: str, language: str) -> Iterator[str]:
    """The stems of a text's words; everything but English is taken as German."""
    stem = english if language.startswith("en") else german
    return map(stem, folded(text))


@lru_cache(_CACHED)
def _folded(word: str) -> tuple[str, ...]:
    """What one word becomes; a sign that stands for several may make several words of it."""
    plain = unicodedata.normalize("NFKD", word).casefold()
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = _WORD.findall(bare)
    return tuple(_SPELT_OUT.sub(lambda m: m[1] or "u", each)[:_LONGEST] for each in words)


def _stemmer(language: str) -> Callable[[str], str]:
    stemmer = Stemmer(language, 0)  # no cache of its own: the one here is for threads too

    @lru_cache(_CACHED)
    def stem(word: str) -> str:
        return str(stemmer.stemWord(word))

    return stem


german = _stemmer("german")
english = _stemmer("english")
