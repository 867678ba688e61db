"""The alignments: mappings only, from terms that we declare to terms that others declare."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Namespace, URIRef

if TYPE_CHECKING:
    from rdflib.term import Node

ROOT = Path(__file__).parents[2]
OFFICIAL = ROOT.parent / "shared" / "official"
STADT = Namespace("https://w3id.org/stadtwissen/ontology/")
TARGETS = (
    *("cpov", "dcat", "dingo", "eurio", "foaf", "frapo", "org", "prov", "publiccode"),
    *("saref4city", "schema", "sdg", "wikidata"),
)
ALIGNMENTS = [ROOT / "ontology" / "alignments" / f"{target}.ttl" for target in TARGETS]
MAPPINGS = {SKOS.broadMatch, SKOS.closeMatch, SKOS.relatedMatch}
PUBLISHED = {
    "http://data.europa.eu/m8g/": "core-vocabularies/*/releases/*/[vr][od][cf]/*.ttl",
    "http://metadata.un.org/sdg/ontology#": "un-sdg/*.ttl",
    "http://schema.org/": "vocab/schemaorg/schema.ttl",
    "http://www.w3.org/ns/adms#": "core-vocabularies/adms/releases/*/voc/*.ttl",
    "http://www.w3.org/ns/dcat#": "vocab/dcat3/*.ttl",
}
# CPSV-AP uses it in its shapes and on its pages, and forgets it in the file of its vocabulary.
FORGOTTEN = {"http://data.europa.eu/m8g/currency"}


def stem(path: Path) -> str:
    return path.stem


@cache
def read(*patterns: str) -> Graph:
    graph = Graph()
    for pattern in patterns:
        for file in sorted((ROOT / "ontology").glob(pattern)):
            graph.parse(file)
    return graph


def mentioned() -> set[str]:
    """What our files say of others: superclasses, superproperties and mappings."""
    graph = read("*.ttl", "alignments/*.ttl")
    predicates = {RDFS.subClassOf, RDFS.subPropertyOf, *MAPPINGS}
    return {str(o) for p in predicates for o in graph.objects(None, p) if isinstance(o, URIRef)}


def declared(namespace: str) -> set[str]:
    """The terms of a published vocabulary: what it types, and the types that its data use."""
    graph = Graph()
    for file in sorted(OFFICIAL.glob(PUBLISHED[namespace])):
        graph.parse(file)
    named: set[Node] = set(graph.subjects(RDF.type)) | set(graph.objects(None, RDF.type))
    return {str(n).replace("https://schema.org/", "http://schema.org/") for n in named}


@pytest.mark.parametrize("file", ALIGNMENTS, ids=stem)
def test_an_alignment_only_maps(file: Path) -> None:
    graph = Graph().parse(file)
    header = set(graph.subjects(RDF.type, OWL.Ontology))
    assert header == {STADT[f"alignments/{file.stem}/"]}
    said = {p for s, p in graph.subject_predicates() if s not in header}
    assert said <= MAPPINGS | {SKOS.editorialNote}
    assert said & MAPPINGS


@pytest.mark.parametrize("file", ALIGNMENTS, ids=stem)
def test_an_alignment_maps_terms_that_exist(file: Path) -> None:
    ours = set(read("*.ttl", "schemes/*.ttl").subjects(RDF.type))
    header = STADT[f"alignments/{file.stem}/"]
    assert set(Graph().parse(file).subjects()) - {header} <= ours


@pytest.mark.parametrize("file", ALIGNMENTS, ids=stem)
def test_a_mapping_leads_to_a_term_of_somebody_else(file: Path) -> None:
    graph = Graph().parse(file)
    ends = [str(o) for p in MAPPINGS for o in graph.objects(None, p)]
    assert not [end for end in ends if end.startswith(str(STADT))]


def test_no_pair_of_terms_is_mapped_twice() -> None:
    graph = read("alignments/*.ttl")
    pairs = [(s, o) for p in MAPPINGS for s, o in graph.subject_objects(p)]
    assert len(pairs) == len(set(pairs))


def test_no_superclass_or_superproperty_is_repeated_as_a_mapping() -> None:
    graph = read("*.ttl", "alignments/*.ttl")
    parents = {
        pair for p in (RDFS.subClassOf, RDFS.subPropertyOf) for pair in graph.subject_objects(p)
    }
    assert not parents & {pair for p in MAPPINGS for pair in graph.subject_objects(p)}


@pytest.mark.skipif(not OFFICIAL.exists(), reason="the vocabularies lie in ../shared, not here")
@pytest.mark.parametrize("namespace", PUBLISHED)
def test_a_foreign_term_is_declared_where_it_is_published(namespace: str) -> None:
    ours = {term for term in mentioned() if term.startswith(namespace)}
    assert ours
    assert ours - declared(namespace) <= FORGOTTEN
