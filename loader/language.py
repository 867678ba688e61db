"""The two languages the public reads, and texts that exist in both."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["de", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in German and in English."""

    de: str
    en: str

    def say(self, language: Language) -> str:
        """The sentence in the asked language."""
        return self.de if language == "de" else self.en

    def filled(self, **values: object) -> "Text":
        """The same sentence with `{name}` replaced by values; unknown names stay as they are.

        A value that is a text itself speaks the language of the sentence.
        """
        return Text(_fill(self.de, values, "de"), _fill(self.en, values, "en"))

    def as_json(self) -> dict[str, str]:
        """`{"de": …, "en": …}`, as the contract writes texts."""
        return {"de": self.de, "en": self.en}


def from_locale(tag: str | None = None) -> Language:
    """The language of a locale such as `en_GB.UTF-8`; German unless it says English."""
    name = tag if tag is not None else _spoken(os.environ)
    return "en" if name.lower().startswith("en") else "de"


def _spoken(environ: Mapping[str, str]) -> str:
    """The operator's wish, or the system's; Python itself takes `C` for American English."""
    names = ("STADTWISSEN_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    return next((environ[name] for name in names if environ.get(name)), "")


def _fill(sentence: str, values: dict[str, object], language: Language) -> str:
    for name, value in values.items():
        said = value.say(language) if isinstance(value, Text) else str(value)
        sentence = sentence.replace("{" + name + "}", said)
    return sentence
