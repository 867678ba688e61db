"""Whatever the way in, a query is decoded once, and its text comes back as it was sent."""

from urllib.parse import quote

import pytest

from tests.sparql_api.conftest import Server

TEXTS = ["%20 + %2B ä € 😀", "%25%32%30", "a&b=c;d", "ä", "&amp;", "\u202e\u200d", "%u00e4", "++"]
FORM = "application/x-www-form-urlencoded"


def _ask(server: Server, way: str, query: str) -> str:
    encoded = quote(query, safe="")
    direct = {"Content-Type": "application/sparql-query"}
    accept = {"Accept": "application/sparql-results+json"}
    if way == "get":
        answer = server.client.get(f"/sparql?query={encoded}", headers=accept)
    elif way == "get with plus":
        answer = server.client.get("/sparql?query=" + encoded.replace("%20", "+"), headers=accept)
    elif way == "form":
        body, kind = f"query={encoded}", {"Content-Type": FORM}
        answer = server.client.post("/sparql", content=body, headers={**accept, **kind})
    elif way == "form with plus":
        body = "query=" + encoded.replace("%20", "+")
        kind = {"Content-Type": FORM + "; charset=UTF-8"}
        answer = server.client.post("/sparql", content=body, headers={**accept, **kind})
    else:
        answer = server.client.post("/sparql", content=query.encode(), headers={**accept, **direct})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["results"]["bindings"][0]["x"]["value"])


@pytest.mark.parametrize("way", ["get", "get with plus", "form", "form with plus", "direct"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back_as_it_was_sent(target: Server, way: str, text: str) -> None:
    assert _ask(target, way, f'SELECT ?x {{ BIND("{text}" AS ?x) }}') == text


@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_an_address_comes_back_as_it_was_sent(target: Server, way: str) -> None:
    address = "http://e/a%20b+c%2Bd/ä€😀?q=%C3%A4&r=+#%20"
    assert _ask(target, way, f"SELECT ?x {{ BIND(<{address}> AS ?x) }}") == address
