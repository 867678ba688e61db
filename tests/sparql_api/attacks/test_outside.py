"""Queries that try to make the server reach other machines, or its own files."""

from socket import create_connection
from urllib.parse import quote

import pytest

from tests.sparql_api.attacks.conftest import Trap
from tests.sparql_api.conftest import Server

HOSTS = [
    "127.0.0.1",
    "localhost",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0.0.0.0",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "127.0.0.1.nip.io",
    "user@127.0.0.1",
    "127.0.0.1%23@example.org",
]
REMOTE = "SERVICE <{address}> {{ ?s ?p ?o }}"


@pytest.mark.parametrize("host", HOSTS)
def test_service_reaches_no_address(target: Server, trap: Trap, host: str) -> None:
    address = f"http://{host}:{trap.port}/sparql"
    for service in ("SERVICE", "SERVICE SILENT", r"\u0053ERVICE", "service"):
        answer = target.ask(f"SELECT * {{ {service} <{address}> {{ ?s ?p ?o }} }}")
        assert answer.status_code == 403
    answer = target.ask(f"SELECT * {{ BIND(<{address}> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}")
    assert answer.status_code == 403
    assert trap.visits == 0


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {{ ?x ?y ?z FILTER(?z<'>'||true) {service} }} #'",
        "SELECT * {{ ?x ?y ?z FILTER(?z<1#>'''\n||true) {service} }} #'''",
        "SELECT * {{ ?x ?y ?z FILTER(STR(?z)<'>'||true) {service} }} #'",
        "SELECT * {{ ?x ?y ?z FILTER(?z<x:#>'''\ny||true) {service} }} #'''",
        "SELECT * {{ ?x ?y ?z FILTER((1)<'>'||true) {service} }} #'",
        "SELECT * {{ ?x ?y ?z FILTER(true<'>'||true) {service} }} #'",
        "SELECT * {{ ?x ?y ?z FILTER(?z<?y && ?z<'>'||true) {service} }} #'",
        "SELECT (?z<'>' AS ?q) {{ ?x ?y ?z {service} }} #'",
        "SELECT * {{ ?x ?y ?z {service} }} ORDER BY (?z<'>') #'",
        "SELECT * {{ ?x ?y ?z BIND(<x:f>(?z<')>') AS ?q) {service} }} #'",
        'SELECT * {{ ?x ?y """a\\""" . {service} #"""\n . {service} }}',
        "SELECT * {{ ?x ?y '''a'''' . {service} }} #'",
        "SELECT * {{ ?x <x:\\u003e> ?z . {service} }}",
        "SELECT * {{ ?x ?y 'a\\u0027 . {service} }} #'",
    ],
)
def test_service_hides_nowhere(target: Server, trap: Trap, query: str) -> None:
    service = REMOTE.format(address=f"http://127.0.0.1:{trap.port}/hidden")
    answer = target.ask(query.format(service=service))
    assert answer.status_code in {400, 403}
    assert trap.visits == 0


@pytest.mark.parametrize("place", ["http://127.0.0.1:{port}/x.ttl", "file:///etc/passwd"])
def test_from_reads_neither_web_nor_files(target: Server, trap: Trap, place: str) -> None:
    address = place.format(port=trap.port)
    for clause in (f"FROM <{address}>", f"FROM NAMED <{address}>"):
        answer = target.ask(
            f"SELECT * {clause} {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}"
        )
        assert answer.status_code == 200
        assert answer.json()["results"]["bindings"] == []
    for name in ("default-graph-uri", "named-graph-uri"):
        parameters = {"query": "SELECT * { ?s ?p ?o }", name: address}
        assert target.client.get("/sparql", params=parameters).json()["results"]["bindings"] == []
    assert trap.visits == 0


@pytest.mark.parametrize(
    "update", ["LOAD <{a}>", "LOAD SILENT <{a}> INTO GRAPH <x:y>", "loAd <{a}>"]
)
def test_load_is_refused_on_every_way_in(target: Server, trap: Trap, update: str) -> None:
    text = update.format(a=f"http://127.0.0.1:{trap.port}/x.ttl")
    as_update = {"Content-Type": "application/sparql-update"}
    as_query = {"Content-Type": "application/sparql-query"}
    answers = [
        target.ask(text),
        target.client.get("/sparql", params={"update": text}),
        target.client.post("/sparql", data={"query": text}),
        target.client.post("/sparql", data={"update": text}),
        target.client.post("/sparql", content=text, headers=as_update),
        target.client.post("/sparql", content=text, headers=as_query),
        target.client.post(f"/sparql?update={quote(text)}", data={"query": "ASK {}"}),
    ]
    assert {answer.status_code for answer in answers} <= {400, 403}
    assert trap.visits == 0


def test_the_trap_would_notice(trap: Trap) -> None:
    """Guards the tests above against a listener that hears nothing."""
    with create_connection(("127.0.0.1", trap.port)) as visitor:
        visitor.settimeout(2)
        assert visitor.recv(1) == b""
    assert trap.visits == 1


@pytest.mark.parametrize(
    "pattern",
    [
        "?x <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ?z",
        "?x<urn:it's#type>?z",
        "?x <#type> ?z",
        "VALUES (?x ?y) { (1 <http://e/it's#a>) (<urn:b> <urn:c>) }",
        "?x ?y ?z FILTER(?z<5&&?z>3)",
        "?x ?y ?z FILTER(?z<?x && ?y>'a#b')",
        "?x ?y ?z FILTER(?z < (1) && ?y > 'a')",
        "?x <http://e/list#of> (<urn:a#b> 1 <http://e/c#d>)",
        "?x ?y ?z FILTER(COALESCE(?x, <urn:a#b>) = ?z && IF(true,<urn:a#b>,?z) = ?x)",
    ],
)
def test_what_has_one_meaning_passes(target: Server, pattern: str) -> None:
    query = f"SELECT * {{ {pattern} }} LIMIT 1"
    assert target.ask(query).status_code == 200
