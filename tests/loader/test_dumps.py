"""Dumps: each says what the masters say, literals to the letter, as others read them too."""

import gzip
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from loader.dumps.form import RDF
from loader.dumps.graph import of
from loader.dumps.lines import NQuads
from loader.dumps.shelf import Dump, Shelf
from loader.release import Release
from tests.loader import jena
from tests.sparql_api.conftest import B, publish

ONE, TWO = f"{B}graph/one", f"{B}graph/two"
XSD = "http://www.w3.org/2001/XMLSchema#"
CONTROL = '"\\u0000\\u0001\\u001B\\b\\f"'
NASTY = [
    f'"1.50"^^<{XSD}decimal>',
    f'"007"^^<{XSD}nonNegativeInteger>',
    f'"+1"^^<{XSD}integer>',
    f'"1E0"^^<{XSD}double>',
    f'"1"^^<{XSD}boolean>',
    f'"2026-11-24T24:00:00"^^<{XSD}dateTime>',
    f'"2026-11-24T12:00:00.500+00:00"^^<{XSD}dateTime>',
    f'"2026-02-31"^^<{XSD}date>',
    f'"abc"^^<{XSD}integer>',
    '"Grüß Gott"@de-AT',
    '"colour"@EN-gb',
    '"Ångström"',
    '"A\u030angstro\u0308m"',
    '"\U0001f600 \u2028 \u00ad \ufeff"',
    '""',
    '" am Rand "',
    '"Zeile\\r\\nund\\n\\tnoch \\"eine\\" \\\\ mit <b>&amp;</b> ]]> \'\'\'"',
    '"_:keiner . <http://example.org/> {} \\\\u0041"',
    '"' + "lang " * 20_000 + '"',
    CONTROL,
]
WITHOUT = {"rdf": 1}  # what XML cannot say: the control characters
NAMED = {"nq", "trig", "jsonld"}
FORMATS = {
    "nq": RdfFormat.N_QUADS,
    "nt": RdfFormat.N_TRIPLES,
    "ttl": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}


def graph(name: str, literals: list[str]) -> list[str]:
    """A graph of these literals; its blank nodes have labels that other graphs have too."""
    said = [
        f"<{B}id/thing/{number:02}> <{B}ontology/text> {literal} <{name}> ."
        for number, literal in enumerate(literals)
    ]
    return [
        *said,
        f"_:c14n0 <{B}ontology/partOf> _:c14n1 <{name}> .",
        f"_:c14n1 <{B}ontology/partOf> <{B}id/Köln/a,b;c=d&e> <{name}> .",
    ]


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return publish(
        tmp_path_factory.mktemp("nasty"), {ONE: graph(ONE, NASTY), TWO: graph(TWO, NASTY[:2])}
    )


@pytest.fixture(scope="module")
def shelf(nasty: Release) -> Shelf:
    made = Shelf.of(nasty)
    list(made.make(RDF, "gzip"))
    return made


def dump(shelf: Shelf, form: str) -> Dump:
    return next(each for each in shelf.dumps() if each.form == form)


def content(shelf: Shelf, form: str) -> bytes:
    return gzip.decompress(shelf.path(dump(shelf, form)).read_bytes())


def canonical(data: bytes, form: str, *, graphs: bool) -> str:
    """What a dump says as canonical text; pyoxigraph writes all language tags in small letters."""
    quads = list(parse(data, format=FORMATS[form]))
    dataset = Dataset(quads if graphs else [Quad(*quad.triple) for quad in quads])
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return "\n".join(sorted(map(str, dataset)))


@pytest.mark.parametrize("form", FORMATS)
def test_a_dump_has_every_literal_as_delivered(shelf: Shelf, form: str) -> None:
    text = content(shelf, form)
    for tag in (b"de-AT", b"EN-gb"):
        assert tag in text
    assert dump(shelf, form).omitted == WITHOUT.get(form, 0)
    found = {str(quad.object) for quad in parse(text, format=FORMATS[form])}
    lost = {CONTROL} if form in WITHOUT else set()
    expected = {literal.replace("de-AT", "de-at").replace("EN-gb", "en-gb") for literal in NASTY}
    assert expected - lost <= found


@pytest.mark.parametrize("form", FORMATS)
def test_every_dump_says_the_same(shelf: Shelf, nasty: Release, form: str) -> None:
    graphs = form in NAMED
    whole = b"".join(NQuads().pieces(of(nasty)))
    if form in WITHOUT:
        whole = b"\n".join(x for x in whole.split(b"\n") if CONTROL.encode() not in x)
    assert canonical(content(shelf, form), form, graphs=graphs) == canonical(
        whole, "nq", graphs=graphs
    )


def test_blank_nodes_of_two_graphs_stay_two(shelf: Shelf) -> None:
    quads = list(parse(content(shelf, "nt"), format=RdfFormat.N_TRIPLES))
    blank = {quad.subject for quad in quads if isinstance(quad.subject, BlankNode)}
    assert len(blank) == 4


def by_rdflib(data: bytes, form: str) -> str:
    """What rdflib reads, without giving literals their values."""
    name = {"nt": "nt", "nq": "nquads", "ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format=name.get(form, form))
    return dataset.serialize(format="nquads")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's, of its own names
@pytest.mark.parametrize("form", FORMATS)
def test_rdflib_reads_the_same(shelf: Shelf, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    graphs = form in NAMED
    ours = canonical(content(shelf, form), form, graphs=graphs)
    assert canonical(by_rdflib(content(shelf, form), form).encode(), "nq", graphs=graphs) == ours


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.skipif(not jena.is_here(), reason="Apache Jena is missing: libapache-jena-java")
def test_jena_reads_the_same(shelf: Shelf, form: str, tmp_path: Path) -> None:
    read = jena.nquads(shelf.path(dump(shelf, form)), tmp_path)
    ours = canonical(content(shelf, form), form, graphs=form in NAMED)
    assert canonical(read.encode(), "nq", graphs=form in NAMED) == ours
