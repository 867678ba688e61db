"""Descriptions: all that a release says of one thing, literals to the letter.

The statements come from the release's masters, since the store rewrites literals.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from loader.dumps.graph import mark, marked, masters
from loader.releases import master
from loader.releases.release import Release
from sparql_api.dispatch.delivery import Job
from sparql_api.dispatch.generation import Generation
from sparql_api.dispatch.pool import Pool
from sparql_api.endpoint import result
from sparql_api.wording import FOAF, OWL, RDF, SKOS
from sparql_api.workers.wire import Question

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
    list. `lines` is all of it as canonical N-Quads, each once, in a settled order: the thing's own
    first, the rest by graph. Quads have all language tags in small letters, lines as delivered.
    """

    iri: str
    own: list[Quad]
    records: list[Quad] = field(default_factory=list)
    parts: list[Quad] = field(default_factory=list)
    incoming: list[Quad] = field(default_factory=list)
    page: int = 1
    more: bool = False
    lines: list[str] = field(default_factory=list)


def statements(release: Release, iri: str) -> list[Quad]:
    """The release's own statements about a thing, with the blank nodes they lead to."""
    return list(_parse(own_lines(release, iri)))


def own_lines(release: Release, iri: str) -> list[str]:
    """The same as canonical N-Quads; a blank node gets its graph's mark, for labels repeat."""
    lines: list[str] = []
    for graph, path in masters(release).items():
        found = list(master.statements(path, iri))
        found += _behind(path, found)
        lines += _marked(found, graph)
    return lines


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
    said = await asyncio.to_thread(own_lines, release, iri)
    if not said:
        return None
    own = list(_parse(said))
    around: dict[str, list[list[str]]] = {"incoming": [], "record": [], "part": []}
    for role, *terms in await _around(pool, generation, iri, (page - 1) * INCOMING_LIMIT):
        around[role].append(terms)
    pointing = around["incoming"][:INCOMING_LIMIT]
    incoming = [Quad(_node(s), _node(p), NamedNode(iri), _node(g)) for s, p, g in pointing]
    more = len(around["incoming"]) > INCOMING_LIMIT
    whole = any(_is_type(quad, _WHOLES) for quad in own)
    near = [sorted(s for s, *_ in around[role]) for role in ("record", "part")]
    records, parts = await asyncio.to_thread(
        lambda: (_all_lines(release, near[0]), _all_lines(release, near[1] * whole))
    )
    rest = {*records, *parts, *(f"{quad} ." for quad in incoming)} - set(said)
    return Description(
        iri,
        own,
        list(_parse(records)),
        list(_parse(parts)),
        sorted(incoming, key=str),
        page,
        more,
        [*said, *sorted(rest, key=_by_graph)],
    )


async def whole_graph(release: Release, iri: str) -> list[str]:
    """Every line of one named graph; for the vocabularies, whose address is their graph's."""
    path = release.path / release.manifest["graphs"][iri]["file"]
    text = await asyncio.to_thread(path.read_text, "utf-8")
    return _marked(text.rstrip("\n").split("\n"), iri)


def _all_lines(release: Release, iris: list[str]) -> list[str]:
    return [line for iri in iris for line in own_lines(release, iri)]


def _marked(lines: list[str], graph: str) -> list[str]:
    label = f"_:{mark(graph)}".encode()
    return [marked(x.encode(), label).decode() if "_:" in x else x for x in lines]


def _by_graph(line: str) -> tuple[str, str]:
    return line.rsplit(" ", 2)[1], line


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


def _behind(path: Path, found: list[str]) -> Iterator[str]:
    """What is said of the blank nodes in the lines; only small masters have any."""
    wanted = set(_objects(found))
    if not wanted:
        return
    lines = [line for line in path.read_text("utf-8").splitlines() if line.startswith("_:")]
    said = {node: [x for x in lines if x.startswith(node + " ")] for node in _nodes(lines)}
    seen: set[str] = set()
    while wanted - seen:
        node = sorted(wanted - seen)[0]
        seen.add(node)
        yield from said.get(node, [])
        wanted.update(_objects(said.get(node, [])))


def _objects(lines: Iterable[str]) -> Iterator[str]:
    """The blank nodes that lines have as their objects."""
    for line in lines:
        term = line.split(" ", 3)[2]
        if term.startswith("_:"):
            yield term


def _nodes(lines: Iterable[str]) -> set[str]:
    return {line.partition(" ")[0] for line in lines}


def _parse(lines: Iterable[str]) -> Iterator[Quad]:
    return parse("\n".join(lines), format=RdfFormat.N_QUADS)


def _is_type(quad: Quad, types: frozenset[str]) -> bool:
    value = quad.object.value if isinstance(quad.object, NamedNode) else ""
    return quad.predicate.value == RDF + "type" and value in types


def _node(iri: str) -> NamedNode:
    return NamedNode(iri)
