"""Patterns in words."""

import pytest

from loader.values import pattern


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("[0-9]{8}", "8 Ziffern"),
        ("[A-Za-z0-9.+-]+", "Buchstaben, Ziffern und die Zeichen . + -"),
        (
            "(project|event)/[a-z0-9-]+",
            "Art und Kennung, also project/kennung oder event/kennung",
        ),
    ],
)
def test_a_form_is_said_as_a_person_says_it(form: str, words: str) -> None:
    said = pattern.in_words(form)
    assert said is not None
    assert said.de == words


def test_what_has_no_such_words_is_left_to_the_description() -> None:
    assert pattern.in_words("a?(b|c)*") is None
