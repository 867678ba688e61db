"""The neighbourhood of a delivery: what the live release says of the things that it refers to.

Without it every reference to a municipality or to a known project would seem to lead nowhere.
"""

import re
from collections.abc import Iterable

from pyoxigraph import NamedNode, Store

_REFERENCE = re.compile(r"<(https://w3id\.org/stadtwissen/[^>]*)> \.$")
_TYPED = re.compile(r"^<([^>]*)> <http://www\.w3\.org/1999/02/22-rdf-syntax-ns#type> ")
_STEPS = 2


def subjects(lines: Iterable[str]) -> set[str]:
    """The addresses of the things that the statements describe: they say what kind each is.

    A municipality that merely gets an inverse statement is not described by it.
    """
    return {match[1] for line in lines if (match := _TYPED.match(line))}


def around(lines: Iterable[str], store: Store) -> list[str]:
    """N-Triples lines on whatever the statements refer to and do not describe, two steps far."""
    wanted = {match[1] for line in lines if (match := _REFERENCE.search(line))}
    seen = subjects(lines)
    found: dict[str, None] = {}
    for _ in range(_STEPS):
        fresh = wanted - seen
        seen |= fresh
        wanted = set()
        for address in sorted(fresh):
            for quad in store.quads_for_pattern(NamedNode(address), None, None):
                found[f"{quad.triple} ."] = None
                if isinstance(quad.object, NamedNode):
                    wanted.add(quad.object.value)
    return list(found)
