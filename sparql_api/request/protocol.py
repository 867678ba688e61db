"""The SPARQL 1.1 Protocol's ways to ask and to update, read into one form, decoded once."""

import asyncio
import re
from binascii import a2b_qp
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, unquote_plus

from loader.language import Text
from sparql_api.errors import BadRequest, QueryTooLong, UnsupportedMedia, UpdateRefused

if TYPE_CHECKING:  # workers, which read the form too, need not load it
    from starlette.requests import Request

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
_PATIENCE = 30  # seconds for a body to arrive; half-sent requests hold nothing for long
_ALONE = b"query="
_ESCAPED = re.compile(rb"[^%\r\n]*(?:%[0-9A-Fa-f]{2}[^%\r\n]*)*")  # no half an escape
_SINGLE = ("query", "timeout", "release", "format")


class Asked(NamedTuple):
    """What a client asks; `query` None asks for the service description or the editor."""

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    timeout: float | None
    release: str | None
    format: str | None


@dataclass(frozen=True, slots=True)
class Amending:
    """An update, and the graphs that its patterns see where it does not say so itself."""

    update: str
    using_graphs: tuple[str, ...]
    using_named_graphs: tuple[str, ...]


async def read(request: "Request", length: int) -> Asked:
    """Reads a request whose query has at most `length` bytes.

    Raises BadRequest, UnsupportedMedia, QueryTooLong or UpdateRefused.
    """
    sent = pairs(request.scope["query_string"])
    if request.method == "POST":
        sent += await _posted(request, length)
    found = asked(sent)
    if request.method == "POST" and found.query is None:
        raise _missing()
    return found


def asked_in(encoded: bytes) -> Asked:
    """What a query string asks. Raises BadRequest or UpdateRefused."""
    if encoded.startswith(_ALONE) and b"&" not in encoded:  # most ask so, and want it quickly
        try:
            text = _decoded(encoded[len(_ALONE) :])
        except ValueError:
            pass
        else:
            return Asked(text, (), (), None, None, None)
    return asked(pairs(encoded))


def _decoded(encoded: bytes) -> str:
    """A parameter's text. Raises ValueError.

    Python's library decodes each escape by itself. As quoted-printable, which differs in its sign
    alone, it is done at once.
    """
    if not _ESCAPED.fullmatch(encoded):
        return unquote_plus(encoded.decode(), errors="strict")
    plain = encoded.replace(b"+", b" ").replace(b"=", b"=3D")
    return a2b_qp(plain.replace(b"%", b"=")).decode()


def asked(sent: list[tuple[str, str]]) -> Asked:
    """What the parameters of a request ask. Raises BadRequest or UpdateRefused."""
    values = _single(sent)
    return Asked(
        query=values.get("query"),
        default_graphs=tuple(text for name, text in sent if name == "default-graph-uri"),
        named_graphs=tuple(text for name, text in sent if name == "named-graph-uri"),
        timeout=_seconds(values.get("timeout")),
        release=values.get("release"),
        format=values.get("format"),
    )


async def read_update(request: "Request", length: int) -> Amending:
    """Reads a request whose update has at most `length` bytes.

    Raises BadRequest, UnsupportedMedia or QueryTooLong.
    """
    sent = pairs(request.scope["query_string"]) + await _posted(request, length, UPDATE, "update")
    updates = [text for name, text in sent if name == "update"]
    if len(updates) != 1 or any(name == "query" for name, _ in sent):
        raise BadRequest(
            Text(
                "Die Anfrage braucht genau eine Änderung („update“) und keine Abfrage.",
                "The request needs exactly one update (“update”) and no query.",
            )
        )
    return Amending(
        update=updates[0],
        using_graphs=tuple(text for name, text in sent if name == "using-graph-uri"),
        using_named_graphs=tuple(text for name, text in sent if name == "using-named-graph-uri"),
    )


async def _posted(
    request: "Request", length: int, direct: str = DIRECT, name: str = "query"
) -> list[tuple[str, str]]:
    kind, charset = content_type(request.headers.get("content-type", ""))
    if kind == UPDATE != direct:
        raise _update()
    if kind not in {FORM, direct} or charset not in {"", "utf-8", "utf8"}:
        raise UnsupportedMedia(
            Text(
                f"Senden Sie „{name}“ als {direct} oder {FORM}, in UTF-8.",
                f"Send “{name}” as {direct} or {FORM}, in UTF-8.",
            )
        )
    # An encoded form is up to three times as long as its query; the other fields are short.
    sent = await body(request, length if kind == direct else 3 * length + 2**16)
    return [(name, _text(sent))] if kind == direct else pairs(sent)


def content_type(header: str) -> tuple[str, str]:
    """Media type and charset of a header Content-Type, in small letters."""
    media, _, parameters = header.partition(";")
    charset = parameters.lower().replace(" ", "").replace('"', "").partition("charset=")[2]
    return media.strip().lower(), charset.split(";")[0]


async def body(request: "Request", limit: int) -> bytes:
    """The body of a request. Raises QueryTooLong, or BadRequest when it does not come in time."""
    received = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE):
            async for part in request.stream():
                received += part
                if len(received) > limit:
                    raise _too_long(limit)
    except TimeoutError:
        raise BadRequest(
            Text(
                f"Die Anfrage kam in {_PATIENCE} Sekunden nicht vollständig an.",
                f"The request did not arrive whole within {_PATIENCE} seconds.",
            )
        ) from None
    return bytes(received)


def pairs(encoded: bytes) -> list[tuple[str, str]]:
    """The parameters of an encoded form, decoded once. Raises BadRequest."""
    try:
        return parse_qsl(
            encoded.decode(), keep_blank_values=True, errors="strict", max_num_fields=1_000
        )
    except ValueError:
        raise BadRequest(
            Text(
                "Die Anfrage ist kein gültiges UTF-8 in Prozentkodierung.",
                "The request is not valid percent-encoded UTF-8.",
            )
        ) from None


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise BadRequest(
            Text("Die Abfrage ist kein gültiges UTF-8.", "The query is not valid UTF-8.")
        ) from None


def _single(sent: list[tuple[str, str]]) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, text in sent:
        if name == "update":
            raise _update()
        if name in _SINGLE and name in values:
            raise BadRequest(
                Text(f"„{name}“ kommt mehrfach vor.", f"“{name}” occurs more than once.")
            )
        values[name] = text
    return values


def _seconds(text: str | None) -> float | None:
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise BadRequest(
            Text(
                f"timeout: „{text}“ ist keine Zahl von Sekunden. Beispiel: timeout=10",
                f"timeout: “{text}” is not a number of seconds. Example: timeout=10",
            )
        )
    return seconds


def _too_long(limit: int) -> QueryTooLong:
    return QueryTooLong(
        Text(
            f"Die Anfrage ist länger als {limit} Bytes.",
            f"The request is longer than {limit} bytes.",
        ),
        limit=limit,
    )


def _missing() -> BadRequest:
    return BadRequest(Text("Der Parameter „query“ fehlt.", "The parameter “query” is missing."))


def _update() -> UpdateRefused:
    return UpdateRefused(
        Text(
            "Diese Adresse nimmt keine Änderungen an, nur Abfragen.",
            "This address takes no updates, only queries.",
        )
    )
