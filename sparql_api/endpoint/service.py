"""What `/sparql` says of itself: the service description, or the editor for a browser."""

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, serialize
from starlette.requests import Request
from starlette.responses import Response

from loader.language import Text
from loader.queries import extension
from sparql_api import locality
from sparql_api.dispatch import pool as pools
from sparql_api.dispatch.generation import Generation
from sparql_api.endpoint import examples
from sparql_api.negotiation import GRAPHS, HTML, choose
from sparql_api.page import page
from sparql_api.workers.output import GRAPHS as WRITERS

_SD = "http://www.w3.org/ns/sparql-service-description#"
_ENTAILMENT = "http://www.w3.org/ns/entailment/"
_VOID = "http://rdfs.org/ns/void#"
_RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_COMMENT = NamedNode("http://www.w3.org/2000/01/rdf-schema#comment")
_SEE_ALSO = NamedNode("http://www.w3.org/2000/01/rdf-schema#seeAlso")
_INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "N-Quads",
    "TriG",
    "RDF_XML",
    "JSON-LD",
)


def describe(request: Request, generation: Generation, wanted: str | None) -> Response:
    """The service description in a graph format, or the editor as a page."""
    choice = choose((*GRAPHS, HTML), request.headers.get("accept"), wanted)
    headers = {
        "Vary": "Accept",
        "Cache-Control": "no-cache",
        "Stadtwissen-Release": generation.release.id,
    }
    if choice.format is HTML:
        return page(
            "editor.html", request, headers=headers, query=examples.FIRST, examples=examples.all()
        )
    body = serialize(
        _triples(request, generation),
        format=WRITERS[choice.format.name],
        prefixes={"sd": _SD, "void": _VOID},
    )
    return Response(body, headers={"Content-Type": choice.content_type, **headers})


def _triples(request: Request, generation: Generation) -> Iterator[Triple]:
    service, dataset = NamedNode(locality.endpoint(request)), BlankNode()
    yield from _capable(service, "SPARQL11Query", "SPARQL10Query")
    yield Triple(service, _SEE_ALSO, NamedNode(f"{locality.origin(request)}/catalog"))
    yield from _capable(NamedNode(service.value + "/update"), "SPARQL11Update")
    features = ["UnionDefaultGraph", "EmptyGraphs"]
    if pools.of(request).broker.is_open:
        features.append("BasicFederatedQuery")
    for name in features:
        yield Triple(service, _sd("feature"), _sd(name))
    for language in ("de", "en"):
        limits = _limits(request).say(language)
        yield Triple(service, _COMMENT, Literal(limits, language=language))
    for function in extension.FUNCTIONS:
        yield Triple(service, _sd("extensionFunction"), NamedNode(function.iri))
        yield from _described(function.iri, "Function", function.text)
    for feature in extension.PROPERTIES:
        yield Triple(service, _sd("propertyFeature"), NamedNode(feature.iri))
        yield from _described(feature.iri, "Feature", feature.text)
    for name in _FORMATS:
        yield Triple(
            service, _sd("resultFormat"), NamedNode(f"http://www.w3.org/ns/formats/{name}")
        )
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield from _holding(dataset, generation)


def _capable(service: NamedNode, *languages: str) -> Iterator[Triple]:
    yield Triple(service, _RDF_TYPE, _sd("Service"))
    yield Triple(service, _sd("endpoint"), service)
    yield Triple(service, _sd("defaultEntailmentRegime"), NamedNode(_ENTAILMENT + "Simple"))
    for language in languages:
        yield Triple(service, _sd("supportedLanguage"), _sd(language))


def _limits(request: Request) -> Text:
    """What a query may take, as the headers of answers tell it in short."""
    limits, settings = pools.of(request).limits(), request.app.state.settings
    memory, length = limits.memory // 2**20, settings.query_length // 2**10
    return Text(
        f"Eine Abfrage darf bis zur ersten Zeile {limits.first:g} und im Ganzen {limits.total:g} "
        f"Sekunden dauern, {memory} MiB Arbeitsspeicher brauchen und {length} KiB lang sein. "
        f"Ein Client hat {settings.rate:g} Sekunden Abfragezeit je Minute.",
        f"A query may take {limits.first:g} seconds until its first row and {limits.total:g} in "
        f"all, {memory} MiB of memory, and be {length} KiB long. "
        f"A client has {settings.rate:g} seconds of query time a minute.",
    )


def _holding(dataset: BlankNode, generation: Generation) -> Iterator[Triple]:
    default = BlankNode()
    yield Triple(dataset, _RDF_TYPE, _sd("Dataset"))
    yield Triple(dataset, _sd("defaultGraph"), default)
    yield Triple(default, _RDF_TYPE, _sd("Graph"))
    yield Triple(default, NamedNode(_VOID + "triples"), _number(generation, None))
    for name in generation.release.manifest["graphs"]:
        entry, graph = BlankNode(), BlankNode()
        yield Triple(dataset, _sd("namedGraph"), entry)
        yield Triple(entry, _RDF_TYPE, _sd("NamedGraph"))
        yield Triple(entry, _sd("name"), NamedNode(name))
        yield Triple(entry, _sd("graph"), graph)
        yield Triple(graph, _RDF_TYPE, _sd("Graph"))
        yield Triple(graph, NamedNode(_VOID + "triples"), _number(generation, name))


def _described(iri: str, kind: str, text: Text) -> Iterator[Triple]:
    yield Triple(NamedNode(iri), _RDF_TYPE, _sd(kind))
    for language in ("de", "en"):
        yield Triple(NamedNode(iri), _COMMENT, Literal(text.say(language), language=language))


def _number(generation: Generation, graph: str | None) -> Literal:
    manifest = generation.release.manifest
    number = manifest["graphs"][graph]["triples"] if graph else manifest["triples"]
    return Literal(str(number), datatype=_INTEGER)


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)
