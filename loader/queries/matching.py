"""Matching: the pattern `?thing stadt:matches "words"` of a query, answered from the text index.

The pattern is replaced, where it stands, by the things found: `VALUES ?thing { … }`. With
`(?thing ?score)` as its subject each comes with its score. So the rest of the query keeps its
meaning, in every release and every kind of store.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pyoxigraph import Literal, QuerySolutions, Store

from loader.errors import UsageError
from loader.language import Text
from loader.queries.search import Hit
from loader.queries.token import tokens

MATCHES = "https://w3id.org/stadtwissen/ontology/matches"
_TERMS = frozenset(["variable", "string", "name", "iri", "number", "word"])

Search = Callable[[str], Iterable[Hit]]


class MatchMisplaced(UsageError):
    """The pattern stands where it cannot be told what it is to find."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


_NONE = _Token("", "", 0)


def expanded(query: str, search: Search) -> str:
    """The query with its matches written out; the same text where it has none.

    A query that the engine cannot parse comes out as another one. Raises MatchMisplaced, and what
    `search` raises.
    """
    if "matches" not in query:
        return query
    reading = _Reading(query, [_Token(*token) for token in tokens(query)])
    for place, token in enumerate(reading.tokens):
        if reading.is_match(token) and reading.is_verb(place):
            reading.replace(place, search)
    return reading.edited()


@dataclass(slots=True)
class _Reading:
    query: str
    tokens: list[_Token]
    edits: list[tuple[int, int, str]] = field(default_factory=list)
    _prefixes: dict[str, str] = field(default_factory=dict)
    _templates: set[int] = field(default_factory=set)
    _is_short: bool = False  # CONSTRUCT WHERE { … }, where nothing but statements may stand

    def __post_init__(self) -> None:
        for place, token in enumerate(self.tokens):
            if token.kind == "word" and token.text.upper() == "PREFIX":
                self._prefixes[self.at(place + 1).text] = self.at(place + 2).text[1:-1]
            if token.kind == "word" and token.text.upper() == "CONSTRUCT":
                self._note_template(place + 1)

    def at(self, place: int) -> _Token:
        return self.tokens[place] if 0 <= place < len(self.tokens) else _NONE

    def is_match(self, token: _Token) -> bool:
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            return self._prefixes.get(prefix + ":", "") + local == MATCHES
        return token.kind == "iri" and token.text[1:-1] == MATCHES

    def is_verb(self, place: int) -> bool:
        """Whether the property leads from a subject to an object here, and is not one of them."""
        follows = self.at(place + 1)
        if place in self._templates or follows.text in {".", ";", ",", "}", ")", "]", ""}:
            return False
        before = self.at(place - 1)
        if follows.kind == "string" or before.text in {";", ")"} or before.kind == "variable":
            return True
        return before.kind == "operator" or follows.kind == "operator"  # a path

    def replace(self, place: int, search: Search) -> None:
        """Notes the edits that put the things found in the place of the pattern."""
        words = self.at(place + 1)
        if self._is_short:
            raise _misplaced()
        after = place + 2 + (self.at(place + 2).kind == "language")
        if words.kind != "string" or self.at(after).text in {",", "^^"}:
            raise _misplaced()
        found = search(_value(words.text))
        end = self.at(after - 1).end
        if self.at(place - 1).text == ";":
            start = self._start(place - 1)
            thing, score, _ = self._subject(start)
            self.edits.append(
                (self.at(start).start, self.at(start).start, _values(thing, score, found))
            )
            self.edits.append((self.at(place - 1).start, end, " "))
            return
        start = place - 1 if self.at(place - 1).kind == "variable" else place - 4
        thing, score, size = self._subject(start)
        if start + size != place:
            raise _misplaced()
        written = _values(thing, score, found)
        if self.at(after).text == ".":
            end = self.at(after).end
        elif self.at(after).text == ";":  # more is said of the thing
            if self.at(after + 1).kind not in {*_TERMS, "operator", "open"}:
                raise _misplaced()
            end, written = self.at(after).end, f"{written} {thing} "
        self.edits.append((self.at(start).start, end, written))

    def edited(self) -> str:
        text = self.query
        for start, end, written in sorted(self.edits, reverse=True):
            text = text[:start] + written + text[end:]
        return text

    def _subject(self, place: int) -> tuple[str, str, int]:
        """The variables of the subject that begins here, and of how many tokens it is."""
        if self.at(place).kind == "variable":
            return self.at(place).text, "", 1
        thing, score = self.at(place + 1), self.at(place + 2)
        closed = self.at(place).text == "(" and self.at(place + 3).text == ")"
        if not closed or {thing.kind, score.kind} != {"variable"}:
            raise _misplaced()
        return thing.text, score.text, 4

    def _start(self, place: int) -> int:
        """Where the statement begins whose `;` stands here."""
        while not self._ends(self.at(place - 1)):
            place -= 1
            text = self.at(place).text
            if text in {"[", "]"} or (text == ")" and self.at(place - 3).text != "("):
                raise _misplaced()  # inside of another thing, after a FILTER or a BIND, a list
        return place

    @staticmethod
    def _ends(token: _Token) -> bool:
        """Whether the next token begins a statement; the pattern of names takes a full stop in."""
        full_stop = token.kind in {"name", "number", "other"} and token.text.endswith(".")
        return full_stop or token.text in {"{", "}", ""}

    def _note_template(self, place: int) -> None:
        """What stands in the braces after CONSTRUCT is made, not looked for."""
        if self.at(place).text != "{":
            self._is_short = True
            return
        while self.at(place).text not in {"}", ""}:
            self._templates.add(place)
            place += 1


def _values(thing: str, score: str, found: Iterable[Hit]) -> str:
    if score:
        rows = " ".join(f"(<{hit.iri}> {hit.score:.4f})" for hit in found)
        return f"VALUES ({thing} {score}) {{ {rows} }} "
    return f"VALUES {thing} {{ {' '.join(f'<{hit.iri}>' for hit in found)} }} "


def _value(string: str) -> str:
    """The text that a literal of a query stands for, as the engine reads it."""
    solutions = Store().query(f"SELECT ({string} AS ?text) {{}}")
    value = next(iter(solutions))["text"] if isinstance(solutions, QuerySolutions) else None
    return value.value if isinstance(value, Literal) else ""


def _misplaced() -> MatchMisplaced:
    return MatchMisplaced(
        Text(
            'stadt:matches steht für sich: ?ding stadt:matches "Wörter" . – oder mit der Güte: '
            '(?ding ?guete) stadt:matches "Wörter" . Links steht eine Variable, rechts ein Text.',
            'stadt:matches stands by itself: ?thing stadt:matches "words" . – or with the score: '
            '(?thing ?score) stadt:matches "words" . On the left is a variable, on the right a '
            "text.",
        )
    )
