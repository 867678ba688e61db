"""The examples of the vocabulary: one a class, and together a small world without an error."""

from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Namespace, URIRef

from loader.shacl import shape
from loader.validate import Validator

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


def errors(ntriples: str, place: Path) -> set[tuple[str, str]]:
    rules = shape.read(ROOT / "shapes")
    file = place / "world.nt"
    file.write_text(ntriples, "utf-8")
    return {
        (r.focus, r.shape)
        for r in Validator(rules).results(file)
        if rules.finding(r.shape, r.severity).severity == "error"
    }


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


def test_the_examples_break_no_rule(tmp_path: Path) -> None:
    examples = graph("ontology/examples/*.ttl")
    assert not errors(world(examples), tmp_path)


def test_a_spoilt_example_would_be_noticed(tmp_path: Path) -> None:
    examples = graph("ontology/examples/*.ttl")
    examples.remove((None, STADT.municipalityKey, None))
    shapes = {name.rsplit("/", 1)[-1] for _, name in errors(world(examples), tmp_path)}
    assert "Municipality-municipalityKey-missing" in shapes
