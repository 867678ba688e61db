"""What a constraint's query can reach, and whether it means the same for all targets at once.

A constraint is defined for one `$this` at a time, with the value put in the place of the variable.
Asking once and joining with the targets gives the same solutions as long as every expression that
names `$this` stands in a group that binds it. Whatever is not read here is left to the reference.
Source: *Shapes Constraint Language*, section 5.3 and appendix A (pre-binding).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from loader.queries.token import tokens
from loader.term import RDF_TYPE

_CALLING, _JOINING = ("FILTER", "BIND"), ("UNION", "OPTIONAL")
_CLAUSES = (*_CALLING, *_JOINING)
_TERMS = ("variable", "iri", "name", "string", "number")


class Unproven(Exception):
    """The query holds something whose meaning, asked once for all targets, is not proven."""


@dataclass(slots=True)
class Reach:
    """The predicates, and the classes after `rdf:type`, that a query can touch; None: any.

    `begins_with_this`: the query's first pattern finds every `$this` that can be in its answer.
    """

    predicates: set[str] | None = field(default_factory=set)
    classes: set[str] | None = field(default_factory=set)
    begins_with_this: bool = False

    def add(self, other: "Reach") -> None:
        """Widens this by another."""
        self.predicates = _union(self.predicates, other.predicates)
        self.classes = _union(self.classes, other.classes)


def _union(one: set[str] | None, other: set[str] | None) -> set[str] | None:
    return None if one is None or other is None else one | other


def of(group: str, prefixes: Mapping[str, str]) -> Reach:
    """The reach of a query's outermost group, from brace to brace. Raises Unproven."""
    walk = _Walk(list(_marked(group)), prefixes)
    walk.take("{")
    if walk.peek() not in ("{", "}") and walk.peek().upper() not in _CLAUSES:
        first = walk.triples()
        walk.reach.begins_with_this = "this" in first and not walk.is_empty
    walk.group(outermost=True)
    return walk.reach


def _marked(text: str) -> Iterator[tuple[str, str]]:
    """Kind and text of each sign; a full stop never ends a name or a number."""
    for kind, sign, _ in tokens(text):
        if kind in ("name", "number") and sign.endswith("."):
            yield kind, sign.rstrip(".")
            yield "other", "."
        else:
            yield kind, sign


@dataclass(slots=True)
class _Walk:
    tokens: list[tuple[str, str]]
    prefixes: Mapping[str, str]
    reach: Reach = field(default_factory=Reach)
    at: int = 0
    is_empty: bool = False  # a path of no steps fits, which finds every node there is

    def group(self, *, outermost: bool) -> set[str]:
        """Reads to the closing brace; returns the variables of the group and all within it."""
        bound: set[str] = set()
        used: set[str] = set()
        inner: set[str] = set()
        while (sign := self.peek()) != "}":
            word = sign.upper()
            if sign == "{":
                self.take()
                inner |= self.group(outermost=False)
            elif word in _CALLING:
                self.take()
                used |= self.expression()
            elif word in _JOINING or sign == ".":
                self.take()
            else:
                bound |= self.triples()
        self.take()
        if not outermost and "this" in used - bound:
            raise Unproven
        return bound | used | inner

    def expression(self) -> set[str]:
        """Reads one bracketed expression, call or EXISTS; returns its variables."""
        used: set[str] = set()
        depth = 0
        while True:
            kind, sign = self.take()
            if sign == "{":
                used |= self.group(outermost=True)  # each solution's values are put into it
            elif kind == "variable":
                used.add(sign[1:])
            depth += (sign == "(") - (sign == ")")
            if depth == 0 and sign in ("{", ")"):
                return used

    def triples(self) -> set[str]:
        """Reads the statements about one subject; returns their variables."""
        subject = self.term()
        found = self.names(subject)
        while True:
            verb = self.verb(subject)
            while True:
                thing = self.term()
                found |= self.names(verb) | self.names(thing)
                self.touch(verb, thing)
                if self.peek() != ",":
                    break
                self.take()
            while (more := self.peek()) == ";":
                self.take()
            if self.tokens[self.at - 1][1] != ";" or more in (".", "}"):
                return found

    def term(self) -> str:
        """Reads a variable, an address or a literal: `?x`, `<…>`, or an empty text."""
        kind, sign = self.take()
        if kind not in _TERMS and sign not in ("true", "false"):
            raise Unproven
        if kind == "string":
            if self.tokens[self.at][0] == "language":
                self.take()
            elif self.peek() == "^^":
                self.take()
                self.take()
        if kind == "variable":
            return "?" + sign[1:]
        return f"<{self.address(kind, sign)}>" if kind in ("iri", "name") else ""

    def verb(self, subject: str) -> str:
        """Reads a predicate or a path; returns the variable or address, or nothing for a path."""
        start = self.at
        kind, sign = self.tokens[start]
        if kind == "variable":
            self.take()
            self.reach.predicates = self.reach.classes = None
            return "?" + sign[1:]
        empty = self.path()
        self.is_empty |= empty
        if empty and subject.startswith("?") and subject != "?this":
            raise Unproven  # would begin at every node of the graph
        if self.at == start + 1:
            return f"<{self.address(kind, sign)}>"
        if self.reach.predicates and RDF_TYPE in self.reach.predicates:
            self.reach.classes = None
        return ""

    def path(self) -> bool:
        """Reads alternatives of sequences; returns whether nothing at all would fit, too."""
        empty = False
        while True:
            sequence = True
            while True:
                sequence &= self.step()
                if self.peek() != "/":
                    break
                self.take()
            empty |= sequence
            if self.peek() != "|":
                return empty
            self.take()

    def step(self) -> bool:
        if self.peek() == "^":
            self.take()
        kind, sign = self.take()
        empty = False
        if sign == "(":
            empty = self.path()
            self.take(")")
        elif kind in ("iri", "name") or sign == "a":
            if self.reach.predicates is not None:
                self.reach.predicates.add(self.address(kind, sign))
        else:
            raise Unproven  # negated paths, and what is no path
        while self.peek() in ("*", "+", "?"):
            empty |= self.take()[1] != "+"
        return empty

    def touch(self, verb: str, thing: str) -> None:
        """Notes the class, if the statement names one."""
        if verb == f"<{RDF_TYPE}>":
            named = thing.startswith("<")
            self.reach.classes = _union(self.reach.classes, {thing[1:-1]} if named else None)

    def names(self, term: str) -> set[str]:
        return {term[1:]} if term.startswith("?") else set()

    def address(self, kind: str, sign: str) -> str:
        if sign == "a":
            return RDF_TYPE
        if kind == "iri":
            return sign[1:-1]
        prefix, _, local = sign.partition(":")
        if prefix not in self.prefixes or "\\" in local or "%" in local:
            raise Unproven
        return self.prefixes[prefix] + local

    def peek(self) -> str:
        """The next sign's text. Raises Unproven at the end."""
        if self.at >= len(self.tokens):
            raise Unproven
        return self.tokens[self.at][1]

    def take(self, expected: str | None = None) -> tuple[str, str]:
        """The next sign. Raises Unproven when there is none or it is another."""
        if self.at >= len(self.tokens) or expected not in (None, self.tokens[self.at][1]):
            raise Unproven
        self.at += 1
        return self.tokens[self.at - 1]
