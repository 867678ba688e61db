"""Things in Dublin Core, as OAI-PMH asks for them (`oai_dc`)."""

import re
from xml.etree import ElementTree

from pyoxigraph import Literal, Quad

from sparql_api.wording import DCT, RDFS, SKOS

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
_DC = "http://purl.org/dc/elements/1.1/"
_CONTROLS = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # none in XML
_ELEMENTS = {
    RDFS + "label": "title",
    DCT + "description": "description",
    SKOS + "definition": "description",
    "http://www.w3.org/ns/dcat#keyword": "subject",
    DCT + "identifier": "identifier",
    DCT + "issued": "date",
    DCT + "date": "date",
    DCT + "source": "source",
    DCT + "publisher": "publisher",
}


def element(iri: str, kind: str, quads: list[Quad], licences: list[str]) -> ElementTree.Element:
    """The thing's record; `kind` is its class."""
    root = ElementTree.Element(
        "oai_dc:dc",
        {
            "xmlns:oai_dc": OAI_DC,
            "xmlns:dc": _DC,
            "xsi:schemaLocation": f"{OAI_DC} {SCHEMA}",
        },
    )
    _add(root, "identifier", iri)
    _add(root, "type", kind)
    for quad in quads:
        name = _ELEMENTS.get(quad.predicate.value)
        text = str(getattr(quad.object, "value", ""))
        if name and str(quad.subject) == f"<{iri}>":
            language = quad.object.language if isinstance(quad.object, Literal) else None
            _add(root, name, text, language)
    for licence in licences:
        _add(root, "rights", licence)
    return root


def printable(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _CONTROLS.sub(" ", text)


def _add(root: ElementTree.Element, name: str, text: str, language: str | None = None) -> None:
    attributes = {"xml:lang": language} if language else {}
    ElementTree.SubElement(root, f"dc:{name}", attributes).text = printable(text)
