"""What search engines read of a document: the thing in schema.org's words, as JSON-LD.

Our own terms stay the better description; this is a summary of it.
"""

import json
from collections.abc import Iterable
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from sparql_api.wording import DCT, FOAF, OWL, RDF, RDFS, SKOS

STADT = "https://w3id.org/stadtwissen/ontology/"
# The first class that a thing has decides; the most special come first.
_KINDS = {
    STADT + "Municipality": "AdministrativeArea",
    STADT + "District": "AdministrativeArea",
    STADT + "FederalState": "State",
    STADT + "AdministrativeArea": "AdministrativeArea",
    STADT + "LocalAuthority": "GovernmentOrganization",
    STADT + "Organisation": "Organization",
    STADT + "Community": "Organization",
    STADT + "Measure": "Project",
    STADT + "Project": "Project",
    STADT + "SoftwareSolution": "SoftwareApplication",
    STADT + "Solution": "CreativeWork",
    STADT + "Publication": "CreativeWork",
    STADT + "Event": "Event",
    STADT + "FundingProgramme": "FundingScheme",
    STADT + "Grant": "MonetaryGrant",
    SKOS + "Concept": "DefinedTerm",
    SKOS + "ConceptScheme": "DefinedTermSet",
    OWL + "Class": "DefinedTerm",
    OWL + "ObjectProperty": "DefinedTerm",
    OWL + "DatatypeProperty": "DefinedTerm",
    OWL + "Ontology": "DefinedTermSet",
}
_PROPERTIES = {
    RDFS + "label": "name",
    SKOS + "altLabel": "alternateName",
    DCT + "description": "description",
    SKOS + "definition": "description",
    DCT + "identifier": "identifier",
    SKOS + "notation": "termCode",
    SKOS + "inScheme": "inDefinedTermSet",
    STADT + "municipalityKey": "identifier",
    STADT + "districtKey": "identifier",
    STADT + "startDate": "startDate",
    STADT + "endDate": "endDate",
    STADT + "sourceRepository": "url",
    FOAF + "homepage": "url",
    OWL + "sameAs": "sameAs",
    STADT + "within": "containedInPlace",
}


def kind(own: Iterable[Quad]) -> str:
    """The class of schema.org that a thing is told to be."""
    classes = {quad.object.value for quad in own if _is_type(quad)}  # type: ignore[union-attr]
    return next((name for iri, name in _KINDS.items() if iri in classes), "Thing")


def script(iri: str, own: list[Quad], facts: dict[str, Any]) -> str:
    """JSON-LD for a `script` element: nothing in it can end the element.

    `facts` are those of the document itself: its licence, date, and the like.
    """
    thing: dict[str, Any] = {"@id": iri, "@type": kind(own)}
    for quad in own:
        name = _PROPERTIES.get(quad.predicate.value)
        if name and str(quad.subject) == f"<{iri}>" and not isinstance(quad.object, BlankNode):
            values = thing.setdefault(name, [])
            value = _value(quad.object)
            if value not in values:
                values.append(value)
    whole = {"@context": "https://schema.org", **thing, "subjectOf": {"@type": "WebPage", **facts}}
    text = json.dumps(whole, ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _value(term: object) -> object:
    if isinstance(term, Literal) and term.language:
        return {"@language": term.language, "@value": term.value}
    if isinstance(term, NamedNode):
        return {"@id": term.value}
    return getattr(term, "value", "")


def _is_type(quad: Quad) -> bool:
    return quad.predicate.value == RDF + "type" and isinstance(quad.object, NamedNode)
