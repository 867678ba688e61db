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
_KINDS = re.compile(r"\(([a-z|-]+)\)/\[a-z0-9-\]\+")  # things of several kinds
_SET = re.compile(r"\[([^\[\]^]+)\](?:[+*]|\{([0-9]+)\})?")
_RANGES = (
    (("a-z", "A-Z"), "Buchstaben", "letters"),
    (("a-z",), "Kleinbuchstaben", "lower-case letters"),
    (("A-Z",), "Großbuchstaben", "capital letters"),
    (("0-9",), "Ziffern", "digits"),
)


def in_words(pattern: str) -> Text | None:
    """`8 Ziffern` for `[0-9]{8}`; None for a pattern that has no such words."""
    if kinds := _KINDS.fullmatch(pattern):
        each = kinds[1].split("|")
        german = " oder ".join(f"{kind}/kennung" for kind in each)
        english = " or ".join(f"{kind}/identifier" for kind in each)
        return Text(f"Art und Kennung, also {german}", f"kind and identifier, that is {english}")
    match = _SET.fullmatch(pattern)
    if match is None:
        return _KNOWN.get(pattern)
    signs = match[1]
    names: tuple[list[str], list[str]] = ([], [])
    for ranges, *words in _RANGES:
        if all(each in signs for each in ranges):
            for name, word in zip(names, words, strict=True):
                name.append(word)
            for each in ranges:
                signs = signs.replace(each, "")
    if signs := " ".join(signs.replace("\\", "")):
        names[0].append(f"die Zeichen {signs}")
        names[1].append(f"the signs {signs}")
    number = f"{match[2]} " if match[2] else ""
    return Text(number + _listed(names[0], "und"), number + _listed(names[1], "and"))


def _listed(words: list[str], last: str) -> str:
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
