"""Statements: small graphs, indexed for reading by subject and by object."""

from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from loader.language import Language
from sparql_api.wording import RDF

Term = NamedNode | BlankNode | Literal
_REST = RDF + "rest"


class Statements:
    """Statements of a few thousand lines. Nodes are named by address, or by `_:` and a label."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._out: dict[str, dict[str, list[Term]]] = {}
        self._in: dict[tuple[str, str], list[str]] = {}
        for quad in quads:
            subject, predicate, value = _name(quad.subject), quad.predicate.value, quad.object
            self._out.setdefault(subject, {}).setdefault(predicate, []).append(value)  # type: ignore[arg-type]
            if not isinstance(value, Literal):
                self._in.setdefault((predicate, _name(value)), []).append(subject)

    def __contains__(self, node: str) -> bool:
        return node in self._out

    def nodes(self, subject: str, predicate: str) -> list[str]:
        """What the predicate leads to, literals left out, sorted."""
        values = self._out.get(subject, {}).get(predicate, [])
        return sorted({_name(value) for value in values if not isinstance(value, Literal)})

    def node(self, subject: str, predicate: str) -> str:
        """The first of `nodes`, or an empty text."""
        return next(iter(self.nodes(subject, predicate)), "")

    def subjects(self, predicate: str, node: str) -> list[str]:
        """Whatever leads to the node by the predicate, sorted."""
        return sorted(set(self._in.get((predicate, node), [])))

    def having(self, predicate: str, text: str) -> list[str]:
        """Whatever has the text as a value of the predicate, sorted."""
        return sorted(node for node in self._out if text in self.texts(node, predicate))

    def text(self, subject: str, predicate: str, language: Language = "de") -> str:
        """The literal in the language, else one without a language, else any; or an empty text."""
        literals = self._literals(subject, predicate)
        ranked = sorted(literals, key=lambda o: (o.language != language, bool(o.language), o.value))
        return ranked[0].value if ranked else ""

    def texts(self, subject: str, predicate: str) -> list[str]:
        """All literals, sorted."""
        return sorted(literal.value for literal in self._literals(subject, predicate))

    def items(self, head: str) -> list[str]:
        """The members of an RDF list."""
        found: list[str] = []
        while head in self._out and RDF + "first" in self._out[head]:
            found.append(self.node(head, RDF + "first"))
            head = self.node(head, _REST)
        return found

    def _literals(self, subject: str, predicate: str) -> list[Literal]:
        values = self._out.get(subject, {}).get(predicate, [])
        return [value for value in values if isinstance(value, Literal)]


def _name(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)
