"""Ten thousand mixed requests, and the server is what it was."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from random import Random
from urllib.parse import quote

import httpx

from tests.sparql_api.attacks.conftest import (
    ORDINARY,
    PROCESSES,
    THINGS,
    T,
    dial,
    family,
    pss,
    until,
)
from tests.sparql_api.conftest import B, Server

REQUESTS = 10_000
CLIENTS = 4
PATIENCE = 30  # seconds until the server has ended what nobody waits for
SHARES = {
    "look-up": 580,
    "form": 100,
    "construct": 100,
    "health": 50,
    "broken": 50,
    "bomb": 40,
    "document": 40,
    "large": 30,
    "gone": 5,
    "hog": 5,
}
QUERIES = {
    "look-up": "SELECT ?p ?o { THING ?p ?o }",
    "construct": "CONSTRUCT WHERE { THING ?p ?o }",
    "broken": "SELECT ?p ?o { THING ?p ?o } }",
    "bomb": "ASK " + "{" * 3_000,
    "large": f"SELECT * {{ ?s <{T}group> ?g }} LIMIT 5000",
    "hog": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
}


def _one(client: httpx.Client, server: Server, chance: Random) -> int:
    """One request: mostly small queries, and now and then everything that is bad for a server."""
    number = chance.randrange(THINGS)
    thing = f"<{B}id/thing/{number}>"
    kind = chance.choices(list(SHARES), list(SHARES.values()))[0]
    if kind == "health":
        return client.get("/health").status_code
    if kind == "document":
        return client.get(f"/doc/thing/{number}").status_code
    if kind == "form":
        return client.post("/sparql", data={"query": f"ASK {{ {thing} ?p ?o }}"}).status_code
    if kind == "gone":
        with dial(server) as gone:
            gone.sendall(f"GET /sparql?query={quote(QUERIES['large'])} HTTP/1.1\r\n".encode())
            gone.sendall(b"Host: x\r\n\r\n")
        return 0
    parameters = {"query": QUERIES[kind].replace("THING", thing)}
    if kind == "hog":
        parameters["timeout"] = "0.2"
    accept = chance.choice(["text/csv", "application/json", "text/turtle", "*/*"])
    return client.get("/sparql", params=parameters, headers={"Accept": accept}).status_code


def _many(server: Server, seed: int, count: int) -> list[int]:
    chance = Random(seed)
    with httpx.Client(base_url=server.url, timeout=30) as client:
        return [_one(client, server, chance) for _ in range(count)]


def _at_rest(server: Server) -> int:
    """Bytes that the server holds once it answers nothing and none of its processes is replaced."""
    sizes: list[int] = []

    def looked() -> bool:
        members = family(server.process.pid)
        with suppress(OSError):  # one was about to end
            size = sum(map(pss, members))
            calm = server.busy() == 0 and members == family(server.process.pid)
            if calm and len(members) == PROCESSES:
                sizes.append(size)
        return bool(sizes)

    until(looked, PATIENCE)
    return sizes[-1]


def test_ten_thousand_mixed_requests_leave_memory_and_processes_as_they_were(
    target: Server,
) -> None:
    def wave(seed: int, count: int) -> list[int]:
        with ThreadPoolExecutor(CLIENTS) as threads:
            waves = [
                threads.submit(_many, target, seed + i, count // CLIENTS) for i in range(CLIENTS)
            ]
            return [status for done in waves for status in done.result()]

    wave(1, 400)  # what is allocated once is allocated
    before = _at_rest(target)
    with ExitStack() as connections:
        dawdlers = [connections.enter_context(dial(target)) for _ in range(20)]
        for dawdler in dawdlers:
            dawdler.sendall(b"GET /sparql HTTP/1.1\r\nHost: ")
        statuses = wave(2, REQUESTS)
        # Half a minute is all that a client has to say what it wants.
        assert {dawdler.recv(1) for dawdler in dawdlers} == {b""}
    assert len(statuses) == REQUESTS
    assert set(statuses) <= {0, 200, 400, 404, 406, 503, 507}
    assert statuses.count(200) > 0.5 * REQUESTS
    assert target.ask(ORDINARY, "text/csv").text == "n\r\n4711\r\n"
    growth = _at_rest(target) / before
    assert growth < 1.1
