"""The address `/.well-known/void`: what the data consist of, in counts.

Source: *Describing Linked Datasets with the VoID Vocabulary*, W3C Note of 3 March 2011.
"""

import asyncio
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from pyoxigraph import BlankNode, Literal, NamedNode, Triple, serialize
from starlette.responses import Response

from loader.releases import statistics
from loader.releases.release import Release
from loader.releases.statistics import Statistics
from sparql_api import freshness, locality
from sparql_api.dispatch import pool as pools
from sparql_api.negotiation import GRAPHS, choose
from sparql_api.wording import DCT, FOAF, PREFIXES, RDF, RDFS
from sparql_api.workers.output import GRAPHS as WRITERS

router = APIRouter()

VOID = "http://rdfs.org/ns/void#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_CC_BY = "https://creativecommons.org/licenses/by/4.0/"
# What our counts are called there; `triples` of a class are its statements of type, which VoID
# does not count.
_TOTALS = {
    "triples": "triples",
    "subjects": "distinctSubjects",
    "properties": "properties",
    "objects": "distinctObjects",
}


@router.api_route("/.well-known/void", methods=["GET", "HEAD"])
async def void(request: Request) -> Response:
    """The description in a graph format, Turtle where the client has no preference."""
    generation = await pools.of(request).generation(request.query_params.get("release"))
    release = generation.release
    choice = choose(GRAPHS, request.headers.get("accept"), request.query_params.get("format"))
    headers = {
        "Vary": "Accept",
        "Cache-Control": "no-cache",
        "Stadtwissen-Release": release.id,
        "ETag": freshness.tag(request, release.id, choice, "void"),
    }
    if freshness.is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    counts = await asyncio.to_thread(statistics.read, release.path)
    triples = _triples(
        locality.origin(request), request.app.state.settings.base_iri, release, counts
    )
    body = serialize(
        triples, format=WRITERS[choice.format.name], prefixes={**PREFIXES, "void": VOID}
    )
    return Response(body, headers={"Content-Type": choice.content_type, **headers})


def _triples(
    origin: str, base: str, release: Release, counts: Statistics | None
) -> Iterator[Triple]:
    page, data = (
        NamedNode(f"{origin}/.well-known/void"),
        NamedNode(f"{origin}/.well-known/void#data"),
    )
    manifest = release.manifest
    yield Triple(page, _a(RDF + "type"), _void("DatasetDescription"))
    yield Triple(page, _a(FOAF + "primaryTopic"), data)
    yield Triple(data, _a(RDF + "type"), _void("Dataset"))
    yield Triple(data, _a(DCT + "title"), Literal("Stadtwissen", language="de"))
    yield Triple(data, _a(DCT + "identifier"), Literal(release.id))
    yield Triple(data, _a(DCT + "modified"), _typed(manifest["created"], "dateTime"))
    yield Triple(data, _a(DCT + "license"), NamedNode(_CC_BY))
    yield Triple(data, _a(DCT + "publisher"), NamedNode(f"{base}id/organisation/stadtwissen"))
    yield Triple(data, _a(RDFS + "seeAlso"), NamedNode(f"{origin}/catalog"))
    yield Triple(data, _void("sparqlEndpoint"), NamedNode(f"{origin}/sparql"))
    yield Triple(data, _void("uriSpace"), Literal(base))
    yield Triple(data, _void("vocabulary"), NamedNode(f"{base}ontology/"))
    for name, facts in manifest["graphs"].items():
        yield Triple(data, _void("subset"), NamedNode(name))
        yield Triple(NamedNode(name), _a(RDF + "type"), _void("Dataset"))
        totals = counts["graphs"].get(name) if counts else None
        yield from _totals(NamedNode(name), totals or {"triples": facts["triples"]})
    yield from _totals(data, counts["whole"] if counts else {"triples": manifest["triples"]})
    if counts:
        yield from _partitions(data, counts)


def _partitions(data: NamedNode, counts: Statistics) -> Iterator[Triple]:
    named = {kind: row for kind, row in counts["classes"].items() if not kind.startswith("_:")}
    yield Triple(data, _void("classes"), _number(len(named)))
    for kind, row in named.items():
        part = BlankNode()
        yield Triple(data, _void("classPartition"), part)
        yield Triple(part, _void("class"), NamedNode(kind))
        yield Triple(part, _void("entities"), _number(row["subjects"]))
        for name, number in counts["class_properties"].get(kind, {}).items():
            yield from _property(part, name, {"triples": number})
    for name, row in counts["properties"].items():
        yield from _property(data, name, row)


def _property(whole: NamedNode | BlankNode, name: str, row: dict[str, int]) -> Iterator[Triple]:
    part = BlankNode()
    yield Triple(whole, _void("propertyPartition"), part)
    yield Triple(part, _void("property"), NamedNode(name))
    yield from _totals(part, row)


def _totals(node: NamedNode | BlankNode, row: dict[str, int]) -> Iterator[Triple]:
    for name, called in _TOTALS.items():
        if name in row:
            yield Triple(node, _void(called), _number(row[name]))


def _number(value: int) -> Literal:
    return _typed(str(value), "integer")


def _typed(value: Any, name: str) -> Literal:
    return Literal(str(value), datatype=NamedNode(_XSD + name))


def _void(name: str) -> NamedNode:
    return NamedNode(VOID + name)


def _a(iri: str) -> NamedNode:
    return NamedNode(iri)
