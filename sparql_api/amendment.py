"""Amendments: the text of a SPARQL Update, cut into its operations.

Only as far as the protocol and the spelling of literals ask for; what is wrong is the engine's to
say.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, Quad, RdfFormat, parse

from loader.language import Text
from loader.lexical import LexicalForms
from loader.token import tokens
from sparql_api.errors import BadRequest

Token = tuple[str, str, int]
_X = "<urn:x>"


@dataclass(slots=True)
class Operation:
    """One operation: its tokens outside of braces, and the place of each outermost brace pair.

    `end` is where the text goes on after it.
    """

    words: list[Token] = field(default_factory=list)
    groups: list[tuple[int, int]] = field(default_factory=list)
    end: int = 0

    @property
    def keywords(self) -> list[str]:
        """The words outside of braces in capitals."""
        return [text.upper() for kind, text, _ in self.words if kind == "word"]


def with_datasets(update: str, using: tuple[str, ...], named: tuple[str, ...]) -> str:
    """The update with `using-graph-uri` and `using-named-graph-uri` written into it.

    Raises BadRequest where it says USING or WITH itself. Source: *SPARQL 1.1 Protocol*, 2.2.3.
    """
    clause = "".join(f" USING <{graph}>" for graph in using)
    clause += "".join(f" USING NAMED <{graph}>" for graph in named)
    pieces: list[str] = []
    place = 0
    for operation in operations(update):
        if {"USING", "WITH"} & set(operation.keywords):
            raise BadRequest(
                Text(
                    "Die Änderung nennt ihre Graphen selbst (USING oder WITH); dann sind "
                    "using-graph-uri und using-named-graph-uri nicht erlaubt.",
                    "The update names its graphs itself (USING or WITH); using-graph-uri and "
                    "using-named-graph-uri are not allowed then.",
                )
            )
        where = next((at for _, text, at in operation.words if text.upper() == "WHERE"), None)
        if where is None:
            continue
        if operation.keywords[-2:] == ["DELETE", "WHERE"] and operation.groups:
            start, end = operation.groups[-1]  # the short form has no USING: written in full
            pieces += [update[place:where], update[start:end]]
        else:
            pieces.append(update[place:where])
        pieces.append(clause + " ")
        place = where
    return "".join([*pieces, update[place:]])


def without_loads(update: str) -> str:
    """The update with each LOAD SILENT as what it is here: a step that fails and says nothing."""
    pieces: list[str] = []
    place = 0
    for operation in operations(update):
        load = next((at for _, text, at in operation.words if text.upper() == "LOAD"), None)
        if load is not None:
            pieces += [update[place:load], "DELETE DATA {} "]
            place = operation.end
    return "".join([*pieces, update[place:]])


def lexical_forms(update: str, base: str) -> LexicalForms:
    """How the update writes the statements and literals that it may add."""
    forms = LexicalForms()
    prologue = ""
    for operation in operations(update):
        prologue += _prologue(operation)
        if operation.keywords[-2:] == ["INSERT", "DATA"] and operation.groups:
            start, end = operation.groups[-1]
            data = f"{prologue}\n{_as_trig(update[start + 1 : end - 1])}"
            with contextlib.suppress(SyntaxError, ValueError):
                forms.add(list(parse(data, format=RdfFormat.TRIG, base_iri=base)))
    forms.add_literals(_literals(update, prologue, base))
    return forms


def operations(update: str) -> Iterator[Operation]:
    """The operations with their prologues, as semicolons outside of braces part them."""
    operation, depth, start = Operation(), 0, 0
    for kind, text, place in tokens(update):
        if text == "{" and kind == "open":
            start = start if depth else place
            depth += 1
        elif text == "}" and kind == "close":
            depth -= 1
            if depth == 0:
                operation.groups.append((start, place + 1))
        elif depth == 0 and text == ";":
            operation.end = place
            yield operation
            operation = Operation()
        elif depth == 0:
            operation.words.append((kind, text, place))
    operation.end = len(update)
    yield operation


def _prologue(operation: Operation) -> str:
    """PREFIX and BASE of an operation, which hold for those after it as well."""
    lines = []
    words = operation.words
    for index, (kind, text, _) in enumerate(words):
        keyword = text.upper() if kind == "word" else ""
        length = {"PREFIX": 3, "BASE": 2}.get(keyword)
        if length:
            lines.append(" ".join(part for _, part, _ in words[index : index + length]))
    return "".join(f"{line}\n" for line in lines)


def _as_trig(data: str) -> str:
    """Quad data as TriG, which wants a full stop before each GRAPH and at the end."""
    pieces: list[str] = []
    place, depth, before = 0, 0, "}"
    for kind, text, at in tokens(data):
        depth += (kind == "open" and text == "{") - (kind == "close" and text == "}")
        if depth == 0 and kind == "word" and text.upper() == "GRAPH" and before not in ".}":
            pieces += [data[place:at], " . "]
            place = at
        before = text
    return "".join([*pieces, data[place:], "" if before in ".}" else " ."])


def _literals(update: str, prologue: str, base: str) -> Iterator[Literal]:
    """The literals with a datatype or a language that the text writes anywhere."""
    written = list(dict.fromkeys(_written(update)))
    for literal in written:
        with contextlib.suppress(SyntaxError, ValueError):
            text = f"{prologue}{_X} {_X} {literal} ."
            for quad in parse(text, format=RdfFormat.TURTLE, base_iri=base):
                yield from _literal(quad)


def _written(update: str) -> Iterator[str]:
    string, sign = "", ""
    for kind, text, _ in tokens(update):
        if kind == "number":
            yield text
        elif string and kind == "language":
            yield string + text
        elif sign and kind in {"iri", "name"}:
            yield f"{string}^^{text}"
        string, sign = (string if text == "^^" else ""), (text if text == "^^" else "")
        if kind == "string":
            string = text


def _literal(quad: Quad) -> Iterator[Literal]:
    if isinstance(quad.object, Literal):
        yield quad.object
