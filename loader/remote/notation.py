"""N-Triples as stores write them, brought to the one form of our masters.

Nothing here gives a literal a value, so that `"1.50"` and `"1.5"` stay two, and `de-AT` stays.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, Store

from loader.term import XSD_STRING, iri, literal, unescaped

_IRI, _LABEL = r"<[^>]*>", r"_:[^\s<\"]+"
_LITERAL = r'"(?P<text>(?:[^"\\]|\\.)*)"(?:\^\^(?P<kind><[^>]*>)|@(?P<tag>[A-Za-z0-9-]+))?'
_LINE = re.compile(
    rf"\s*(?P<subject>{_IRI}|{_LABEL})\s*(?P<predicate>{_IRI})\s*"
    rf"(?:(?P<node>{_IRI}|{_LABEL})|{_LITERAL})\s*\.\s*",
    re.DOTALL,
)

_ODD = re.compile(rf"[\\\x00-\x1f\x7f]|  |\^\^{iri(XSD_STRING)}")  # what may be written otherwise


def lines(said: Iterable[bytes]) -> Iterator[str]:
    """Each statement as canonical N-Triples without a line feed. Raises ValueError."""
    for raw in said:
        line = raw.decode("utf-8").strip(" \t\r\n")
        if line and not line.startswith("#"):
            yield _canonical(line)


def settled(blanks: list[str]) -> list[str]:
    """Statements with blank nodes, in a form that no longer depends on labels.

    RDFC-1.0 names the nodes over the literals' values, which all stores keep; each literal stands
    once more, to the letter, with a number for the node.
    """
    store = Store()
    store.load("\n".join(blanks), format=RdfFormat.N_TRIPLES)
    dataset = Dataset(store)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    said = sorted(line.split(" ", 2)[1:] for line in blanks if '"' in line)
    numbers: Counter[tuple[str, str]] = Counter()
    letters = []
    for predicate, term in said:
        key = (predicate, value(term[: -len(" .")]))
        numbers[key] += 1
        letters.append(f"_:node{numbers[key]} {predicate} {term}")
    return [f"{quad.triple} ." for quad in dataset] + letters


@lru_cache(maxsize=10_000)
def value(term: str) -> str:
    """The literal that stands for all literals of the same value and of related datatypes.

    What is no literal stands for itself.
    """
    store = Store()
    store.load(f"<urn:a> <urn:a> {term} .", format=RdfFormat.N_TRIPLES)
    return next(str(quad.object) for quad in store)


def _canonical(line: str) -> str:
    if line.startswith(("<", "_:")) and line.endswith(" .") and not _ODD.search(line):
        return line  # as nearly all are; three times as fast
    found = _LINE.fullmatch(line)
    if not found:
        raise ValueError(line[:200])
    terms = [_node(found["subject"]), _node(found["predicate"])]
    if found["node"]:
        terms.append(_node(found["node"]))
    else:
        kind = _node(found["kind"])[1:-1] if found["kind"] else XSD_STRING
        terms.append(literal(unescaped(found["text"]), kind, found["tag"] or "und"))
    return " ".join([*terms, "."])


def _node(term: str) -> str:
    return iri(unescaped(term[1:-1])) if term.startswith("<") else term
