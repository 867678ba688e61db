"""Amendments: what the text of an update says before any engine runs it."""

import pytest

from sparql_api.endpoint import amendment


@pytest.mark.parametrize(
    ("update", "graphs"),
    [
        ("INSERT DATA { <a:s> <a:p> 1 GRAPH <a:g> { <a:s> <a:p> <a:o> } }", {"a:g"}),
        ("WITH <a:g> DELETE { ?s ?p 1 } WHERE { GRAPH <a:h> { ?s ?p 1 } }", {"a:g", "a:h"}),
        ("COPY SILENT GRAPH <a:g> TO <a:h> ; CLEAR DEFAULT", {"a:g", "a:h"}),
        ("DROP SILENT GRAPH <a:g> ; CREATE GRAPH <a:h>", {"a:g", "a:h"}),
        ("INSERT { ?s ?p 'GRAPH ?g' } WHERE { ?s ?p ?o } # DROP ALL", set()),
        ("DELETE WHERE { GRAPH ?g { ?s ?p 1 } }", None),
        ("PREFIX g: <a:> INSERT DATA { GRAPH g:h { <a:s> <a:p> 1 } }", None),
        ("BASE <a:> INSERT DATA { GRAPH <h> { <a:s> <a:p> 1 } }", None),
        ("CLEAR ALL", None),
        ("DROP NAMED", None),
        ("DROP SILENT ALL", None),
        (r"\u0044ROP ALL", None),
    ],
)  # fmt: skip
def test_the_graphs_that_an_update_may_write_are_read_or_it_may_be_any(
    update: str, graphs: set[str] | None
) -> None:
    assert amendment.written(update) == graphs
