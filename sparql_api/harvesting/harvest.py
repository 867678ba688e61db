"""The address `/oai`: OAI-PMH 2.0, each thing of the data as a record in Dublin Core.

What it holds is `harvesting.archive`. Source: *The Open Archives Initiative Protocol for Metadata
Harvesting* 2.0, section 3.
"""

import asyncio
from contextlib import closing
from datetime import UTC, datetime
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from fastapi import APIRouter, Request
from starlette.responses import Response

from loader.queries.search import Index
from loader.releases.release import Release
from sparql_api import locality
from sparql_api.dispatch import pool as pools
from sparql_api.harvesting import dublin_core
from sparql_api.harvesting.archive import FORMAT, VERBS, Archive, Arguments, OaiError, add

router = APIRouter()

_OAI = "http://www.openarchives.org/OAI/2.0/"
_SCHEMA = f"{_OAI} {_OAI}OAI-PMH.xsd"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_BODY = 10_000  # bytes of a form; arguments are short
# What each verb must have and may have.
_ARGUMENTS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset({"resumptionToken"})),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
}


@router.api_route("/oai", methods=["GET", "POST"])
async def oai(request: Request) -> Response:
    """The answer to a verb; errors of the protocol are answers too."""
    raw = request.scope["query_string"]
    if request.method == "POST":
        raw = (await request.body())[:_BODY]
    text = dublin_core.printable(raw.decode("utf-8", "replace"))
    pairs = parse_qsl(text, keep_blank_values=True)
    release = (await pools.of(request).generation(None)).release
    address = f"{locality.origin(request)}/oai"
    contact = request.app.state.settings.contact or f"webmaster@{request.url.hostname}"
    body = await asyncio.to_thread(_answer, release, address, contact, pairs)
    headers = {"Cache-Control": "no-cache", "Stadtwissen-Release": release.id}
    return Response(body, headers={"Content-Type": "text/xml; charset=utf-8", **headers})


def _answer(release: Release, address: str, contact: str, pairs: list[tuple[str, str]]) -> bytes:
    root = ElementTree.Element(
        "OAI-PMH", {"xmlns": _OAI, "xmlns:xsi": _INSTANCE, "xsi:schemaLocation": _SCHEMA}
    )
    add(root, "responseDate", f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    try:
        arguments = _checked(pairs)
        index = Index.of(release.path)
        if index is None:
            raise OaiError("noRecordsMatch", "This release was built before it could be harvested.")
        verb = arguments.pop("verb")
        with closing(index):
            answer = VERBS[verb](Archive(release, index, address, contact), arguments)
        add(root, "request", address, verb=verb, **{k: v for k, v in arguments.items() if v})
        root.append(answer)
    except OaiError as error:
        wrong = error.code in {"badVerb", "badArgument"}
        said = {} if wrong else {name: dublin_core.printable(value) for name, value in pairs}
        add(root, "request", address, **said)
        add(root, "error", str(error), code=error.code)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _checked(pairs: list[tuple[str, str]]) -> Arguments:
    arguments = dict(pairs)
    verb = arguments.get("verb", "")
    if verb not in _ARGUMENTS or [name for name, _ in pairs].count("verb") > 1:
        raise OaiError("badVerb", "The verb is missing, unknown or repeated.")
    must, may = _ARGUMENTS[verb]
    names = set(arguments) - {"verb"}
    if verb.startswith("List") and "metadataPrefix" in must and "resumptionToken" in names:
        must, may = frozenset({"resumptionToken"}), frozenset()
    if len(pairs) > len(arguments) or not must <= names or not names <= must | may:
        raise OaiError("badArgument", f"{verb} needs {sorted(must)} and takes {sorted(may)}.")
    if arguments.get("metadataPrefix", FORMAT) != FORMAT:
        raise OaiError("cannotDisseminateFormat", f"The only format is {FORMAT}.")
    return arguments
