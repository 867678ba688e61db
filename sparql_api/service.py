"""What `/sparql` says of itself: the service description, or the editor for a browser."""

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, serialize
from starlette.requests import Request
from starlette.responses import Response

from loader import extension
from loader.language import Text
from sparql_api import examples
from sparql_api.generation import Generation
from sparql_api.negotiation import GRAPHS, HTML, choose
from sparql_api.output import GRAPHS as WRITERS
from sparql_api.page import page

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_COMMENT = NamedNode("http://www.w3.org/2000/01/rdf-schema#comment")
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
        _triples(endpoint(request), generation),
        format=WRITERS[choice.format.name],
        prefixes={"sd": _SD, "void": _VOID},
    )
    return Response(body, headers={"Content-Type": choice.content_type, **headers})


def origin(request: Request) -> str:
    """The server's address as clients know it, without a slash at its end."""
    public: str = request.app.state.settings.public_url
    if public:
        return public.rstrip("/")
    scope = request.scope
    host = request.headers.get("host") or "{}:{}".format(*scope["server"])
    return f"{scope['scheme']}://{host}{scope.get('root_path', '').rstrip('/')}"


def endpoint(request: Request) -> str:
    """The address of the service as clients know it; queries' relative addresses begin here."""
    return origin(request) + "/sparql"


def _triples(address: str, generation: Generation) -> Iterator[Triple]:
    service, dataset, default = NamedNode(address), BlankNode(), BlankNode()
    yield Triple(service, _RDF_TYPE, _sd("Service"))
    yield Triple(service, _sd("endpoint"), service)
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    yield Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
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
