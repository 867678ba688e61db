"""Signposts: the links by which programs find their way from a document to what belongs to it.

Source: *Signposting* (signposting.org, FAIR profile), RFC 8288 for the header `Link`.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote

from pyoxigraph import NamedNode, Quad

from loader.releases.release import Release
from sparql_api.linked_data.description import Description, statements
from sparql_api.linked_data.schema_org import kind
from sparql_api.negotiation import GRAPHS, HTML, Choice
from sparql_api.wording import DCT

_SAFE = ":/#?&=%+,;@!$'()*~[]"


def links(
    path: str, thing: Description, choice: Choice, licences: Iterable[str], query: str = ""
) -> str:
    """The header's value for a document at this path; `query` is what its address must keep."""
    return ", ".join(_links(path, thing, choice, licences, query))


def licences(release: Release, quads: Iterable[Quad]) -> list[str]:
    """The licences of the graphs that say something of a thing."""
    graphs = {q.graph_name.value for q in quads if isinstance(q.graph_name, NamedNode)}
    return sorted({licence for graph in graphs for licence in _of_graph(release, graph)})


@lru_cache(256)
def _of_graph(release: Release, graph: str) -> tuple[str, ...]:
    said = [quad for quad in statements(release, graph) if quad.predicate.value == DCT + "license"]
    return tuple(quad.object.value for quad in said if isinstance(quad.object, NamedNode))


def _links(
    path: str, thing: Description, choice: Choice, licences: Iterable[str], query: str
) -> Iterator[str]:
    about = quote(thing.iri, safe=_SAFE)
    kept = f"&{query}" if query else ""
    yield _link(about, "cite-as")
    yield _link(about, "describes")
    for offer in (*GRAPHS, HTML):
        if offer is not choice.format:
            yield _link(f"{path}?format={offer.name}{kept}", "alternate", offer.media[0])
    if choice.format is HTML:
        for offer in GRAPHS:
            yield _link(f"{path}?format={offer.name}{kept}", "describedby", offer.media[0])
        yield _link("https://schema.org/AboutPage", "type")
    yield _link(f"https://schema.org/{kind(thing.own)}", "type")
    for address in licences:
        yield _link(quote(address, safe=_SAFE), "license")
    if thing.page > 1:
        yield _link(f"{path}?seite={thing.page - 1}{kept}", "prev")
    if thing.more:
        yield _link(f"{path}?seite={thing.page + 1}{kept}", "next")


def _link(target: str, relation: str, media: str = "") -> str:
    return f'<{target}>; rel="{relation}"' + (f'; type="{media}"' if media else "")
