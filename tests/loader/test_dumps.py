"""Dumps: each says what the masters say, literals to the letter, as others read them too."""

import gzip
import time
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Quad,
    RdfFormat,
    parse,
    serialize,
)

from loader.dumps.form import RDF, TABLES, writer
from loader.dumps.graph import of
from loader.dumps.lines import NQuads
from loader.dumps.packing import checksum
from loader.dumps.shelf import Dump, Shelf
from loader.releases.release import Release
from tests.conftest import stadtwissen
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


def facts(data: bytes, form: str, *, graphs: bool) -> set[bytes]:
    """The statements of a dump as lines, with their graphs or without."""
    quads = parse(data, format=FORMATS[form])
    if graphs:
        said = serialize(quads, format=RdfFormat.N_QUADS)
    else:
        said = serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES)
    assert said
    return set(said.split(b"\n"))


@pytest.mark.parametrize("form", ["trig", "rdf", "jsonld"])
def test_every_statement_of_the_sources_is_in_a_dump(release: Release, form: str) -> None:
    made, graphs = writer(form), form in NAMED
    whole = facts(b"".join(NQuads().pieces(of(release))), "nq", graphs=graphs)
    assert facts(b"".join(made.pieces(of(release))), form, graphs=graphs) == whole
    assert made.omitted == 0


def test_a_dump_that_fails_leaves_those_before_it(
    nasty: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Shelf(tmp_path, nasty)
    making = place.make(["nt", "nq"], "none")
    first = next(making)
    monkeypatch.setattr(NQuads, "pieces", lambda *_: iter([b"half", 1 / 0]))
    with pytest.raises(ZeroDivisionError):
        next(making)
    assert place.dumps() == (first,)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "dumps.json",
        "lock",
        "stadtwissen.nt",
    ]


def test_the_same_release_makes_the_same_bytes(nasty: Release, tmp_path: Path) -> None:
    def made(name: str) -> list[Dump]:
        ways = [(["ttl"], "gzip"), (["ttl"], "zstd"), (TABLES, "none")]
        return [
            dump for forms, way in ways for dump in Shelf(tmp_path / name, nasty).make(forms, way)
        ]

    first, moment = made("a"), time.time() // 2  # a zip file counts two seconds at a time
    while time.time() // 2 == moment:
        time.sleep(0.1)
    assert made("b") == first
    assert len(first) == 2 + len(TABLES)


def test_export_writes_files_with_checksums_and_catalogue(nasty: Release, tmp_path: Path) -> None:
    home = nasty.path.parents[1]
    done = stadtwissen("export", "--format", "nt", "--output", tmp_path / "out", home=home)
    assert done.returncode == 0, done.stderr
    names = [Path(line).name for line in done.stdout.splitlines()]
    assert names == ["stadtwissen.nt.gz", "SHA256SUMS", "catalog.ttl"]
    said = (tmp_path / "out" / "SHA256SUMS").read_text()
    assert said == f"{checksum(tmp_path / 'out' / 'stadtwissen.nt.gz')}  stadtwissen.nt.gz\n"
    assert "stadtwissen.nt.gz" in (tmp_path / "out" / "catalog.ttl").read_text()


def test_export_without_a_release_says_what_to_do(tmp_path: Path) -> None:
    done = stadtwissen("export", home=tmp_path, lang="en")
    assert done.returncode == 2
    assert "stadtwissen build" in done.stderr


def test_what_a_killed_export_left_is_cleared(nasty: Release, tmp_path: Path) -> None:
    (tmp_path / "making").mkdir()
    (tmp_path / "making" / "Municipality.csv").touch()
    (tmp_path / "stadtwissen.nt.gz.77.new").touch()
    list(Shelf(tmp_path, nasty).make(["nt"], "gzip"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "dumps.json",
        "lock",
        "stadtwissen.nt.gz",
    ]
