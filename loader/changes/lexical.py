"""Lexical forms: how a statement was written, beside what a store makes of it (`1.50`, `1.5`)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize


def said(quads: Iterable[Quad | Triple]) -> list[str]:
    """Statements as N-Triples lines without their graphs, written as a store's dump writes them."""
    triples = (quad.triple if isinstance(quad, Quad) else quad for quad in quads)
    text = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    return text.decode().rstrip("\n").split("\n") if text else []


def rewritten(quads: Sequence[Quad]) -> list[Triple]:
    """Each statement as it comes back out of a store: only objects change."""
    store = Store()
    store.extend(
        Quad(NamedNode(f"urn:{i}"), quad.predicate, quad.object) for i, quad in enumerate(quads)
    )
    objects = {quad.subject.value: quad.object for quad in store}
    return [Triple(q.subject, q.predicate, objects[f"urn:{i}"]) for i, q in enumerate(quads)]


@dataclass(slots=True)
class LexicalForms:
    """The forms that are known, by the N-Triples line or the literal that a store has instead.

    What was written in two ways for the same literal is known of statements only.
    """

    statements: dict[str, str] = field(default_factory=dict)
    literals: dict[str, str] = field(default_factory=dict)

    def add(self, quads: Sequence[Quad], written: Iterable[str]) -> None:
        """Learns statements and their lines as written; of two spellings the last one counts."""
        self.statements |= dict(zip(said(rewritten(quads)), written, strict=True))

    def add_literals(self, literals: Iterable[tuple[Literal, str]]) -> None:
        """Learns literals that a text wrote somewhere, each with its own spelling."""
        distinct = list(dict.fromkeys(literals))
        subject = predicate = NamedNode("urn:x")
        quads = [Quad(subject, predicate, literal) for literal, _ in distinct]
        found: dict[str, set[str]] = {}
        for (_, written), triple in zip(distinct, rewritten(quads), strict=True):
            found.setdefault(str(triple.object), set()).add(written)
        unsettled = {normal for normal, ways in found.items() if len(ways) > 1}
        self.literals |= {n: ways.pop() for n, ways in found.items() if n not in unsettled}

    def of(self, line: str) -> str:
        """The line of a store as it was written, as far as that is known."""
        if line in self.statements:
            return self.statements[line]
        subject, predicate, rest = line.split(" ", 2)
        literal = rest.removesuffix(" .")
        return f"{subject} {predicate} {self.literals.get(literal, literal)} ."
