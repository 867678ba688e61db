"""The archive: a release as OAI-PMH asks it, with things as records and classes as sets.

Everything of a release has the release's date, so that whoever asks for what changed since then
gets all or nothing of it. A resumption token is the place to go on from; it ends with its release.
Source: *The Open Archives Initiative Protocol for Metadata Harvesting* 2.0, section 4.
"""

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree

from loader.queries.search import Index
from loader.releases.release import Release
from sparql_api.harvesting import dublin_core
from sparql_api.linked_data import signposts
from sparql_api.linked_data.description import statements

PAGE = 100
FORMAT = "oai_dc"
_MOMENT = len("2026-11-25T10:00:00Z")

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


def _identify(archive: Archive, _arguments: Arguments) -> Element:
    answer = Element("Identify")
    add(answer, "repositoryName", "Stadtwissen")
    add(answer, "baseURL", archive.address)
    add(answer, "protocolVersion", "2.0")
    add(answer, "adminEmail", archive.contact)
    add(answer, "earliestDatestamp", archive.moment)
    add(answer, "deletedRecord", "no")
    add(answer, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    return answer


def _formats(archive: Archive, arguments: Arguments) -> Element:
    if "identifier" in arguments:
        _known(archive, arguments["identifier"])
    answer = Element("ListMetadataFormats")
    entry = ElementTree.SubElement(answer, "metadataFormat")
    add(entry, "metadataPrefix", FORMAT)
    add(entry, "schema", dublin_core.SCHEMA)
    add(entry, "metadataNamespace", dublin_core.OAI_DC)
    return answer


def _sets(archive: Archive, arguments: Arguments) -> Element:
    if "resumptionToken" in arguments:
        raise OaiError("badResumptionToken", "The list of sets comes whole.")
    answer = Element("ListSets")
    for kind in archive.index.classes():
        entry = ElementTree.SubElement(answer, "set")
        add(entry, "setSpec", _spec(kind))
        add(entry, "setName", kind)
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
        add(answer, "resumptionToken", token, completeListSize=str(total), cursor=str(offset))
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
    add(header, "identifier", iri)
    add(header, "datestamp", archive.moment)
    add(header, "setSpec", _spec(kind))
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


def add(parent: Element, name: str, text: str, **attributes: str) -> None:
    """A child with a text."""
    ElementTree.SubElement(parent, name, attributes).text = text


VERBS: dict[str, Callable[[Archive, Arguments], Element]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _record,
    "ListIdentifiers": _identifiers,
    "ListRecords": _records,
}
