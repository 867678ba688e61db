"""The broker: the only one here who asks other servers, and only those that the operator names.

A name must lead to public addresses alone, and the connection goes to an address that was checked,
not to what the name means a moment later. Redirects are checked like the first address.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from time import monotonic
from urllib.parse import SplitResult, urlencode, urljoin, urlsplit

from loader.errors import UsageError
from loader.language import Text
from sparql_api.errors import ServiceFailed, ServiceRefused
from sparql_api.request.reach import is_literal, is_public

_PORTS = {"http": 80, "https": 443}
_REDIRECTS = 3
_MOVED = frozenset([301, 302, 303, 307, 308])
_AT_A_TIME = 8
_HEADERS = {
    "Accept": "application/sparql-results+json",
    "Accept-Encoding": "identity",
    "Content-Type": "application/x-www-form-urlencoded",
    "User-Agent": "Stadtwissen",
}

Resolve = Callable[[str, int], list[str]]


@dataclass(slots=True)
class _Call:
    """One request underway; hanging up from outside ends a read that would wait on."""

    deadline: float
    line: socket.socket | None = None

    def hang_up(self) -> None:
        if self.line:
            with contextlib.suppress(OSError):
                self.line.shutdown(socket.SHUT_RDWR)


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


class Broker:
    """Asks what is allowed: `allowed` has beginnings of addresses, parted by blanks or commas.

    An answer has at most `size` bytes and `seconds`. Raises UsageError for what is no address.
    """

    def __init__(
        self, allowed: str, seconds: float, size: int, resolve: Resolve = _resolve
    ) -> None:
        entries = allowed.replace(",", " ").split()
        self._allowed = [_parsed(entry) for entry in entries]
        self._seconds = seconds
        self._size = size
        self._resolve = resolve
        self._threads = ThreadPoolExecutor(_AT_A_TIME, "broker")
        for entry, parsed in zip(entries, self._allowed, strict=True):
            if parsed is None:
                raise UsageError(
                    Text(
                        f"STADTWISSEN_ALLOWED_SERVICES: „{entry}“ ist keine Web-Adresse. "
                        "Beispiel: https://query.wikidata.org/sparql",
                        f"STADTWISSEN_ALLOWED_SERVICES: “{entry}” is not a web address. "
                        "Example: https://query.wikidata.org/sparql",
                    )
                )

    @property
    def is_open(self) -> bool:
        """Whether any other server may be asked."""
        return bool(self._allowed)

    def check(self, address: str) -> SplitResult:
        """The parts of an address that may be asked. Raises ServiceRefused."""
        parts = _parsed(address)
        if parts is None or not any(_begins(parts, entry) for entry in self._allowed if entry):
            raise ServiceRefused(
                Text(
                    f"SERVICE: Dieser Server fragt {address[:200]} nicht. "
                    "Welche Adressen erlaubt sind, legt der Betreiber fest.",
                    f"SERVICE: this server does not ask {address[:200]}. "
                    "The operator says which addresses are allowed.",
                )
            )
        return parts

    async def ask(self, address: str, query: str) -> bytes:
        """The body of the answer to a query. Raises ServiceRefused or ServiceFailed."""
        call = _Call(monotonic() + self._seconds)
        work = asyncio.get_running_loop().run_in_executor(
            self._threads, self._ask, call, address, query
        )
        try:
            async with asyncio.timeout(self._seconds + 1):
                return await work
        except TimeoutError:
            raise _failed(address, "zu langsam", "too slow") from None
        except (OSError, HTTPException, ValueError) as error:
            raise _failed(address, type(error).__name__, type(error).__name__) from error
        finally:
            call.hang_up()

    def _ask(self, call: _Call, address: str, query: str) -> bytes:
        body = urlencode({"query": query})
        for _ in range(_REDIRECTS + 1):
            parts = self.check(address)
            connection = self._connect(parts, call.deadline)
            call.line = connection.sock
            try:
                path = parts.path or "/"
                connection.request(
                    "POST", f"{path}?{parts.query}" if parts.query else path, body, _HEADERS
                )
                answer = connection.getresponse()
                if answer.status not in _MOVED:
                    return self._read(call, address, answer)
                address = urljoin(address, answer.headers.get("Location", ""))
            finally:
                connection.close()
        raise _failed(address, "zu viele Umleitungen", "too many redirects")

    def _connect(self, parts: SplitResult, deadline: float) -> HTTPConnection:
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        places = [host] if is_literal(host) else self._resolve(host, port)
        # A literal is on the operator's list as it stands, so it is meant, wherever it leads.
        if not places or not (is_literal(host) or all(is_public(place) for place in places)):
            raise ServiceRefused(
                Text(
                    f"SERVICE: {host} führt zu einer Adresse, die nicht öffentlich ist.",
                    f"SERVICE: {host} leads to an address that is not public.",
                )
            )
        left = max(0.1, deadline - monotonic())
        connection = HTTPConnection(host, port, timeout=left)
        raw = socket.create_connection((places[0], port), left)
        connection.sock = raw
        if parts.scheme == "https":
            connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
        return connection

    def _read(self, call: _Call, address: str, answer: HTTPResponse) -> bytes:
        if answer.status != 200:
            raise _failed(address, f"Status {answer.status}", f"status {answer.status}")
        body = bytearray()
        while part := answer.read1(2**16):
            body += part
            if len(body) > self._size:
                raise _failed(address, f"über {self._size} Bytes", f"over {self._size} bytes")
            if monotonic() > call.deadline:
                raise TimeoutError
        return bytes(body)

    def close(self) -> None:
        """Ends; calls underway come to nothing."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _parsed(address: str) -> SplitResult | None:
    """The parts of a plain web address; None for one with anything that readers differ on."""
    if not address.isascii() or not address.isprintable() or set(address) & set(' \\<>"{}|^`#'):
        return None
    try:
        parts = urlsplit(address)
        odd = parts.port == 0
    except ValueError:
        return None
    path = parts.path.lower()
    steps = path.replace("%2e", ".").replace("%2f", "/").split("/")
    plain = parts.scheme in _PORTS and bool(parts.hostname) and "@" not in parts.netloc
    return parts if plain and not odd and not {".", ".."} & set(steps) else None


def _begins(parts: SplitResult, entry: SplitResult) -> bool:
    def place(of: SplitResult) -> Sequence[object]:
        return of.scheme, of.hostname, of.port or _PORTS[of.scheme]

    if place(parts) != place(entry) or (entry.query and parts.query != entry.query):
        return False
    stem = entry.path or "/"
    path = parts.path or "/"
    return path == stem or path.startswith(stem if stem.endswith("/") else stem + "/")


def _failed(address: str, german: str, english: str) -> ServiceFailed:
    return ServiceFailed(
        Text(
            f"SERVICE: {address} hat nicht brauchbar geantwortet ({german}). Versuchen Sie es "
            "später, oder nehmen Sie SERVICE SILENT, um ohne diesen Teil fortzufahren.",
            f"SERVICE: {address} gave no usable answer ({english}). Try again later, "
            "or take SERVICE SILENT to go on without this part.",
        )
    )
