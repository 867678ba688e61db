"""Words: spellings of the same word meet, and different words do not."""

import pytest

from loader.queries import words


@pytest.mark.parametrize(
    "spelling",
    ["Überflutung", "Ueberflutung", "überflutungen", "U\u0308BERFLUTUNG", "Überflutungs"],
)
def test_spellings_of_a_word_have_one_stem(spelling: str) -> None:
    assert list(words.stems(spelling, "de")) == ["uberflut"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Straße", "Strassen"), ("Häuser", "Haeuser"), ("neue", "neuen"), ("Café", "Cafe")],
)
def test_pairs_of_spellings_meet(one: str, other: str) -> None:
    assert list(words.stems(one, "de")) == list(words.stems(other, "de"))


@pytest.mark.parametrize("word", ["neue", "bauer", "quelle", "steuer"])
def test_an_e_after_u_that_makes_no_umlaut_stays(word: str) -> None:
    assert list(words.folded(word)) == [word]


def test_english_texts_have_english_stems() -> None:
    assert list(words.stems("municipalities", "en")) == list(words.stems("municipality", "en"))


def test_words_end_at_signs_and_keep_digits() -> None:
    assert list(words.folded("Smart-City_2.0: 05315000!")) == [
        "smart",
        "city",
        "2",
        "0",
        "05315000",
    ]


def test_an_endless_word_is_cut() -> None:
    assert [len(word) for word in words.folded("x" * 10_000)] == [64]
