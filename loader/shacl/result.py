"""Results: what an engine says of one node, before anybody knows which cell it came from."""

from typing import NamedTuple


class Result(NamedTuple):
    """One SHACL result; terms are addresses or plain texts, a longer path is one of SPARQL.

    `shape` is the rule: the constraint where it has an address, otherwise the shape.
    """

    shape: str
    severity: str | None
    focus: str
    path: str | None
    value: str | None
    component: str = ""

    @property
    def predicate(self) -> str | None:
        """The path's address where it is a single predicate."""
        return None if self.path is None or self.path.startswith(("(", "^")) else self.path
