"""Updates and graphs: each change is a whole new release or nothing, and keeps what was written."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from loader.changes.keys import Keys
from loader.releases.release import Home
from tests.sparql_api.conftest import GRAPH, XSD, B, Server, Start, publish

TURTLE = {"Content-Type": "text/turtle"}
LINES = [
    f'<urn:a> <urn:b> "1.50"^^<{XSD}decimal> <{GRAPH}> .',
    f'<urn:a> <urn:c> "007"^^<{XSD}nonNegativeInteger> <{GRAPH}> .',
    f"<urn:x> <urn:c> _:c14n0 <{GRAPH}> .",
    f'_:c14n0 <urn:c> "2.50"^^<{XSD}decimal> <{GRAPH}> .',
]
# Runs for minutes.
ENDLESS = (
    "INSERT { <urn:s> <urn:p> ?n } WHERE { SELECT (COUNT(*) AS ?n) {"
    + " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(60)))} }}" for i in range(6))
    + "} }"
)


@dataclass
class Desk:
    """A server with one release, an operator's client and a partner's."""

    home: Path
    server: Server
    operator: httpx.Client
    partner: httpx.Client

    def update(self, text: str) -> httpx.Response:
        return self.operator.post("/sparql/update", data={"update": text})

    def graph(self, **parameters: str) -> set[str]:
        headers = {"Accept": "application/n-triples"}
        answer = self.server.client.get("/graphs", params=parameters, headers=headers)
        assert answer.status_code == 200, answer.text
        return set(answer.text.splitlines())

    @property
    def live(self) -> str:
        release = Home(self.home).current()
        assert release is not None
        return release.id


@pytest.fixture(scope="module")
def desk(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = tmp_path_factory.mktemp("desk")
    publish(home, {GRAPH: LINES})
    server = start(home, query_workers=1)
    keys = Keys(home / "stadtwissen.sqlite")

    def client(partner: str, role: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {keys.add(partner, role)}"}  # type: ignore[arg-type]
        return httpx.Client(base_url=server.url, headers=headers, timeout=120)

    with client("ulm", "operator") as operator, client("koeln", "partner") as partner:
        yield Desk(home, server, operator, partner)
    server.stop()


def test_an_update_is_seen_by_the_very_next_query(desk: Desk) -> None:
    answer = desk.update("INSERT DATA { GRAPH <urn:next> { <urn:s> <urn:p> 'next' } }")
    asked = {"query": "ASK { ?s ?p 'next' }", "format": "json"}
    seen = desk.server.client.get("/sparql", params=asked)
    assert answer.json() == {
        "release": desk.live, "changed": True, "inserted": 1, "deleted": 0
    }  # fmt: skip
    assert seen.json()["boolean"] is True
    assert seen.headers["stadtwissen-release"] == answer.headers["stadtwissen-release"]


def test_an_update_writes_literals_as_its_text_does_and_leaves_the_others(desk: Desk) -> None:
    desk.update(
        f"PREFIX xsd: <{XSD}> DELETE DATA {{ GRAPH <{GRAPH}> {{ <urn:a> <urn:b> 1.5 }} }} ;"
        f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <urn:n> <urn:b> 3.50, '05'^^xsd:int, [ <urn:c> 4.0 ] "
        f"}} }} ; INSERT {{ GRAPH <{GRAPH}> {{ ?s <urn:t> 6.00 }} }} "
        f"WHERE {{ GRAPH <{GRAPH}> {{ ?s <urn:c> ?o }} FILTER(isIRI(?s) && ?s != <urn:x>) }}"
    )
    lines = desk.graph(graph=GRAPH)
    assert f'<urn:n> <urn:b> "3.50"^^<{XSD}decimal> .' in lines
    assert f'<urn:n> <urn:b> "05"^^<{XSD}int> .' in lines
    assert f'<urn:a> <urn:t> "6.00"^^<{XSD}decimal> .' in lines
    assert f'<urn:a> <urn:c> "007"^^<{XSD}nonNegativeInteger> .' in lines
    assert {line.split(" ", 1)[1] for line in lines if line.startswith("_:")} == {
        f'<urn:c> "2.50"^^<{XSD}decimal> .',
        f'<urn:c> "4.0"^^<{XSD}decimal> .',
    }
    assert not any("1.5" in line for line in lines)


def test_a_copied_graph_keeps_its_spelling(desk: Desk) -> None:
    assert desk.update(f"COPY <{GRAPH}> TO <urn:copy>").status_code == 200
    copied = desk.graph(graph="urn:copy")
    assert f'<urn:a> <urn:c> "007"^^<{XSD}nonNegativeInteger> .' in copied
    assert len(copied) == len(desk.graph(graph=GRAPH))


TAGGED = [
    ("application/n-triples", '<urn:t> <urn:p> "Grüß @Foo"@de-AT .\n<urn:t> <urn:q> "x"@EN-gb .'),
    ("text/turtle", '@prefix u: <urn:> . u:t u:p \'Grüß @Foo\'@de-AT ; u:q """x"""@EN-gb .'),
    (
        "application/rdf+xml",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">'
        "<rdf:Description rdf:about='urn:t'><u:p xml:lang='de-AT'>Grüß @Foo</u:p>"
        '<u:q xml:lang="EN-gb">x</u:q></rdf:Description></rdf:RDF>',
    ),
    (
        "application/ld+json",
        '[{"@id":"urn:t","urn:p":{"@value":"Grüß @Foo","@language":"de-AT"},'
        '"urn:q":{"@value":"x","@language": "EN-gb"}}]',
    ),
]


@pytest.mark.parametrize(("media", "text"), TAGGED)
def test_language_tags_keep_their_capitals_when_a_graph_is_put(
    desk: Desk, media: str, text: str
) -> None:
    sent = {"params": {"graph": "urn:tags"}, "headers": {"Content-Type": media}}
    answer = desk.operator.put("/graphs", content=text.encode(), **sent)  # type: ignore[arg-type]
    assert answer.status_code in {200, 201, 204}, answer.text
    expected = {'<urn:t> <urn:p> "Grüß @Foo"@de-AT .', '<urn:t> <urn:q> "x"@EN-gb .'}
    assert desk.graph(graph="urn:tags") == expected


def test_language_tags_keep_their_capitals_in_an_update(desk: Desk) -> None:
    desk.update("INSERT DATA { GRAPH <urn:say> { <urn:t> <urn:p> 'a'@de-AT, 'b'@EN-gb } }")
    desk.update("INSERT { GRAPH <urn:say> { <urn:t> <urn:q> 'c'@de-CH } } WHERE {}")
    assert desk.graph(graph="urn:say") == {
        '<urn:t> <urn:p> "a"@de-AT .',
        '<urn:t> <urn:p> "b"@EN-gb .',
        '<urn:t> <urn:q> "c"@de-CH .',
    }


def test_a_graph_that_cannot_be_read_is_told_with_its_own_columns(desk: Desk) -> None:
    text = "<urn:t> <urn:p> 'a'@de-AT , 'b'@EN-gb x"
    plain = desk.operator.put("/graphs?graph=urn:no", content=text.encode(), headers=TURTLE)
    small = desk.operator.put("/graphs?graph=urn:no", content=text.lower().encode(), headers=TURTLE)
    assert plain.status_code == small.status_code == 400
    assert plain.json()["detail"].lower() == small.json()["detail"].lower()


def test_a_graph_that_is_put_is_got_to_the_letter(desk: Desk) -> None:
    body = '<> <urn:p> 1.50 , "x"@DE , "05"^^<urn:t> .'
    made = desk.partner.put("/graphs/koeln/a", content=body, headers=TURTLE)
    again = desk.partner.put("/graphs/koeln/a", content=body, headers=TURTLE)
    assert (made.status_code, again.status_code) == (201, 204)
    assert f'<{B}graph/koeln/a> <urn:p> "1.50"^^<{XSD}decimal> .' in desk.graph(
        graph=f"{B}graph/koeln/a"
    )


def test_what_is_added_joins_what_is_there_and_blank_nodes_stay_apart(desk: Desk) -> None:
    for value in ("1.0", "2.0"):
        body = f"<urn:s> <urn:p> [ <urn:q> {value} ] ."
        desk.partner.post("/graphs/koeln/b", content=body, headers=TURTLE)
    assert len(desk.graph(graph=f"{B}graph/koeln/b")) == 4


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/graphs/ulm", "PUT", 403),
        ("/graphs?default", "PUT", 403),
        (f"/graphs?graph={B}graph/provenance", "DELETE", 403),
        ("/graphs/koeln/none", "DELETE", 404),
        ("/graphs/koeln/none", "GET", 404),
        ("/graphs?graph=none", "GET", 400),
        ("/graphs?default&graph=urn:x", "GET", 400),
    ],
)
def test_a_partner_gets_so_far_and_no_further(
    desk: Desk, path: str, method: str, status: int
) -> None:
    content = "<urn:a> <urn:b> 1 ." if method == "PUT" else None
    answer = desk.partner.request(method, path, content=content, headers=TURTLE)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("key", ["", "Bearer x", "Basic eDp5"])
def test_without_a_key_nothing_is_changed(desk: Desk, key: str) -> None:
    headers = {"Authorization": key} if key else {}
    sent = {"update": "CLEAR ALL"}
    answer = desk.server.client.post("/sparql/update", data=sent, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_partner_cannot_send_updates(desk: Desk) -> None:
    assert desk.partner.post("/sparql/update", data={"update": "CLEAR ALL"}).status_code == 403


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("text/turtle", "<urn:a> <urn:b> .", 400),
        ("text/turtle", b"<urn:a> <urn:b> '\xff' .", 400),
        ("text/csv", "a,b", 415),
        ("application/n-quads", "<urn:a> <urn:b> <urn:c> .", 415),
        ("text/turtle; charset=utf-16", "x", 415),
        ("multipart/form-data; boundary=x", "nothing", 400),
    ],
)
def test_what_cannot_be_read_is_said_and_changes_nothing(
    desk: Desk, kind: str, body: str | bytes, status: int
) -> None:
    before = desk.live
    headers = {"Content-Type": kind}
    answer = desk.partner.put("/graphs/koeln/a", content=body, headers=headers)
    assert (answer.status_code, desk.live) == (status, before), answer.text


def test_a_broken_rule_is_said_with_its_findings_and_nothing_is_changed(desk: Desk) -> None:
    before = desk.live
    body = f"<urn:p> a <{B}ontology/Project> ."
    answer = desk.partner.put("/graphs/koeln/p", content=body, headers=TURTLE)
    assert answer.status_code == 422
    finding = answer.json()["findings"][0]
    assert (finding["severity"], finding["focus"]) == ("error", "urn:p")
    assert finding["message"].keys() == {"de", "en"}
    assert desk.live == before


@pytest.mark.parametrize(
    ("update", "status", "kind"),
    [
        ("LOAD <http://127.0.0.1:1/>", 400, "update-refused"),
        ("L\\u004FAD <http://127.0.0.1:1/>", 400, "update-refused"),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <http://a/> { ?s ?p ?o } }", 403, "service-refused"),
        ("INSERT DATA {" + "{" * 600 + "}" * 601, 400, "query-too-complex"),
        ("INSERT DATA { <urn:a> }", 400, "query-syntax"),
        ("CREATE GRAPH <urn:e> ; CREATE GRAPH <urn:e>", 400, "bad-request"),
        ("SELECT * { ?s ?p ?o }", 400, "query-syntax"),
    ],
)
def test_an_update_that_is_refused_changes_nothing(
    desk: Desk, update: str, status: int, kind: str
) -> None:
    before = desk.live
    answer = desk.update(update)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/api#{kind}")
    assert desk.live == before


def test_a_silent_load_is_passed_over_and_reaches_nothing(desk: Desk) -> None:
    answer = desk.update("LOAD SILENT <http://127.0.0.1:1/> ; INSERT DATA { <urn:l> <urn:l> 1 }")
    assert answer.json()["inserted"] == 1


def test_a_prefix_may_stand_before_any_operation(desk: Desk) -> None:
    answer = desk.update(
        "INSERT DATA { <urn:p1> <urn:p> 1 } ;\nPREFIX n: <urn:n:>\nINSERT DATA { n:a n:b x:c }"
    )
    assert (answer.status_code, answer.json()["line"]) == (400, 3)
    answer = desk.update("CLEAR DEFAULT ; PREFIX n: <urn:n:> INSERT DATA { n:a n:b 'here' }")
    assert answer.status_code == 200
    assert '<urn:n:a> <urn:n:b> "here" .' in desk.graph(default="")


def test_who_changed_what_is_written_down(desk: Desk) -> None:
    made = desk.partner.put("/graphs/koeln/c", content="<urn:a> <urn:b> 1 .", headers=TURTLE)
    change = f"<{B}id/change/{made.headers['stadtwissen-release'].lower()}>"
    lines = desk.graph(graph=f"{B}graph/provenance")
    prov = "http://www.w3.org/ns/prov#"
    assert f"{change} <{prov}wasAssociatedWith> <{B}id/key-holder/koeln> ." in lines
    assert f"<{B}graph/koeln/c> <{prov}wasInfluencedBy> {change} ." in lines


def test_while_a_build_runs_a_change_is_told_to_wait(desk: Desk) -> None:
    with Home(desk.home).building():
        answer = desk.update("INSERT DATA { <urn:w> <urn:w> 1 }")
    assert (answer.status_code, "retry-after" in answer.headers) == (409, True)


def test_two_changes_at_once_are_both_made(desk: Desk) -> None:
    answers: list[int] = []

    def change(number: int) -> None:
        text = f"INSERT DATA {{ GRAPH <urn:both> {{ <urn:s> <urn:p> {number} }} }}"
        answers.append(desk.update(text).status_code)

    threads = [threading.Thread(target=change, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200, 200, 200]
    assert len(desk.graph(graph="urn:both")) == 3


def test_a_change_that_is_killed_or_too_slow_leaves_the_live_release(
    start: Start, tmp_path: Path
) -> None:
    publish(tmp_path, {GRAPH: LINES})
    key = Keys(tmp_path / "stadtwissen.sqlite").add("ulm", "operator")
    server = start(tmp_path, query_workers=1, update_timeout=10)
    before = Home(tmp_path).current()
    with httpx.Client(
        base_url=server.url, headers={"Authorization": f"Bearer {key}"}, timeout=120
    ) as client:
        answers: list[httpx.Response] = []
        sent = {"update": ENDLESS}
        thread = threading.Thread(
            target=lambda: answers.append(client.post("/sparql/update", data=sent))
        )
        thread.start()
        os.kill(_changing(server.process.pid), signal.SIGSEGV)
        thread.join()
        assert answers[0].status_code == 500
        assert client.post("/sparql/update", data=sent).status_code == 503
        assert Home(tmp_path).current() == before
        after = client.post("/sparql/update", data={"update": "INSERT DATA { <urn:a> <urn:b> 1 }"})
        assert after.status_code == 200
    server.stop()


def _changing(server: int) -> int:
    """The fork of the workshop that is at work, as soon as there is one."""
    for _ in range(600):
        shops = [child for child in _children(server) if b"workshop" in _command(child)]
        if forks := [fork for shop in shops for fork in _children(shop)]:
            time.sleep(0.5)
            return forks[0]
        time.sleep(0.1)
    pytest.fail("no change is at work")


def _command(process: int) -> bytes:
    return Path(f"/proc/{process}/cmdline").read_bytes()


def _children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text("ascii").split()]
