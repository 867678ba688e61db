"""Descriptions: all that a release says of one thing, literals to the letter.

The statements come from the release's masters, since the store rewrites literals.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from loader import master
from loader.release import Release
from sparql_api import result
from sparql_api.delivery import Job
from sparql_api.generation import Generation
from sparql_api.pool import Pool
from sparql_api.wire import Question
from sparql_api.wording import FOAF, OWL, RDF, SKOS

INCOMING_LIMIT = 100
_TOPIC = FOAF + "primaryTopic"
_WHOLES = frozenset([OWL + "Ontology", SKOS + "ConceptScheme"])
_RECORDS_LIMIT = 100
# One query for all: what points to the thing (a page of it, in the store's own order, for sorting
# tens of thousands takes seconds), its records, and what belongs to it as a whole.
_AROUND = """
SELECT ?thing ?role ?s ?p ?g WHERE {{
  {{ SELECT ?thing ?s ?p ?g ("incoming" AS ?role) WHERE {{
       GRAPH ?g {{ ?s ?p ?thing }} FILTER(isIRI(?s) && ?p != <{topic}>)
     }} LIMIT {limit} OFFSET {offset} }}
  UNION
  {{ SELECT ?thing ?s ("record" AS ?role) WHERE {{ ?s <{topic}> ?thing }} LIMIT {records} }}
  UNION
  {{ SELECT DISTINCT ?thing ?s ("part" AS ?role) WHERE {{
       ?s <http://www.w3.org/2000/01/rdf-schema#isDefinedBy>|<{skos}inScheme> ?thing
       FILTER(isIRI(?s))
     }} }}
}}
"""


@dataclass(frozen=True, slots=True)
class Description:
    """A thing with its own statements, its records, its parts, and what points to it.

    Of what points to it these are at most INCOMING_LIMIT statements, those of the `page` (from 1);
    `more` is true when others follow. Parts are the terms of a vocabulary or the concepts of a
    list.
    """

    iri: str
    own: list[Quad]
    records: list[Quad] = field(default_factory=list)
    parts: list[Quad] = field(default_factory=list)
    incoming: list[Quad] = field(default_factory=list)
    page: int = 1
    more: bool = False

    @property
    def quads(self) -> list[Quad]:
        """All of it, each statement once, in a settled order."""
        rest = sorted({*self.records, *self.parts, *self.incoming} - set(self.own), key=str)
        return [*self.own, *rest]


def statements(release: Release, iri: str) -> list[Quad]:
    """The release's own statements about a thing, with the blank nodes they lead to."""
    quads: list[Quad] = []
    for path in release.masters:
        found = list(_parse(master.statements(path, iri)))
        quads += found
        quads += _behind(path, found)
    return quads


def label(quads: Iterable[Quad], language: str) -> str:
    """The best label among statements about one thing; empty where it has none."""
    best = (0, "")
    for quad in quads:
        names = ("rdf-schema#label", "skos/core#prefLabel", "dc/terms/title")
        if not quad.predicate.value.endswith(names) or isinstance(quad.object, NamedNode):
            continue
        tongue = getattr(quad.object, "language", None)
        rank = 3 if tongue == language else 2 if not tongue else 1
        text = str(getattr(quad.object, "value", ""))
        if rank > best[0]:
            best = (rank, text)
    return best[1]


async def describe(
    pool: Pool, generation: Generation, iri: str, page: int = 1
) -> Description | None:
    """All that the generation's release says of a thing; None if it is no subject there."""
    release = generation.release
    own = await asyncio.to_thread(statements, release, iri)
    if not own:
        return None
    around: dict[str, list[list[str]]] = {"incoming": [], "record": [], "part": []}
    for role, *terms in await _around(pool, generation, iri, (page - 1) * INCOMING_LIMIT):
        around[role].append(terms)
    pointing = around["incoming"][:INCOMING_LIMIT]
    incoming = [Quad(_node(s), _node(p), NamedNode(iri), _node(g)) for s, p, g in pointing]
    more = len(around["incoming"]) > INCOMING_LIMIT
    whole = any(_is_type(quad, _WHOLES) for quad in own)
    near = [sorted(s for s, *_ in around[role]) for role in ("record", "part")]
    records, parts = await asyncio.to_thread(
        lambda: (_all_statements(release, near[0]), _all_statements(release, near[1] * whole))
    )
    return Description(iri, own, records, parts, sorted(incoming, key=str), page, more)


async def whole_graph(release: Release, iri: str) -> list[Quad]:
    """Every statement of one named graph; for the vocabularies, whose address is their graph's."""
    path = release.path / release.manifest["graphs"][iri]["file"]
    lines = (await asyncio.to_thread(path.read_text, "utf-8")).splitlines()
    return list(_parse(lines))


def _all_statements(release: Release, iris: list[str]) -> list[Quad]:
    return [quad for iri in iris for quad in statements(release, iri)]


async def _around(pool: Pool, generation: Generation, iri: str, offset: int) -> list[list[str]]:
    """Rows of role, subject and, for what points to the thing, predicate and graph."""
    limits = pool.limits()
    question = Question(
        text=_AROUND.format(
            topic=_TOPIC,
            skos=SKOS,
            limit=INCOMING_LIMIT + 1,
            offset=offset,
            records=_RECORDS_LIMIT,
        ),
        format="rows",
        seconds=limits.total,
        row_limit=100_000,
        bindings=(("thing", iri),),
    )
    table = await result.rows(Job(pool, generation, question, limits, lane="house"))
    return [[term["value"] for term in row[1:] if term] for row in table["rows"]]


def _behind(path: Path, quads: list[Quad]) -> Iterator[Quad]:
    """What is said of the blank nodes in the statements; only small masters have any."""
    wanted = {str(q.object) for q in quads if isinstance(q.object, BlankNode)}
    if not wanted:
        return
    lines = [line for line in path.read_text("utf-8").splitlines() if line.startswith("_:")]
    said = {node: [x for x in lines if x.startswith(node + " ")] for node in _nodes(lines)}
    seen: set[str] = set()
    while wanted - seen:
        node = sorted(wanted - seen)[0]
        seen.add(node)
        for quad in _parse(said.get(node, [])):
            yield quad
            if isinstance(quad.object, BlankNode):
                wanted.add(str(quad.object))


def _nodes(lines: Iterable[str]) -> set[str]:
    return {line.partition(" ")[0] for line in lines}


def _parse(lines: Iterable[str]) -> Iterator[Quad]:
    return parse("\n".join(lines), format=RdfFormat.N_QUADS)


def _is_type(quad: Quad, types: frozenset[str]) -> bool:
    value = quad.object.value if isinstance(quad.object, NamedNode) else ""
    return quad.predicate.value == RDF + "type" and value in types


def _node(iri: str) -> NamedNode:
    return NamedNode(iri)
