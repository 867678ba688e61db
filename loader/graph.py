"""Small RDF for those who walk it: rdflib's graphs, with every literal as it was written."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, Triple, parse
from pyoxigraph import Literal as Written
from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.term import IdentifiedNode, Node

from loader.term import XSD_STRING

NAME = "urn:blank:"


def read(*paths: Path) -> Graph:
    """The graph in files; their endings name the format. Raises SyntaxError."""
    return of(q for path in paths for q in parse(path=path, base_iri=path.absolute().as_uri()))


def of(quads: Iterable[Quad]) -> Graph:
    """Statements of all graphs as one; rdflib's own parsers would rewrite literals."""
    graph = Graph()
    node = cache(_node)  # making an address of rdflib's takes longer than finding it
    for quad in quads:
        thing = quad.object
        term = _literal(thing) if isinstance(thing, Written) else node(thing)
        graph.add((node(quad.subject), node(quad.predicate), term))
    return graph


def named(graph: Graph, keep: Node) -> Graph:
    """The graph with an address for each blank node, `NAME` and its label.

    Lists, and what hangs on the predicate `keep`, stay as they are.
    """
    kept = set(graph.subjects(RDF.first))
    for start in graph.objects(None, keep):
        kept |= set(graph.cbd(start).all_nodes())
    names = {
        node: URIRef(NAME + node)
        for node in graph.all_nodes()
        if isinstance(node, BNode) and node not in kept
    }
    renamed = Graph()
    for subject, predicate, thing in graph:
        renamed.add((_renamed(subject, names), predicate, _renamed(thing, names)))
    return renamed


def _renamed(node: Node, names: dict[BNode, URIRef]) -> Node:
    return names.get(node, node) if isinstance(node, BNode) else node


def _literal(term: Written) -> Literal:
    if term.language:
        return Literal(term.value, lang=term.language, normalize=False)
    datatype = term.datatype.value
    kind = None if datatype == XSD_STRING else URIRef(datatype)
    return Literal(term.value, datatype=kind, normalize=False)


def _node(term: NamedNode | BlankNode | Triple) -> IdentifiedNode:
    match term:
        case NamedNode():
            return URIRef(term.value)
        case BlankNode():
            return BNode(term.value)
    raise TypeError(term)
