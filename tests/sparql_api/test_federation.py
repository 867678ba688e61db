"""SERVICE: what other servers know joins what ours knows; nobody else is reached."""

import asyncio
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import sleep
from urllib.parse import parse_qs

import pytest

from loader.errors import UsageError
from sparql_api.errors import ServiceFailed, ServiceRefused
from sparql_api.request import federation
from sparql_api.request.broker import Broker
from sparql_api.request.reach import is_public
from tests.sparql_api.attacks.conftest import Trap
from tests.sparql_api.conftest import B, Server, Start

JSON = "application/sparql-results+json"
Say = Callable[[BaseHTTPRequestHandler], None]


class Other(ThreadingHTTPServer):
    """Another server on loopback; `says` maps a path to what it does, `asked` has the queries."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.says: dict[str, Say] = {}
        self.asked: list[str] = []

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: Other

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(parse_qs(body.decode())["query"][0])
        self.server.says[self.path](self)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def _answers(body: str, kind: str = JSON) -> Say:
    def say(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body.encode())))
        handler.end_headers()
        handler.wfile.write(body.encode())

    return say


def _moves(address: str) -> Say:
    def say(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(307)
        handler.send_header("Location", address)
        handler.end_headers()

    return say


def _drips(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        sleep(0.1)


@pytest.fixture
def trap() -> Iterator[Trap]:
    listener = Trap()
    yield listener
    listener.close()


@pytest.fixture(scope="module")
def other() -> Iterator[Other]:
    with Other() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def asking(start: Start, probe_home: Path, server: Server, other: Other) -> Iterator[Server]:
    """A server that may ask two others: `server`, and what `other` has under /open."""
    allowed = f"{server.url}/sparql {other.at('/open')} http://localhost:{other.server_port}/"
    asking = start(probe_home, allowed_services=allowed, service_timeout=1, service_size="64 KiB")
    yield asking
    asking.stop()


def _rows(asking: Server, query: str) -> list[list[str]]:
    answer = asking.ask(query, "text/csv")
    assert answer.status_code == 200, answer.text
    return [line.split(",") for line in answer.text.splitlines()[1:]]


def test_what_another_server_knows_joins_what_ours_knows(asking: Server, server: Server) -> None:
    query = f"""PREFIX o: <{B}ontology/>
        SELECT ?n ?m {{ VALUES ?n {{ 7 8 }} ?a o:number ?n .
          SERVICE <{server.url}/sparql> {{ ?a o:number ?m FILTER(?m < 8) # }} a comment
          }} }}"""
    assert _rows(asking, query) == [["7", "7"]]


def test_a_prefixed_address_and_an_optional_block_are_understood(
    asking: Server, server: Server
) -> None:
    query = f"""PREFIX x: <{server.url}/>
        SELECT ?a ?m {{ VALUES ?a {{ <x:y> }}
          OPTIONAL {{ SERVICE x:sparql {{ ?a <{B}ontology/number> ?m FILTER(?m < 3) }} }} }}"""
    assert _rows(asking, query) == [["x:y", ""]]


def test_select_star_keeps_the_order_of_appearance(asking: Server, server: Server) -> None:
    block = f"SERVICE <{server.url}/sparql> {{ ?z ?b ?a FILTER(?a = 7) }}"
    query = f"SELECT * {{ ?z <{B}ontology/number> 7 . {block} }}"
    answer = asking.ask(query, "text/csv")
    assert answer.text.splitlines()[0] == "z,b,a"


def test_all_terms_come_over_as_they_are(asking: Server, other: Other) -> None:
    terms = (
        '{"type": "literal", "value": "a\\"b\\\\c\\nd 😀", "xml:lang": "de"}',
        '{"type": "literal", "value": "1.5", '
        '"datatype": "http://www.w3.org/2001/XMLSchema#decimal"}',
        '{"type": "uri", "value": "http://e/%20ä"}',
    )
    rows = ", ".join(f'{{"x": {term}}}' for term in terms)
    other.says["/open/terms"] = _answers(
        f'{{"head": {{"vars": ["x", "y"]}}, "results": {{"bindings": [{rows}]}}}}'
    )
    query = f"SELECT ?x ?y {{ SERVICE <{other.at('/open/terms')}> {{ ?x ?p ?y }} }}"
    found = asking.ask(query).json()["results"]["bindings"]
    assert [row["x"]["value"] for row in found] == ['a"b\\c\nd 😀', "1.5", "http://e/%20ä"]
    assert "y" not in found[0]


def test_the_other_server_gets_the_block_with_our_prefixes_and_base(
    asking: Server, other: Other
) -> None:
    other.says["/open/seen"] = _answers('{"head": {"vars": []}, "results": {"bindings": [{}]}}')
    query = f"PREFIX a: <http://a/>\nASK {{ SERVICE <{other.at('/open/seen')}> {{ a:b <c> 1 }} }}"
    assert asking.ask(query).json()["boolean"] is True
    said = f"BASE <{asking.url}/sparql>\nPREFIX a: <http://a/>\n\nSELECT * WHERE {{ a:b <c> 1 }}"
    assert other.asked[-1] == said


@pytest.mark.parametrize(
    ("say", "words"),
    [
        (_answers("no json"), "etwas anderes"),
        (_answers('{"head": {}, "boolean": true}'), "etwas anderes"),
        (_answers(" " * 70_000), "65536 Bytes"),
        (_drips, "langsam"),
        (lambda handler: handler.send_error(500), "Status 500"),
        (lambda handler: handler.connection.close(), "nicht brauchbar"),
        (
            _answers(
                '{"head": {"vars": ["x"]}, "results": {"bindings": '
                '[{"x": {"type": "bnode", "value": "b"}}]}}'
            ),
            "leere Knoten",
        ),
    ],
    ids=["text", "boolean", "long", "slow", "failing", "gone", "blank"],
)
def test_a_bad_answer_is_said_and_silent_goes_on_without_it(
    asking: Server, other: Other, say: Say, words: str
) -> None:
    other.says["/open/bad"] = say
    block = f"<{other.at('/open/bad')}> {{ ?x ?y ?z }}"
    answer = asking.ask(f"SELECT * {{ SERVICE {block} }}")
    assert answer.status_code == 502
    assert words in answer.json()["detail"]
    assert _rows(asking, f"SELECT ?v {{ VALUES ?v {{ 1 }} SERVICE SILENT {block} }}") == [["1"]]


def test_a_redirect_is_followed_only_to_what_is_allowed(
    asking: Server, server: Server, other: Other, trap: Trap
) -> None:
    query = f"ASK {{ SERVICE <{other.at('/open/moved')}> {{ ?s ?p 7 }} }}"
    other.says["/open/moved"] = _moves(server.url + "/sparql")
    assert asking.ask(query).json()["boolean"] is True
    for place in (
        f"http://127.0.0.1:{trap.port}/",
        f"http://[::ffff:127.0.0.1]:{trap.port}/",
        "file:///etc/passwd",
        other.at("/closed"),
    ):
        other.says["/open/moved"] = _moves(place)
        assert asking.ask(query).status_code == 403
        assert asking.ask(query.replace("SERVICE", "SERVICE SILENT")).status_code == 403
    other.says["/open/moved"] = _moves(other.at("/open/moved"))
    assert asking.ask(query).status_code == 502
    assert trap.visits == 0


def test_a_listed_name_that_leads_inside_is_not_asked(asking: Server, other: Other) -> None:
    before = len(other.asked)
    answer = asking.ask(
        f"ASK {{ SERVICE <http://localhost:{other.server_port}/x> {{ ?a ?b ?c }} }}"
    )
    assert answer.status_code == 403
    assert "nicht öffentlich" in answer.json()["detail"]
    assert len(other.asked) == before


@pytest.mark.parametrize(
    "block",
    [
        "SERVICE ?x { ?a ?b ?c }",
        "SERVICE <OPEN> { ?a ?b ?c SERVICE ?x { ?d ?e ?f } }",
        "SERVICE <OPEN> { ?a ?b ?c OPTIONAL { SERVICE SILENT <OPEN/../closed> { ?d ?e ?f } } }",
        "SERVICE <OPEN> { SERVICE <OPEN> { SERVICE <http://10.0.0.1/> { ?d ?e ?f } } }",
        "SERVICE <OPEN> { " * (federation.BLOCKS + 1) + "?a ?b ?c" + " }" * (federation.BLOCKS + 1),
        "SERVICE <OPEN/../closed> { ?a ?b ?c }",
        "SERVICE <OPEN/%2e%2e/closed> { ?a ?b ?c }",
        "SERVICE <OPENING> { ?a ?b ?c }",
        "SERVICE <http://user@127.0.0.1/> { ?a ?b ?c }",
        "SERVICE <relative> { ?a ?b ?c }",
        r"\u0053ERVICE <OPEN> { ?a ?b ?c }",
        r"SERVICE <OPEN/\u002e\u002e/closed> { ?a ?b ?c }",
        " ".join(["SERVICE <OPEN> { ?a ?b ?c }"] * (federation.BLOCKS + 1)),
    ],
)
def test_what_is_not_allowed_is_refused(asking: Server, other: Other, block: str) -> None:
    before = len(other.asked)
    answer = asking.ask(f"SELECT * {{ {block.replace('OPEN', other.at('/open'))} }}")
    assert answer.status_code in {400, 403}
    assert len(other.asked) == before


def test_a_block_within_a_block_is_the_other_servers_to_ask(asking: Server, other: Other) -> None:
    other.says["/open"] = _answers('{"head": {"vars": []}, "results": {"bindings": [{}]}}')
    inner = f"OPTIONAL {{ SERVICE SILENT <{other.at('/open/inner')}> {{ ?a ?b ?c }} }}"
    before = len(other.asked)
    assert _rows(asking, f"SELECT (1 AS ?n) {{ SERVICE <{other.at('/open')}> {{ {inner} }} }}")
    (asked,) = other.asked[before:]
    assert inner in asked


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "10.0.0.1"]
)
def test_nobody_is_sent_inside_by_a_block_within_an_allowed_one(
    asking: Server, server: Server, trap: Trap, host: str
) -> None:
    inner = f"SERVICE SILENT <http://{host}:{trap.port}/sparql> {{ ?a ?b ?c }}"
    for pattern in (inner, f"{{ SELECT * {{ {inner} }} }}", f"FILTER EXISTS {{ {inner} }}"):
        query = f"SELECT * {{ SERVICE SILENT <{server.url}/sparql> {{ {pattern} }} }}"
        answer = asking.ask(query)
        assert answer.status_code == 403
        assert f"http://{host}:{trap.port}/sparql" in answer.json()["detail"]
    assert trap.visits == 0


def test_an_answer_from_elsewhere_is_never_kept(asking: Server, server: Server) -> None:
    query = f"ASK {{ SERVICE <{server.url}/sparql> {{ ?s ?p 7 }} }}"
    assert "etag" not in asking.ask(query).headers


@pytest.mark.parametrize(
    "places",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["169.254.169.254"],
        ["93.184.216.34", "192.168.1.1"],
        ["::1"],
        ["::ffff:10.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"],
        ["fd00::1"],
        ["fe80::1%eth0"],
        ["0.0.0.0"],
        ["224.0.0.1"],
        [],
    ],
)
def test_a_name_with_any_address_inside_is_not_asked(places: list[str]) -> None:
    broker = Broker("https://example.org/", 1, 1_000, lambda _host, _port: places)
    with pytest.raises(ServiceRefused, match="not public"):
        asyncio.run(broker.ask("https://example.org/sparql", "ASK {}"))
    broker.close()


def test_a_name_that_cannot_be_found_is_a_failure() -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        raise OSError("no such name")

    broker = Broker("https://example.org/", 1, 1_000, resolve)
    with pytest.raises(ServiceFailed):
        asyncio.run(broker.ask("https://example.org/sparql", "ASK {}"))
    broker.close()


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "2002:5db8:d822::1"])
def test_public_addresses_are_told_from_others(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("entry", ["example.org", "ftp://example.org/", "https://a@b/", "https://"])
def test_a_misspelt_allowance_is_said_at_the_start(entry: str) -> None:
    with pytest.raises(UsageError, match="ALLOWED_SERVICES"):
        Broker(entry, 1, 1_000)
