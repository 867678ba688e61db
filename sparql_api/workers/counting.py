"""Questions for counts: the one form of query whose answer was counted when the release was made.

`SELECT … COUNT(…) { pattern } GROUP BY …` over one pattern, or two of the same subject.
"""

from dataclasses import dataclass, field

from loader.queries.token import tokens
from loader.releases.statistics import RDF_TYPE

_GROUP = "GROUP"


class Doubt(Exception):
    """The query may be more than a question for counts."""


@dataclass(frozen=True, slots=True)
class Item:
    """A column: a variable, or a count of rows (`of` empty) or of a variable."""

    name: str
    counts: bool = False
    of: str = ""
    distinct: bool = False


@dataclass(slots=True)
class Counting:
    """A query as far as it is understood; addresses are full, variables begin with `?`."""

    items: list[Item] = field(default_factory=list)
    distinct: bool = False
    graph: str = ""
    triples: list[tuple[str, str, str]] = field(default_factory=list)
    by: str = ""
    rest: str = ""


def read(text: str) -> Counting:
    """The query as far as it is understood. Raises Doubt for every other form."""
    return _Reader(text).read()


@dataclass(slots=True)
class _Reader:
    """Reads the one form of query that is understood. Raises Doubt for every other."""

    text: str
    _tokens: list[tuple[str, str, int]] = field(init=False)
    _place: int = 0
    _prefixes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._tokens = [*tokens(self.text), ("end", "", len(self.text))]

    def read(self) -> Counting:
        counting = Counting()
        while self._is("PREFIX"):
            name, address = self._next("name"), self._next("iri")
            self._prefixes[name] = address[1:-1]
        self._must("SELECT")
        counting.distinct = self._is("DISTINCT")
        while self._peek()[0] == "variable" or self._peek()[1] == "(":
            counting.items.append(self._item())
        self._is("WHERE")
        self._must("{")
        self._pattern(counting)
        self._must("}")
        self._modifiers(counting)
        _check(counting)
        return counting

    def _item(self) -> Item:
        if not self._is("("):
            return Item(self._variable())
        self._must("COUNT")
        self._must("(")
        distinct = self._is("DISTINCT")
        of = "" if self._is("*") else self._variable()
        self._must(")")
        self._must("AS")
        item = Item(self._variable(), counts=True, of=of, distinct=distinct)
        self._must(")")
        if distinct and not of:
            raise Doubt
        return item

    def _pattern(self, counting: Counting) -> None:
        if self._is("GRAPH"):
            counting.graph = self._term()
            self._must("{")
            self._triples(counting)
            self._must("}")
        else:
            self._triples(counting)

    def _triples(self, counting: Counting) -> None:
        """One or two statements with a variable as their subject."""
        subject = self._variable()
        while True:
            counting.triples.append((subject, self._verb(), self._term()))
            if len(counting.triples) > 2:
                raise Doubt
            if self._is(";"):
                continue
            if not self._is(".") or self._peek()[0] != "variable":
                return
            subject = self._variable()

    def _modifiers(self, counting: Counting) -> None:
        if self._is(_GROUP):
            self._must("BY")
            counting.by = self._variable()
        elif counting.distinct and len(counting.items) == 1:
            counting.by = counting.items[0].name  # each value once is a group without a count
        start = self._peek()[2]
        if self._peek()[1].upper() not in {"ORDER", "LIMIT", "OFFSET", ""}:
            raise Doubt
        words = {"ORDER", "BY", "ASC", "DESC", "LIMIT", "OFFSET"}
        while self._peek()[0] != "end":
            kind, text, _ = self._advance()
            known = kind in {"variable", "number"} or text in {"(", ")"} or text.upper() in words
            if not known:
                raise Doubt
        counting.rest = self.text[start:]

    def _verb(self) -> str:
        return RDF_TYPE if self._is("a", exactly=True) else self._term()

    def _term(self) -> str:
        kind, text, _ = self._advance()
        if kind == "variable":
            return "?" + text[1:]
        if kind == "iri" and ":" in text and "\\" not in text:
            return text[1:-1]
        prefix, colon, local = text.partition(":")
        plain = local.replace("-", "").replace("_", "").isalnum()
        if kind != "name" or not plain or prefix + colon not in self._prefixes:
            raise Doubt
        return self._prefixes[prefix + colon] + local

    def _variable(self) -> str:
        return "?" + self._next("variable")[1:]

    def _next(self, kind: str) -> str:
        found, text, _ = self._advance()
        if found != kind:
            raise Doubt
        return text

    def _must(self, text: str) -> None:
        if not self._is(text):
            raise Doubt

    def _is(self, text: str, *, exactly: bool = False) -> bool:
        found = self._peek()[1]
        if found == text or (not exactly and found.upper() == text):
            self._place += 1
            return True
        return False

    def _peek(self) -> tuple[str, str, int]:
        return self._tokens[self._place]

    def _advance(self) -> tuple[str, str, int]:
        token = self._tokens[self._place]
        if token[0] == "end":
            raise Doubt
        self._place += 1
        return token


def _check(counting: Counting) -> None:
    """Names that the query makes up must not be those of its pattern, and each must be its own."""
    inner = {name for triple in counting.triples for name in triple}
    pattern = inner | {counting.graph}
    names = [item.name for item in counting.items]
    made = [item.name for item in counting.items if item.counts]
    counted = [item.of for item in counting.items if item.of]
    if not names or len(set(names)) < len(names) or pattern & set(made) or counting.graph in inner:
        raise Doubt
    if not {*counted, *([counting.by] if counting.by else [])} <= pattern:
        raise Doubt
