"""The address `/oai`: OAI-PMH 2.0, each thing of the data as a record in Dublin Core.

Sets are classes. Everything of a release has the release's date, so that whoever asks for what
changed since then gets all or nothing of it. A resumption token is the place to go on from; it
ends with its release. Source: *The Open Archives Initiative Protocol for Metadata Harvesting* 2.0.
"""

import asyncio
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
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
from sparql_api.linked_data import signposts
from sparql_api.linked_data.description import statements

router = APIRouter()

PAGE = 100
FORMAT = "oai_dc"
_OAI = "http://www.openarchives.org/OAI/2.0/"
_SCHEMA = f"{_OAI} {_OAI}OAI-PMH.xsd"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_MOMENT = len("2026-11-25T10:00:00Z")
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

Arguments = dict[str, str]
Element = ElementTree.Element


class OaiError(Exception):
    """What the protocol calls an error: a code and a sentence, sent with status 200."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Archive:
    """The release as an archive, with its text index as the list of its items."""

    release: Release
    index: Index
    address: str
    contact: str

    @property
    def moment(self) -> str:
        """The date of all records."""
        return str(self.release.manifest["created"])


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
    root = Element(
        "OAI-PMH", {"xmlns": _OAI, "xmlns:xsi": _INSTANCE, "xsi:schemaLocation": _SCHEMA}
    )
    _add(root, "responseDate", f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    try:
        arguments = _checked(pairs)
        index = Index.of(release.path)
        if index is None:
            raise OaiError("noRecordsMatch", "This release was built before it could be harvested.")
        verb = arguments.pop("verb")
        with closing(index):
            answer = _VERBS[verb](Archive(release, index, address, contact), arguments)
        _add(root, "request", address, verb=verb, **{k: v for k, v in arguments.items() if v})
        root.append(answer)
    except OaiError as error:
        wrong = error.code in {"badVerb", "badArgument"}
        said = {} if wrong else {name: dublin_core.printable(value) for name, value in pairs}
        _add(root, "request", address, **said)
        _add(root, "error", str(error), code=error.code)
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


def _identify(archive: Archive, _arguments: Arguments) -> Element:
    answer = Element("Identify")
    _add(answer, "repositoryName", "Stadtwissen")
    _add(answer, "baseURL", archive.address)
    _add(answer, "protocolVersion", "2.0")
    _add(answer, "adminEmail", archive.contact)
    _add(answer, "earliestDatestamp", archive.moment)
    _add(answer, "deletedRecord", "no")
    _add(answer, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    return answer


def _formats(archive: Archive, arguments: Arguments) -> Element:
    if "identifier" in arguments:
        _known(archive, arguments["identifier"])
    answer = Element("ListMetadataFormats")
    entry = ElementTree.SubElement(answer, "metadataFormat")
    _add(entry, "metadataPrefix", FORMAT)
    _add(entry, "schema", dublin_core.SCHEMA)
    _add(entry, "metadataNamespace", dublin_core.OAI_DC)
    return answer


def _sets(archive: Archive, arguments: Arguments) -> Element:
    if "resumptionToken" in arguments:
        raise OaiError("badResumptionToken", "The list of sets comes whole.")
    answer = Element("ListSets")
    for kind in archive.index.classes():
        entry = ElementTree.SubElement(answer, "set")
        _add(entry, "setSpec", _spec(kind))
        _add(entry, "setName", kind)
    return answer


def _record(archive: Archive, arguments: Arguments) -> Element:
    answer = Element("GetRecord")
    iri = arguments["identifier"]
    answer.append(_whole(archive, iri, _known(archive, iri)))
    return answer


def _records(archive: Archive, arguments: Arguments) -> Element:
    return _listed(archive, arguments, Element("ListRecords"), _whole)


def _identifiers(archive: Archive, arguments: Arguments) -> Element:
    return _listed(archive, arguments, Element("ListIdentifiers"), _header)


def _listed(
    archive: Archive,
    arguments: Arguments,
    answer: Element,
    entry: Callable[[Archive, str, str], Element],
) -> Element:
    spec, offset = _place(archive, arguments)
    kinds = archive.index.classes()
    kind = next((name for name in kinds if _spec(name) == spec), "") if spec else ""
    things = archive.index.things(PAGE, offset, kind) if kind or not spec else []
    if not things or not _falls_into(archive.moment, arguments):
        raise OaiError("noRecordsMatch", "Nothing fits these arguments.")
    for iri, each in things:
        answer.append(entry(archive, iri, each))
    total = kinds[kind] if kind else sum(kinds.values())
    after = offset + len(things)
    if after < total or offset:
        token = f"{archive.release.id}/{spec}/{after}" if after < total else ""
        _add(answer, "resumptionToken", token, completeListSize=str(total), cursor=str(offset))
    return answer


def _place(archive: Archive, arguments: Arguments) -> tuple[str, int]:
    """The set and the number of the first record."""
    token = arguments.get("resumptionToken")
    if token is None:
        return arguments.get("set", ""), 0
    release, _, rest = token.partition("/")
    spec, _, offset = rest.partition("/")
    if release != archive.release.id or not offset.isdigit() or len(offset) > 9:
        raise OaiError("badResumptionToken", "The data have changed since. Begin anew.")
    return spec, int(offset)


def _falls_into(moment: str, arguments: Arguments) -> bool:
    """Whether the release's date lies between `from` and `until`, which are days or moments."""
    first, last = arguments.get("from", ""), arguments.get("until", "")
    for text in filter(None, (first, last)):
        digits = text.translate(str.maketrans("", "", "-:TZ"))
        if len(text) not in {10, _MOMENT} or not digits.isdigit():
            raise OaiError("badArgument", f"{text[:40]} is no day and no moment.")
    if first and last and len(first) != len(last):
        raise OaiError("badArgument", "from and until are of different precision.")
    return (not first or moment[: len(first)] >= first) and (
        not last or moment[: len(last)] <= last
    )


def _known(archive: Archive, iri: str) -> str:
    """The class of a thing of the archive."""
    kind = archive.index.kind(iri)
    if not kind:
        raise OaiError("idDoesNotExist", "There is no such thing in the data.")
    return kind


def _header(archive: Archive, iri: str, kind: str) -> Element:
    header = Element("header")
    _add(header, "identifier", iri)
    _add(header, "datestamp", archive.moment)
    _add(header, "setSpec", _spec(kind))
    return header


def _whole(archive: Archive, iri: str, kind: str) -> Element:
    record = Element("record")
    record.append(_header(archive, iri, kind))
    metadata = ElementTree.SubElement(record, "metadata")
    quads = statements(archive.release, iri)
    terms = signposts.licences(archive.release, quads)
    metadata.append(dublin_core.element(iri, kind, quads, terms))
    return record


def _spec(kind: str) -> str:
    """The name of a class as a set: letters, digits and a few signs."""
    name = kind.rstrip("/#").replace("#", "/").rpartition("/")[2]
    return "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in name)


def _add(parent: Element, name: str, text: str, **attributes: str) -> None:
    ElementTree.SubElement(parent, name, attributes).text = text


_VERBS: dict[str, Callable[[Archive, Arguments], Element]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _record,
    "ListIdentifiers": _identifiers,
    "ListRecords": _records,
}
