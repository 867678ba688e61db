"""Readings: what a query's tokens tell of it, before any engine sees it."""

import re
from dataclasses import dataclass, field
from typing import Literal

from loader.queries.token import tokens

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]

NESTING = 500
OPERATORS = 2_000

_BEGIN = re.compile(
    r"\s*+(?:PREFIX\s++[\w.\-]*+:\s*+<[^<>\"{}|^`\\\x00-\x20]*+>\s*+)*+"
    r"(SELECT|ASK|CONSTRUCT|DESCRIBE)\b",
    re.IGNORECASE,
)
# Brackets of expressions, escapes, `SELECT *`, and the words of which a reading tells.
_SIGNS = re.compile(r"[(\\*]|FROM|SERVICE")
_FORMS: dict[str, Form] = {
    "SELECT": "SELECT",
    "ASK": "ASK",
    "CONSTRUCT": "CONSTRUCT",
    "DESCRIBE": "DESCRIBE",
}
_UPDATES = frozenset(
    ["INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"]
)
# Each of these wraps what stands before it, so that a row of them is as deep as nested braces.
_WRAPPING = frozenset(
    [
        "UNION",
        "OPTIONAL",
        "MINUS",
        "EXISTS",
        "BIND",
        "AS",
        "VALUES",
        "GRAPH",
        "FILTER",
        "LATERAL",
        "SERVICE",
    ]
)
_VOLATILE = frozenset(["NOW", "RAND", "UUID", "STRUUID"])
_OPERANDS = frozenset(["variable", "number", "string", "name", "iri", "close", "language"])
# What, inside an address, would shift all that follows if the address were none.
_SHIFTING = frozenset("'#()[]")


@dataclass(slots=True)
class Reading:
    """What the gate saw in a query that it lets pass.

    `form` is None when no form was found: the engine will say what is wrong. `star` is the place
    of the asterisk of an outermost `SELECT *`, `variables` all variables in order of appearance
    where there is one.
    `volatile` is true where the same query may answer differently each time, `dataset` where it
    names its graphs itself (FROM). `services` counts its SERVICE blocks.
    """

    form: Form | None = None
    star: tuple[int, int] | None = None
    variables: list[str] = field(default_factory=list)
    volatile: bool = False
    dataset: bool = False
    update: bool = False
    loads: int = 0
    services: int = 0
    nesting: int = 0
    operators: int = 0
    ambiguous: str = ""


def read_short(query: str, length: int) -> Reading | None:
    """The reading of a look-up: too short for any limit, without any word or sign that matters.

    None where it may be more than that. `variables` are left out, for there is no asterisk.
    """
    if len(query) > min(NESTING, length // 4):  # a character has at most four bytes
        return None
    begin = _BEGIN.match(query)
    if begin is None or _SIGNS.search(query.upper()):
        return None
    return Reading(form=_FORMS[begin[1].upper()])


def read(query: str) -> Reading:
    """The reading of a query or an update, broken off where it is past a limit."""
    reading = Reading()
    brackets: list[str] = []
    before = ""
    words: list[str] = []
    variables: dict[str, None] = {}
    for kind, text, start in tokens(query):
        if reading.operators > OPERATORS or reading.nesting > NESTING:
            break  # it is refused whatever follows
        if kind == "variable":
            variables[text] = None
        elif kind == "open":
            brackets.append(text)
            reading.nesting = max(reading.nesting, len(brackets))
            reading.operators += text == "{"
        elif kind == "close":
            del brackets[-1:]
        elif kind == "word":
            words.append(text.upper())
            _note_word(reading, words[-1])
            reading.loads -= before == "word" and words[-2:] == ["LOAD", "SILENT"]
        elif kind == "iri" and brackets[-1:] == ["("] and before in _OPERANDS:
            _note_comparison(reading, text)
        elif kind == "operator":
            reading.operators += 1
            outermost = text == "*" and not brackets and _follows_select(words, before)
            reading.star = reading.star or ((start, start + 1) if outermost else None)
        elif kind == "number":  # `1-1-1` is a chain of operators, although each `-1` is one number
            reading.operators += text[0] in "+-" and before in _OPERANDS
        before = "name" if kind == "word" and words[-1] in {"TRUE", "FALSE"} else kind
    reading.variables = list(variables)
    return reading


def _note_comparison(reading: Reading, address: str) -> None:
    """`?a<1+1>?b` in brackets: an address to the grammar, two comparisons to Oxigraph.

    No expression has two slashes in a row outside of strings, so `<http://…>` is an address.
    """
    slashes = address.find("//")
    before = address if slashes < 0 else address[:slashes]
    if not _SHIFTING.isdisjoint(before):
        reading.ambiguous = reading.ambiguous or address[:80]
    elif slashes < 0:
        reading.operators += sum(address.count(sign) for sign in "!&*+-/=")


def _note_word(reading: Reading, word: str) -> None:
    if reading.form is None and not reading.update:
        reading.form = _FORMS.get(word)
        reading.update = word in _UPDATES
    reading.operators += word in _WRAPPING
    reading.loads += word == "LOAD"
    reading.services += word == "SERVICE"
    reading.dataset = reading.dataset or word == "FROM"
    reading.volatile = reading.volatile or word in _VOLATILE


def _follows_select(words: list[str], before: str) -> bool:
    tail = words[-1:] if words[-1:] != ["DISTINCT"] and words[-1:] != ["REDUCED"] else words[-2:-1]
    return before == "word" and tail == ["SELECT"]
