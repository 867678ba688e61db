"""Enquiries: plain requests for a query, read by the worker that answers them.

A look-up takes the engine less time than the server takes to pass it on in parts. So the server
hands a short request on as it came, and gets back what it sends to the client. What is not plain
(another release, a page, a query with a fault, If-None-Match, …) is not judged here at all.
"""

import json
import re
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import NamedTuple, Self

import httptools

from loader.settings import Settings
from sparql_api import coding, letterhead, locality
from sparql_api.errors import ApiError
from sparql_api.negotiation import GRAPHS, HTML, RESULTS, Choice, choose
from sparql_api.request import gate, protocol
from sparql_api.request.protocol import Asked
from sparql_api.request.reading import Reading
from sparql_api.workers.limits import Limits
from sparql_api.workers.wire import Question

START, _END = b"GET /sparql?", b"\r\n\r\n"
_LINE = re.compile(rb'GET /sparql\?([!"$-~]*) HTTP/1\.1')  # a number sign is in no target
_SENDERS = 256  # different headers that are remembered
LONGEST = 8 * 2**10  # bytes of a request that is tried as plain
_RESULTS, _GRAPHS = (*RESULTS, HTML), (*GRAPHS, HTML)
_HINDRANCES = frozenset(
    [b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"if-none-match", b"range"]
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a worker must know to answer in the server's name.

    `length` is that of a query in bytes, `rate` a client's seconds of query time in a minute.
    """

    release: str
    public_url: str
    client_header: str
    rate: float
    length: int
    limits: Limits

    @classmethod
    def of(cls, release: str, settings: Settings) -> Self:
        """The operator's, for a release."""
        return cls(
            release=release,
            public_url=settings.public_url.rstrip("/"),
            client_header=settings.client_header,
            rate=settings.rate,
            length=settings.query_length,
            limits=Limits.of(settings),
        )

    def encode(self) -> str:
        """The terms as an argument for the nursery."""
        return json.dumps(asdict(self))

    @classmethod
    def decode(cls, text: str) -> Self:
        """The terms in an argument."""
        facts = json.loads(text)
        return cls(**{**facts, "limits": Limits(**facts["limits"])})


class Enquiry(NamedTuple):
    """A question, and the head of its answer but for what only the server knows."""

    question: Question
    head: bytes
    etag: str

    def head_for(self, coding: str) -> bytes:
        """The head of the answer in that coding."""
        head = self.head
        if self.etag:
            head += b"etag: %b\r\n" % letterhead.coded(self.etag, coding).encode()
        if coding:
            head += b"content-encoding: %b\r\n" % coding.encode()
        return head


def is_likely(data: bytes) -> bool:
    """Whether bytes from a client look like one whole plain request."""
    return (
        data.startswith(START)
        and data.endswith(_END)
        and len(data) <= LONGEST
        and data.find(_END) == len(data) - len(_END)
    )


class Reader:
    """Reads enquiries on the terms of a release."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._senders: dict[bytes, Sender | None] = {}  # by their headers, the same each time

    def read(self, data: bytes) -> Enquiry | None:
        """The enquiry in a request that is likely to be one; None where it is none."""
        line, _, headers = data.partition(b"\r\n")
        target = _LINE.fullmatch(line)
        sender = self._sender(data, headers) if target else None
        if target is None or sender is None:
            return None
        try:
            asked = protocol.asked_in(target[1])
            reading = gate.inspect(asked.query or "", self._terms.length)
            offers = _GRAPHS if reading.form in {"CONSTRUCT", "DESCRIBE"} else _RESULTS
            choice = choose(offers, sender.accept, asked.format)
        except ApiError:
            return None
        elsewhere = asked.release or asked.default_graphs or asked.named_graphs
        if elsewhere or choice.format is HTML or reading.form is None:
            return None
        return self._enquiry(asked, reading, choice, sender)

    def _sender(self, data: bytes, headers: bytes) -> "Sender | None":
        if headers not in self._senders:
            if len(self._senders) >= _SENDERS:
                self._senders.clear()
            self._senders[headers] = _sender(data, self._terms.public_url)
        return self._senders[headers]

    def _enquiry(self, asked: Asked, reading: Reading, choice: Choice, sender: "Sender") -> Enquiry:
        terms, endpoint, query = self._terms, sender.endpoint, asked.query or ""
        limits = terms.limits.lowered(asked.timeout)
        question = Question(
            text=query,
            format=choice.format.name,
            seconds=limits.total,
            base=endpoint,
            dataset=reading.dataset,
            star=reading.star,
            order=tuple(reading.variables) if reading.star else (),
            coding=sender.coding,
        )
        head = _head(choice.content_type, endpoint, terms.release, limits)
        etag = letterhead.etag(terms.release, choice.media, endpoint, "", query, "")
        return Enquiry(question, head, "" if reading.volatile else etag)


@lru_cache(maxsize=64)
def _head(content_type: str, endpoint: str, release: str, limits: Limits) -> bytes:
    named = {"content-type": content_type, **letterhead.of_query(endpoint, release, limits)}
    lines = [(name.lower().encode(), text.encode("latin-1")) for name, text in named.items()]
    return b"".join(b"%b: %b\r\n" % pair for pair in [*lines, *letterhead.TO_ALL, *letterhead.SAFE])


class Sender(NamedTuple):
    """What the headers of a request say of its client; `endpoint` is where it found us."""

    endpoint: str
    accept: str | None
    coding: str


def _sender(data: bytes, public_url: str) -> Sender | None:
    """None where the headers ask for more than a plain answer."""
    request = _Headers()
    parser = httptools.HttpRequestParser(request)
    try:
        parser.feed_data(data)
    except (httptools.HttpParserError, httptools.HttpParserUpgrade):
        return None
    plain = request.whole and parser.get_http_version() == "1.1" and parser.should_keep_alive()
    host = request.text(b"host") or ""
    if not plain or not _HINDRANCES.isdisjoint(request.found):
        return None
    if not public_url and not locality.is_host(host):
        return None
    endpoint = (public_url or f"http://{host}") + "/sparql"
    encoding = coding.choose(request.text(b"accept-encoding"))
    return Sender(endpoint, request.text(b"accept"), encoding)


class _Headers:
    """What the parser reads; of a header that comes twice the first counts."""

    def __init__(self) -> None:
        self.found: dict[bytes, bytes] = {}
        self.whole = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self.found.setdefault(name.lower(), value)

    def on_message_complete(self) -> None:
        self.whole = True

    def text(self, name: bytes) -> str | None:
        value = self.found.get(name)
        return None if value is None else value.decode("latin-1")
