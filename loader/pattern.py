"""Patterns: the form that cells are agreed to have, as a person says it."""

import re

from loader.language import Text

# Those that the bundled descriptions and the template use, beside single sets of signs.
_KNOWN = {
    "[a-z0-9]+(-[a-z0-9]+)*": Text(
        "Kleinbuchstaben, Ziffern und Bindestriche, zum Beispiel smarte-laterne-2",
        "lower-case letters, digits and hyphens, for example smarte-laterne-2",
    ),
}
_SET = re.compile(r"\[([^\[\]^]+)\](?:[+*]|\{([0-9]+)\})?")
_RANGES = (
    (("a-z", "A-Z"), "Buchstaben", "letters"),
    (("a-z",), "Kleinbuchstaben", "lower-case letters"),
    (("A-Z",), "Großbuchstaben", "capital letters"),
    (("0-9",), "Ziffern", "digits"),
)


def in_words(pattern: str) -> Text | None:
    """`8 Ziffern` for `[0-9]{8}`; None for a pattern that has no such words."""
    match = _SET.fullmatch(pattern)
    if match is None:
        return _KNOWN.get(pattern)
    signs, german, english = match[1], [], []
    for ranges, de, en in _RANGES:
        if all(each in signs for each in ranges):
            german.append(de)
            english.append(en)
            for each in ranges:
                signs = signs.replace(each, "")
    if signs := signs.replace("\\", ""):
        german.append(f"die Zeichen {' '.join(signs)}")
        english.append(f"the signs {' '.join(signs)}")
    number = f"{match[2]} " if match[2] else ""
    return Text(number + _listed(german, "und"), number + _listed(english, "and"))


def _listed(words: list[str], last: str) -> str:
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
