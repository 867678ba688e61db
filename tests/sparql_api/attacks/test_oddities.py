"""Requests that no honest client writes."""

import contextlib

import pytest

from tests.sparql_api.attacks.conftest import dial
from tests.sparql_api.conftest import Server

ASK = "GET /sparql?query=ASK%7B%7D"
POST = "POST /sparql HTTP/1.1|Host: x|Content-Type: application/sparql-query|"
LOST = {400, 404}
TOO_LONG = 431

# `|` stands for the end of a line.
ODD: dict[str, tuple[str, set[int]]] = {
    "zeros": ("\0" * 2_000, {400}),
    "version": ("GET / HTTP/9.9", {200, 400, 505}),
    "broken percent": ("GET /sparql?query=%zz HTTP/1.1|Host: x", {400}),
    "no utf-8": ("GET /sparql?query=%ff%fe HTTP/1.1|Host: x", {400}),
    "zero in query": ("GET /sparql?query=%00 HTTP/1.1|Host: x", {400}),
    "many parameters": ("GET /sparql?" + "a=1&" * 10_000 + " HTTP/1.1|Host: x", {400, 414, 431}),
    "long header": ("GET / HTTP/1.1|Host: x|X: " + "a" * 200_000, {400, 431}),
    "many headers": ("GET / HTTP/1.1|Host: x" + "|X: a" * 20_000, {200, 400, 431}),
    "upwards": ("GET /../../../../etc/passwd HTTP/1.1|Host: x", LOST),
    "upwards from static": ("GET /static/../server.py HTTP/1.1|Host: x", LOST),
    "upwards encoded": ("GET /static/%2e%2e/server.py HTTP/1.1|Host: x", LOST),
    "upwards all encoded": ("GET /static/%2e%2e%2fserver.py HTTP/1.1|Host: x", LOST),
    "from the root": ("GET /static//etc/passwd HTTP/1.1|Host: x", LOST),
    "zero in path": ("GET /%00 HTTP/1.1|Host: x", LOST),
    "zero in static": ("GET /static/%00 HTTP/1.1|Host: x", LOST),
    "long path": ("GET /doc/project/" + "a" * 5_000 + " HTTP/1.1|Host: x", LOST),
    "long static": ("GET /static/" + "a" * 5_000 + " HTTP/1.1|Host: x", LOST),
    "line in path": ("GET /%0d%0aSet-Cookie:a=b HTTP/1.1|Host: x", LOST),
    "bytes in path": ("GET /doc/project/%ff HTTP/1.1|Host: x", LOST),
    "line in id": ("GET /id/project/a%0d%0aX:%20y HTTP/1.1|Host: x", LOST | {303}),
    "query in path": ("GET /doc/project/x%3E%20%3Fp%20%3Fo%20%7D%23 HTTP/1.1|Host: x", LOST),
    "two slashes": ("GET //sparql HTTP/1.1|Host: x", LOST),
    "trace": ("TRACE /sparql HTTP/1.1|Host: x", {405}),
    "connect": ("CONNECT 127.0.0.1:22 HTTP/1.1|Host: x", {400, 404, 405}),
    "proxy": ("GET http://127.0.0.1:22/ HTTP/1.1|Host: x", {200, 400, 404}),
    "delete": ("DELETE /sparql HTTP/1.1|Host: x", {405}),
    "two lengths": (POST + "Content-Length: 6|Transfer-Encoding: chunked||0||", {200, 400}),
    "negative length": (POST + "Content-Length: -5", {400}),
    "two different lengths": (POST + "Content-Length: 9|Content-Length: 3||abc", {400}),
    "odd accept": (ASK + " HTTP/1.1|Host: x|Accept: ,;q=,*/*;q=x", {200, 406}),
    "long accept": (ASK + " HTTP/1.1|Host: x|Accept: " + "a/b," * 9_000 + "*/*", {200, 400, 431}),
    "endless timeout": (ASK + "&timeout=1e999 HTTP/1.1|Host: x", {400}),
    "no timeout": (ASK + "&timeout=nan HTTP/1.1|Host: x", {400}),
    "release upwards": (ASK + "&release=../../x HTTP/1.1|Host: x", {404}),
    "bytes in host": (ASK + " HTTP/1.1|Host: \xff\xfe", {200, 400}),
    "quotes in host": (ASK + ' HTTP/1.1|Host: a"b<c>', {200, 400}),
    "no host": (ASK + " HTTP/1.1", {200, 400}),
    "language": (ASK + "%7B HTTP/1.1|Host: x|Accept-Language: " + "x-" * 5_000, {400, 431}),
    "range": (ASK + " HTTP/1.1|Host: x|Range: bytes=0-1,0-1,0-1", {200}),
    "etag": (ASK + ' HTTP/1.1|Host: x|If-None-Match: "' + "," * 9_000, {200}),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_request_gets_a_plain_answer(target: Server, name: str) -> None:
    text, statuses = ODD[name]
    head, _, body = text.partition("||")
    raw = f"{head}|Connection: close||{body}".replace("|", "\r\n").encode("latin-1")
    answer = bytearray()
    with dial(target) as client, contextlib.suppress(ConnectionError):
        client.sendall(raw)  # a server may hang up on what is too long
        while part := client.recv(65_536):
            answer += part
    if not answer and TOO_LONG in statuses:
        return
    assert int(answer.split(b" ", 2)[1]) in statuses
    assert b"Traceback" not in answer
    assert b"root:" not in answer
    assert b"\r\nset-cookie" not in answer.lower()
