"""HermiT finds no contradiction in the ontology, and finds those that are put in on purpose."""

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from .reasoner import OFFICIAL, ROOT, STADT, USED, Verdict, axioms, judge, ours, properties, theirs

DCT = Namespace("http://purl.org/dc/terms/")
PROV = Namespace("http://www.w3.org/ns/prov#")
OURS = (str(STADT), str(USED), str(OWL))
published = pytest.mark.skipif(
    not OFFICIAL.exists(), reason="the vocabularies of others lie in ../shared, not here"
)


@pytest.fixture(scope="module")
def verdict() -> Verdict:
    return judge()


def alternatives(domain: Node) -> list[Node]:
    """The classes of a union, or the one class."""
    union = ours().value(domain, OWL.unionOf)
    return list(Collection(ours(), union)) if union else [domain]


def foreign(verdict: Verdict, iri: Node) -> set[str]:
    return {up for up in verdict.classes_above(URIRef(str(iri))) if not up.startswith(OURS)}


@published
@pytest.mark.parametrize(
    "term",
    [
        *("http://www.w3.org/ns/dcat#CatalogRecord", "http://data.europa.eu/m8g/AdminUnit"),
        *("http://data.europa.eu/m8g/PublicOrganisation", "http://data.europa.eu/m8g/PublicEvent"),
        *("http://www.w3.org/ns/org#Organization", "http://xmlns.com/foaf/0.1/Agent"),
    ],
)
def test_the_published_axioms_are_in_the_judgement(term: str) -> None:
    assert (URIRef(term), RDF.type, OWL.Class) in theirs()


def test_the_ontology_is_consistent_with_the_axioms_of_others(verdict: Verdict) -> None:
    assert verdict.consistent


def test_no_class_and_no_property_is_empty(verdict: Verdict) -> None:
    assert verdict.empty == frozenset()


@pytest.mark.parametrize("name", sorted(properties()))
def test_a_property_makes_nothing_of_a_thing_that_its_domain_does_not(
    verdict: Verdict, name: str
) -> None:
    domain = ours().value(STADT[name], RDFS.domain)
    assert domain is not None
    each = [foreign(verdict, kind) for kind in alternatives(domain)]
    assert foreign(verdict, USED[name]) == set.intersection(*each)


def test_the_code_lists_and_mappings_contradict_nothing_in_skos() -> None:
    folder = ROOT / "ontology"
    said = frozenset(
        {SKOS.broadMatch, SKOS.broader, SKOS.closeMatch, SKOS.exactMatch, SKOS.inScheme}
        | {SKOS.narrowMatch, SKOS.relatedMatch, SKOS.topConceptOf}
    )
    facts = axioms([*folder.glob("schemes/*.ttl"), *folder.glob("alignments/*.ttl")], said)
    found = judge("", facts)
    assert (found.consistent, found.empty) == (True, frozenset())


def test_participation_may_be_a_membership_as_far_as_logic_goes() -> None:
    found = judge("stadt:Participation rdfs:subClassOf org:Membership .")
    assert (found.consistent, found.empty) == (True, frozenset())


@published
def test_start_date_under_that_of_dcat_makes_a_project_a_period_of_time() -> None:
    found = judge("stadt:startDate rdfs:subPropertyOf dcat:startDate .")
    assert str(DCT.PeriodOfTime) in foreign(found, USED.startDate)


def test_review_of_under_used_leaves_no_reviews() -> None:
    found = judge("stadt:reviewOf rdfs:subPropertyOf prov:used .")
    assert found.empty == {str(USED.reviewOf), str(STADT.Review), str(USED.reviewOutcome)}


def test_produces_solution_under_generated_makes_a_measure_an_activity() -> None:
    found = judge("stadt:producesSolution rdfs:subPropertyOf prov:generated .")
    assert str(PROV.Activity) in foreign(found, USED.producesSolution)


def test_a_project_that_is_activity_and_entity_cannot_be() -> None:
    found = judge("stadt:Project rdfs:subClassOf prov:Activity , prov:Entity .")
    assert {str(STADT.Project), str(STADT.ModelProject)} <= found.empty


def test_a_local_authority_that_is_a_municipality_cannot_be() -> None:
    found = judge("stadt:LocalAuthority rdfs:subClassOf stadt:Municipality .")
    assert str(STADT.LocalAuthority) in found.empty


def test_one_item_that_is_the_same_as_territory_and_authority_is_a_contradiction() -> None:
    found = judge(
        """<urn:area> a stadt:Municipality ; owl:sameAs <urn:item> .
        <urn:body> a stadt:LocalAuthority ; owl:sameAs <urn:item> ."""
    )
    assert not found.consistent


def test_a_skos_mapping_makes_a_municipality_a_concept() -> None:
    found = judge(
        """<urn:mapped> a owl:Class ; owl:equivalentClass [ a owl:Class ; owl:intersectionOf (
        stadt:Municipality
        [ a owl:Restriction ; owl:onProperty skos:closeMatch ; owl:someValuesFrom owl:Thing ] ) ] .
        """
    )
    assert str(SKOS.Concept) in foreign(found, URIRef("urn:mapped"))


def test_a_code_list_that_is_an_entry_is_a_contradiction() -> None:
    found = judge("<urn:list> a skos:ConceptScheme . <urn:entry> skos:broader <urn:list> .")
    assert not found.consistent
