"""The endpoint of a remote store: any server of SPARQL 1.1 that takes updates.

Queries and updates go by SPARQLWrapper. Graphs go by the Graph Store Protocol where the operator
names its address: N-Triples say every literal, while some servers read `u0041` behind two
backslashes of an update as an escape, and cut off long results of queries.
"""

import base64
import http.client
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import IO
from urllib.error import HTTPError
from urllib.parse import quote

from SPARQLWrapper import BASIC, DIGEST, POST, POSTDIRECTLY, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import (
    EndPointInternalError,
    EndPointNotFound,
    QueryBadFormed,
    Unauthorized,
    URITooLong,
)

from loader.errors import StoreRefused, StoreUnreachable, UsageError
from loader.language import Text
from loader.settings import Settings

_PATIENCE = 600  # seconds for one request: a store may sort what it is given
_TRIPLES = "application/n-triples"
_REFUSALS = (EndPointInternalError, EndPointNotFound, QueryBadFormed, URITooLong)


@dataclass(slots=True)
class Endpoint:
    """A store's addresses: for queries, for updates, and for graphs (empty: it has none).

    A password without a user is a bearer token. The methods raise StoreUnreachable and
    StoreRefused.
    """

    address: str
    updates: str
    graphs: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    _by_digest: bool = False  # Virtuoso asks for it

    @classmethod
    def of(cls, settings: Settings) -> "Endpoint":
        """The store of the settings. Raises UsageError when they name none, or no address."""
        if not settings.store:
            raise UsageError(
                Text(
                    "Es ist kein entfernter Speicher genannt: Setzen Sie STADTWISSEN_STORE.",
                    "No remote store is named: set STADTWISSEN_STORE.",
                )
            )
        named = (settings.store, settings.store_update or settings.store, settings.store_graphs)
        for address in filter(None, named):
            if not address.startswith(("http://", "https://")):
                raise UsageError(
                    Text(
                        f"„{address}“ ist keine Adresse eines Speichers. "
                        "Beispiel: http://127.0.0.1:7878/query",
                        f"“{address}” is no address of a store. "
                        "Example: http://127.0.0.1:7878/query",
                    )
                )
        return cls(*named, settings.store_user, settings.store_password)

    def update(self, text: str) -> None:
        """Sends one request of SPARQL Update."""
        with _errors(self.updates):
            self._answer(text).read()

    def add(self, graph: str, lines: bytes) -> None:
        """Adds lines of N-Triples to a graph; a blank node belongs to its call."""
        if not self.graphs:
            self.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{lines.decode()}}} }}")
            return
        with _errors(self.graphs):
            self._graph(graph, data=lines, method="POST").read()

    def statements(self, graph: str) -> Iterator[bytes]:
        """What the store says is in a graph, as lines of N-Triples while they arrive."""
        with _errors(self.graphs or self.address):
            try:
                yield from self._graph(graph) if self.graphs else self._constructed(graph)
            except HTTPError as error:
                if error.code != HTTPStatus.NOT_FOUND:  # which is what no graph is
                    raise

    def _constructed(self, graph: str) -> IO[bytes]:
        return self._answer(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")

    def _answer(self, text: str) -> IO[bytes]:
        wrapper = SPARQLWrapper(self.address, updateEndpoint=self.updates)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.setTimeout(_PATIENCE)
        wrapper.setQuery(text)
        if wrapper.isSparqlUpdateRequest():  # Virtuoso 7 never answers a query sent this way
            wrapper.setRequestMethod(POSTDIRECTLY)
        wrapper.addCustomHttpHeader("Accept", f"{_TRIPLES}, */*;q=0.1")
        if self.user:
            wrapper.setHTTPAuth(DIGEST if self._by_digest else BASIC)
            wrapper.setCredentials(self.user, self.password)
        elif self.password:
            wrapper.addCustomHttpHeader("Authorization", self._authorization)
        try:
            answer: IO[bytes] = wrapper.query().response
        except Unauthorized:
            if self._by_digest or not self.user:
                raise
            self._by_digest = True
            return self._answer(text)
        return answer

    def _graph(self, graph: str, data: bytes | None = None, method: str = "GET") -> IO[bytes]:
        address = f"{self.graphs}{'&' if '?' in self.graphs else '?'}graph={quote(graph, safe='')}"
        request = urllib.request.Request(address, data, method=method)  # noqa: S310  of() looked
        request.add_header("Accept" if data is None else "Content-Type", _TRIPLES)
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        if self._by_digest:
            passwords.add_password(None, self.graphs, self.user, self.password)
        elif self.password:
            request.add_header("Authorization", self._authorization)
        digest = urllib.request.HTTPDigestAuthHandler(passwords)
        try:
            opener = urllib.request.build_opener(digest)
            answer: IO[bytes] = opener.open(request, timeout=_PATIENCE)
        except HTTPError as error:
            if error.code != HTTPStatus.UNAUTHORIZED or self._by_digest or not self.user:
                raise
            self._by_digest = True
            return self._graph(graph, data, method)
        return answer

    @property
    def _authorization(self) -> str:
        if not self.user:
            return f"Bearer {self.password}"
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()


@contextmanager
def _errors(address: str) -> Iterator[None]:
    """What can go wrong between here and there, as errors that say which store it was."""
    try:
        yield
    except Unauthorized:
        raise _refused(address, 401, "") from None
    except HTTPError as error:
        raise _refused(address, error.code, _first(error.read(500))) from None
    except _REFUSALS as error:
        said = str(error).partition("Response:")[2].strip().removeprefix("b")
        raise _refused(address, 0, _first(said.strip("'\"") or error.msg)) from None
    except (OSError, http.client.HTTPException) as error:
        why = getattr(error, "reason", None) or str(error) or type(error).__name__
        raise StoreUnreachable(
            Text(
                f"Der Speicher {address} antwortet nicht: {why}. Läuft er, und stimmt die Adresse?",
                f"The store {address} does not answer: {why}. Is it running, is the address right?",
            )
        ) from error


def _refused(address: str, status: int, why: str) -> StoreRefused:
    if status in {401, 403}:
        return StoreRefused(
            Text(
                f"Der Speicher {address} lässt uns nicht ein ({status}). Prüfen Sie "
                "STADTWISSEN_STORE_USER und STADTWISSEN_STORE_PASSWORD.",
                f"The store {address} does not let us in ({status}). Check "
                "STADTWISSEN_STORE_USER and STADTWISSEN_STORE_PASSWORD.",
            )
        )
    said = " ".join(filter(None, [str(status or ""), why])).strip()
    return StoreRefused(
        Text(
            f"Der Speicher {address} weist das zurück: {said}",
            f"The store {address} refuses that: {said}",
        )
    )


def _first(body: bytes | str) -> str:
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    return " ".join(text.split())[:300]
