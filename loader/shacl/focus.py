"""Focus: SHACL Core asked about some things alone, whatever else stands beside them.

Rules aim at classes, and the engine judges all that there is of them. So the classes that they aim
at get names of their own here, and only the things to be judged are said to be of those.
"""

from collections.abc import Iterable, Iterator, Mapping, Set

from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef

from loader.shacl import target
from loader.term import RDF_TYPE, iri

_MARK = "urn:judged:"


def aimed(shapes: Graph) -> Graph:
    """The shapes, with marked classes as their targets in place of the classes."""
    marked = Graph() + shapes
    for shape in target.roots(shapes):
        marked.remove((shape, SH.targetClass, None))
        for kind in (RDFS.Class, OWL.Class):
            marked.remove((shape, RDF.type, kind))
        for aim in target.read(shapes, shape).classes:
            marked.add((shape, SH.targetClass, URIRef(_MARK + aim[1:-1])))
    return marked


def marks(kinds: Mapping[str, Set[str]], below: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The N-Triples lines that say of which marked classes things are.

    `kinds`: the things by their classes, these in angle brackets; `below`: a class and the one
    above it.
    """
    for kind, things in kinds.items():
        mark = iri(_MARK + kind[1:-1])
        for thing in things:
            yield f"{iri(thing)} {iri(RDF_TYPE)} {mark} ."
    for lower, upper in below:
        yield f"{iri(_MARK + lower)} {iri(str(RDFS.subClassOf))} {iri(_MARK + upper)} ."
