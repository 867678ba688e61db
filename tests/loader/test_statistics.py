"""Statistics: they count what the engine counts, on data made to mislead them."""

from pathlib import Path

import polars as pl
import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store

from loader.releases import counting, master, statistics

XSD = "http://www.w3.org/2001/XMLSchema#"
GRAPHS = {
    "x:one": [
        "<x:a> <x:cost> \"1.50\"^^<" + XSD + "decimal> <x:one> .",
        "<x:a> <x:cost> \"1.5\"^^<" + XSD + "decimal> <x:one> .",
        "<x:a> <x:cost> \"01\"^^<" + XSD + "nonNegativeInteger> <x:one> .",
        "<x:a> <x:name> \"A <x:b> .\"@de <x:one> .",
        "<x:a> <x:name> \"A\"@DE <x:one> .",
        "<x:a> <x:in> <x:b> <x:one> .",
        "<x:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <x:C> <x:one> .",
        "<x:b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <x:C> <x:one> .",
        "<x:b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <x:D> <x:one> .",
        "<x:b> <x:in> _:c14n0 <x:one> .",
        "_:c14n0 <x:name> \"blank\" <x:one> .",
    ],
    "x:two": [
        "<x:a> <x:in> <x:b> <x:two> .",
        "<x:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <x:C> <x:two> .",
        "<x:a> <x:kind> <x:k> <x:two> .",
        "<x:b> <x:kind> <x:k> <x:two> .",
        "_:c14n0 <x:name> \"blank\" <x:two> .",
    ],
    "x:empty": [],
    "": ["<x:a> <x:in> <x:b> .", "<x:c> <x:kind> <x:k> .", '<x:c> <x:name> "C" .'],
}  # fmt: skip


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("masters")
    paths = {}
    for number, (graph, lines) in enumerate(GRAPHS.items()):
        paths[graph] = folder / f"{number}.nq"
        master.write(paths[graph], [pl.Series(lines, dtype=pl.String)])
    return paths


@pytest.fixture(scope="module")
def store(paths: dict[str, Path]) -> Store:
    store = Store()
    for path in paths.values():
        store.bulk_load(path=path, format=RdfFormat.N_QUADS)
    return store


def _ask(store: Store, query: str) -> list[tuple[str, ...]]:
    rows = store.query(query, use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    return [tuple(getattr(term, "value", str(term)) for term in row) for row in rows]


def test_the_whole_and_each_graph_have_the_engines_totals(
    paths: dict[str, Path], store: Store
) -> None:
    counted = counting.count(paths)
    head = "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?a) (COUNT(DISTINCT ?p) AS ?b) "
    head += "(COUNT(DISTINCT ?o) AS ?c) "
    for where, totals in [
        ("{ ?s ?p ?o }", counted["whole"]),
        *(
            (f"{{ GRAPH <{name}> {{ ?s ?p ?o }} }}", counted["graphs"][name])
            for name in paths
            if name
        ),
    ]:
        assert _ask(store, head + where) == [tuple(map(str, totals.values()))]


def test_properties_and_classes_have_the_engines_counts(
    paths: dict[str, Path], store: Store
) -> None:
    counted = counting.count(paths)
    query = """SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?a) (COUNT(DISTINCT ?o) AS ?b)
               { ?s ?p ?o } GROUP BY ?p"""
    ours = {(p, *map(str, numbers.values())) for p, numbers in counted["properties"].items()}
    assert ours == set(_ask(store, query))
    query = "SELECT ?c (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?a) { ?s a ?c } GROUP BY ?c"
    ours = {(c, *map(str, numbers.values())) for c, numbers in counted["classes"].items()}
    assert ours == set(_ask(store, query))


def test_facets_are_counted_with_and_without_a_class(paths: dict[str, Path], store: Store) -> None:
    counted = counting.count(paths)
    assert set(counted["values"]) == {"x:kind", statistics.RDF_TYPE}  # x:in leads to a blank node
    assert counted["values"]["x:kind"] == {"x:k": 3}
    query = "SELECT ?c ?p ?o (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o } GROUP BY ?c ?p ?o"
    theirs = {row for row in _ask(store, query) if row[1] in counted["values"]}
    ours = {
        (c, p, o, str(n))
        for c, properties in counted["class_values"].items()
        for p, values in properties.items()
        for o, n in values.items()
    }
    assert ours == theirs


def test_a_release_of_before_has_no_statistics(tmp_path: Path) -> None:
    assert statistics.read(tmp_path) is None


def test_what_is_written_is_what_is_read(tmp_path: Path, paths: dict[str, Path]) -> None:
    counting.write(tmp_path, paths)
    assert statistics.read(tmp_path) == counting.count(paths)


def test_nothing_counts_as_nothing(tmp_path: Path) -> None:
    assert counting.count({})["whole"]["triples"] == 0


FORMS = """
0 -0 +1 01 1 -1 007 1.0 1.50 1.5 -1.5 -0.5 0.50 .5 5. -0.0 0.0 abc 1e3 NaN
123456789012345678 1234567890123456789 99999999999999999999 12345678901.5
0.12345678 0.123456789 0.1234567890123456789 2021-02-03 2021-02-30 0021-02-03 12021-02-03
2021-02-03Z 2021-02-03+01:00 2021 0999 2021Z 2021-02 2021-02-03T10:00:00 2021-02-03T24:00:00Z
2021-02-03T10:00:00.50Z 10:00:00 P1Y0M PT60S true TRUE http://a/ä
"""
KINDS = """
integer decimal nonNegativeInteger double float date gYear gYearMonth dateTime dateTimeStamp time
duration boolean anyURI string int
"""


def test_every_spelling_counts_as_the_engine_takes_it(tmp_path: Path) -> None:
    pairs = [(form, kind) for kind in KINDS.split() for form in [*FORMS.split(), "", " 1"]]
    lines = [f'<x:s{i}> <x:p> "{f}"^^<{XSD}{k}> <x:g> .' for i, (f, k) in enumerate(pairs)]
    lines += [f'<x:t> <x:{k}> "{f}"^^<{XSD}{k}> <x:g> .' for f, k in pairs]
    master.write(tmp_path / "forms.nq", [pl.Series(lines, dtype=pl.String)])
    counted = counting.count({"x:g": tmp_path / "forms.nq"})
    store = Store()
    store.bulk_load(path=tmp_path / "forms.nq", format=RdfFormat.N_QUADS)
    query = "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?o) AS ?o) { ?s ?p ?o } GROUP BY ?p"
    theirs = {p: (int(n), int(o)) for p, n, o in _ask(store, query.replace("AS ?o", "AS ?m"))}
    ours = {p: (row["triples"], row["objects"]) for p, row in counted["properties"].items()}
    assert ours == theirs
