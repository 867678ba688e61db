"""The ontology and its code lists: complete, in two languages, and nobody else's business."""

import csv
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from rdflib import DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, VANN, Graph, Literal, Namespace, URIRef
from rdflib.term import BNode, Node

ROOT = Path(__file__).parents[2]
PLAN = ROOT.parent / "shared" / "design" / "ontology.md"
FACTS = ROOT.parent / "shared" / "facts" / "measures.csv"
B = "https://w3id.org/stadtwissen/"
STADT = Namespace(B + "ontology/")
BIBO = Namespace("http://purl.org/ontology/bibo/")
FILES = sorted((ROOT / "ontology").rglob("*.ttl"))
MODULES = sorted(p for p in (ROOT / "ontology").glob("*.ttl") if p.stem != "stadtwissen")
SCHEMES = sorted((ROOT / "ontology" / "schemes").glob("*.ttl"))
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDFS.Datatype)


def stem(path: Path) -> str:
    return str(path.relative_to(ROOT / "ontology").with_suffix(""))


def terms(graph: Graph) -> list[URIRef]:
    named = (s for kind in KINDS for s in graph.subjects(RDF.type, kind))
    return sorted(s for s in named if isinstance(s, URIRef))


def tags(graph: Graph, thing: Node, predicate: URIRef) -> list[str]:
    return sorted(
        o.language or "" for o in graph.objects(thing, predicate) if isinstance(o, Literal)
    )


@pytest.fixture(scope="module")
def modules() -> Graph:
    graph = Graph()
    for file in MODULES:
        graph.parse(file)
    return graph


@pytest.mark.parametrize("folder", ["ontology", "shapes", "tests/shapes/cases"])
def test_every_file_is_formatted(folder: str) -> None:
    tool = shutil.which("turtlefmt", path=str(Path(sys.executable).parent)) or "turtlefmt"
    files = sorted((ROOT / folder).rglob("*.ttl"))
    assert files
    done = subprocess.run([tool, "--check", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("file", FILES, ids=stem)
def test_a_file_declares_only_our_own_terms(file: Path) -> None:
    subjects = {s for s in Graph().parse(file).subjects() if not isinstance(s, BNode)}
    assert subjects
    assert not [s for s in subjects if not str(s).startswith(B)]


@pytest.mark.parametrize("predicate", [RDFS.label, SKOS.definition], ids=["label", "definition"])
def test_every_term_is_named_and_defined_in_both_languages(
    modules: Graph, predicate: URIRef
) -> None:
    assert not [t for t in terms(modules) if tags(modules, t, predicate) != ["de", "en"]]


def test_no_two_terms_are_defined_alike(modules: Graph) -> None:
    counts = Counter(str(o) for o in modules.objects(None, SKOS.definition))
    assert not [text for text, count in counts.items() if count > 1]


@pytest.mark.parametrize("file", MODULES, ids=stem)
def test_a_term_says_which_module_defines_it(file: Path) -> None:
    graph = Graph().parse(file)
    module = STADT[file.stem + "/"]
    assert {graph.value(term, RDFS.isDefinedBy) for term in terms(graph)} == {module}


def test_a_term_stands_in_one_module() -> None:
    counts = Counter(term for file in MODULES for term in terms(Graph().parse(file)))
    assert not [term for term, count in counts.items() if count > 1]


def test_the_umbrella_imports_every_module() -> None:
    umbrella = Graph().parse(ROOT / "ontology" / "stadtwissen.ttl")
    assert set(umbrella.objects(URIRef(str(STADT)), OWL.imports)) == {
        STADT[file.stem + "/"] for file in MODULES
    }


def test_the_header_says_what_foops_asks_for() -> None:
    header = Graph().parse(ROOT / "ontology" / "stadtwissen.ttl")
    said = set(header.predicates(URIRef(str(STADT))))
    minimum = {DCTERMS.title, DCTERMS.description, DCTERMS.license, OWL.versionIRI}
    minimum |= {DCTERMS.creator, VANN.preferredNamespaceUri, VANN.preferredNamespacePrefix}
    more = {OWL.versionInfo, DCTERMS.created, DCTERMS.bibliographicCitation, DCTERMS.publisher}
    more |= {FOAF.logo, BIBO.status, DCTERMS.source, DCTERMS.issued, DCTERMS.modified}
    assert not (minimum | more) - said


def test_every_property_has_a_domain_and_a_range() -> None:
    strict = Graph()
    for file in sorted((ROOT / "ontology" / "restrictions").glob("*.ttl")):
        strict.parse(file)
    names = [t for f in MODULES if f.stem != "table" for t in terms(Graph().parse(f))]
    properties = [n for n in names if str(n).rsplit("/", 1)[-1][0].islower()]
    assert properties
    for predicate in (RDFS.domain, RDFS.range):
        assert not [p for p in properties if len(list(strict.objects(p, predicate))) != 1]


@pytest.mark.parametrize("file", SCHEMES, ids=stem)
def test_a_code_list_is_complete(file: Path) -> None:
    graph = Graph().parse(file)
    scheme = URIRef(B + "schemes/" + file.stem)
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    assert concepts
    assert tags(graph, scheme, DCTERMS.title) == ["de", "en"]
    for concept in concepts:
        assert str(concept).startswith(f"{scheme}/")
        assert tags(graph, concept, SKOS.prefLabel) == ["de", "en"]
        assert tags(graph, concept, SKOS.definition) == ["de", "en"]
        assert list(graph.objects(concept, SKOS.inScheme)) == [scheme]
        assert list(graph.objects(concept, SKOS.topConceptOf)) == [scheme]
        assert tags(graph, concept, SKOS.notation) == [""]


@pytest.mark.parametrize("file", SCHEMES, ids=stem)
def test_a_word_means_one_entry_of_its_list(file: Path) -> None:
    graph = Graph().parse(file)
    words: dict[str, set[Node]] = {}
    for predicate in (SKOS.prefLabel, SKOS.altLabel, SKOS.notation):
        for concept, word in graph.subject_objects(predicate):
            words.setdefault(str(word), set()).add(concept)
    assert not {word: found for word, found in words.items() if len(found) > 1}


@pytest.mark.parametrize(
    "file", sorted((ROOT / "data" / "sources").glob("*/metadata.json")), ids=str
)
def test_every_term_of_a_source_is_declared(file: Path, modules: Graph) -> None:
    named = set(re.findall(rf"{STADT}(\w+)", json.dumps(json.loads(file.read_text("utf-8")))))
    assert named
    assert not {STADT[local] for local in named} - set(terms(modules))


@pytest.mark.skipif(not PLAN.exists(), reason="the plan lies in ../shared, which is not here")
def test_every_term_of_the_plan_exists(modules: Graph) -> None:
    plan = PLAN.read_text("utf-8")
    rows = [
        [c.strip() for c in line.split("|")] for line in plan.splitlines() if line.count("|") > 6
    ]
    classes = {r[2].strip("`").removeprefix("stadt:"): r[5] for r in rows if "`stadt:" in r[2]}
    properties = {
        r[2].strip("`") for r in rows if re.fullmatch(r"`[a-z]\w+`", r[2]) and r[3] in "OD"
    }
    assert len(classes) == 31
    assert len(properties) > 40
    assert not {STADT[n] for n in (*classes, *properties)} - set(terms(modules))


@pytest.mark.skipif(not FACTS.exists(), reason="the facts lie in ../shared, which is not here")
@pytest.mark.parametrize(
    ("column", "scheme", "share"),
    [("field_of_action", "field-of-action", 1.0), ("technology", "technology", 0.95)],
)
def test_the_words_of_the_facts_are_in_the_list(column: str, scheme: str, share: float) -> None:
    graph = Graph().parse(ROOT / "ontology" / "schemes" / f"{scheme}.ttl")
    known = {str(o) for p in (SKOS.prefLabel, SKOS.altLabel) for o in graph.objects(None, p)}
    with FACTS.open(encoding="utf-8") as file:
        cells = [row[column] for row in csv.DictReader(file)]
    words = [word.strip() for cell in cells for word in cell.split(";") if word.strip()]
    assert len([word for word in words if word in known]) >= share * len(words)
