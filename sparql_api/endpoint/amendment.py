"""Amendments: the text of a SPARQL Update, cut into its operations.

Only as far as the protocol and the spelling of literals ask for; what is wrong is the engine's to
say.
"""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from pyoxigraph import Literal, RdfFormat, parse

from loader.changes.casing import Casing
from loader.changes.lexical import LexicalForms, said
from loader.language import Text
from loader.queries.token import tokens
from sparql_api.errors import BadRequest

Token = tuple[str, str, int]
_X = "<urn:x>"
_PROLOGUE = {"PREFIX": 3, "BASE": 2}  # tokens
_NAMING = {"GRAPH", "WITH", "INTO", "TO", "COPY", "MOVE", "ADD", "CLEAR", "DROP", "CREATE"}
_BETWEEN = {"SILENT", "DEFAULT"}  # between such a word and a graph, or in place of a graph
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[^\\]*>")
_VISIBLE = re.compile(r"[^\r\n]")


@dataclass(slots=True)
class Operation:
    """One operation: its tokens outside of braces, and the place of each outermost brace pair.

    `end` is where the text goes on after it.
    """

    words: list[Token] = field(default_factory=list)
    groups: list[tuple[int, int]] = field(default_factory=list)
    end: int = 0

    @property
    def body(self) -> int:
        """Where the operation begins after its prologue; its end where it has nothing else."""
        words = iter(self.words)
        for kind, text, place in words:
            length = _PROLOGUE.get(text.upper(), 0) if kind == "word" else 0
            if not length:
                return place
            for _ in range(length - 1):
                next(words, None)
        return min((start for start, _ in self.groups), default=self.end)

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


def written(update: str) -> frozenset[str] | None:
    """The graphs that the update may write besides the unnamed one; None: it does not name all."""
    if "\\u" in update.lower():
        return None  # an escape may hide any word
    found: set[str] = set()
    is_named = False
    for kind, text, _ in tokens(update):
        word = text.upper() if kind == "word" else ""
        if is_named and kind == "iri" and _ABSOLUTE.fullmatch(text):
            found.add(text[1:-1])
        elif is_named and word not in _BETWEEN and word not in _NAMING:
            return None
        is_named = word in _NAMING or (is_named and word == "SILENT")
    return frozenset(found)


def steps(update: str) -> list[str]:
    """The update as texts to be run one after another; mostly it is one.

    Oxigraph takes PREFIX and BASE only at the beginning. Where they stand further on, each
    operation becomes a text of its own, in which those before it are blanks, so that lines and
    columns stay what they were.
    """
    found = list(operations(update))
    if not any(_prologue(operation) for operation in found[1:]):
        return [update]
    texts: list[str] = []
    before = ""
    place = 0
    for operation in found:
        if operation.body < operation.end:
            texts.append(before + update[place : operation.end])
        blanks = _VISIBLE.sub(" ", update[operation.body : operation.end + 1])
        before += update[place : operation.body] + blanks
        place = operation.end + 1
    return texts


def lexical_forms(update: str, base: str) -> LexicalForms:
    """How the update writes the statements and literals that it may add."""
    forms, casing = LexicalForms(), Casing.of(update.encode())
    prologue = ""
    for operation in operations(update):
        prologue += _prologue(operation)
        if operation.keywords[-2:] == ["INSERT", "DATA"] and operation.groups:
            start, end = operation.groups[-1]
            data = f"{prologue}\n{_as_trig(update[start + 1 : end - 1])}"
            with contextlib.suppress(SyntaxError, ValueError):
                read = partial(parse, format=RdfFormat.TRIG, base_iri=base)
                written = said(read(casing.sheltered(data.encode())))
                forms.add(list(read(data)), map(casing.restored, written))
    forms.add_literals(_literals(update, prologue, base, casing))
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
        if length := _PROLOGUE.get(keyword):
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


def _literals(
    update: str, prologue: str, base: str, casing: Casing
) -> Iterator[tuple[Literal, str]]:
    """The literals with a datatype or a language that the text writes anywhere, as it does."""
    for literal in dict.fromkeys(_written(update)):
        with contextlib.suppress(SyntaxError, ValueError):
            text = f"{prologue}{_X} {_X} {literal} ."
            found = _literal(text.encode(), base)
            marked = _literal(casing.sheltered(text.encode()), base)
            if found and marked:
                yield found, casing.restored(str(marked))


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


def _literal(text: bytes, base: str) -> Literal | None:
    """The object of a statement in Turtle."""
    for quad in parse(text, format=RdfFormat.TURTLE, base_iri=base):
        return quad.object if isinstance(quad.object, Literal) else None
    return None
