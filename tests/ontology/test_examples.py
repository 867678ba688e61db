"""The examples of the vocabulary: one a class, and together a small world without an error."""

from pathlib import Path

import pytest
import shacl
from pyoxigraph import RdfFormat, Store
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Namespace, URIRef

from loader import shape, store

ROOT = Path(__file__).parents[2]
STADT = Namespace("https://w3id.org/stadtwissen/ontology/")
EXAMPLES = sorted((ROOT / "ontology" / "examples").glob("*.ttl"))


def graph(*patterns: str) -> Graph:
    found = Graph()
    for pattern in patterns:
        for file in sorted(ROOT.glob(pattern)):
            found.parse(file)
    return found


def world(examples: Graph) -> str:
    """The examples as a release holds them: superclasses written out, code lists beside them."""
    above = graph("ontology/*.ttl")
    whole = Graph() + examples
    for thing, kind in examples.subject_objects(RDF.type):
        for parent in above.transitive_objects(kind, RDFS.subClassOf):
            if parent is not None:
                whole.add((thing, RDF.type, parent))
    for triple in graph("ontology/schemes/*.ttl").triples((None, SKOS.inScheme, None)):
        whole.add(triple)
    return str(whole.serialize(format="nt"))


def errors(ntriples: str) -> set[tuple[str, str]]:
    rules = shape.read(ROOT / "shapes")
    results = shacl.Shapes.from_text(rules.core, format="ntriples").validate_text(
        ntriples, format="ntriples"
    )
    found = {
        (str(r.focus_node), str(r.source_shape).strip("<>"))
        for r in results.results
        if rules.finding(str(r.source_shape).strip("<>")).severity == "error"
    }
    data = Store()
    data.load(ntriples.encode(), format=RdfFormat.N_TRIPLES)
    for constraint in rules.constraints:
        if rules.finding(constraint.iri).severity == "error":
            found |= {
                (str(r["this"]), constraint.iri) for r in store.select(data, constraint.query)
            }
    return found


def test_every_class_has_an_example() -> None:
    classes = {
        str(c).removeprefix(STADT)
        for c in graph("ontology/*.ttl").subjects(RDF.type, OWL.Class)
        if isinstance(c, URIRef)
    }
    assert classes == {file.stem for file in EXAMPLES}


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_shows_its_class(file: Path) -> None:
    assert list(Graph().parse(file).subjects(RDF.type, STADT[file.stem]))


def test_the_examples_break_no_rule() -> None:
    examples = graph("ontology/examples/*.ttl")
    assert not errors(world(examples))


def test_a_spoilt_example_would_be_noticed() -> None:
    examples = graph("ontology/examples/*.ttl")
    examples.remove((None, STADT.municipalityKey, None))
    shapes = {name.rsplit("/", 1)[-1] for _, name in errors(world(examples))}
    assert "Municipality-municipalityKey-missing" in shapes
