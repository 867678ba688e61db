"""Parcels: RDF that a request sends, as one document or as several in a form."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from pyoxigraph import RdfFormat
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from loader.language import Text
from sparql_api.errors import BadRequest, UnsupportedMedia
from sparql_api.request import protocol

_TAKEN = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")
_FORM = "multipart/form-data"
_PARTS = 100


@dataclass(frozen=True, slots=True)
class Part:
    """One document with its media type, in UTF-8."""

    media: str
    data: bytes


async def read(request: Request, limit: int) -> list[Part]:
    """The documents of a request of at most `limit` bytes.

    Raises BadRequest, UnsupportedMedia, QueryTooLong.
    """
    header = request.headers.get("content-type", "")
    kind, _ = protocol.content_type(header)
    if kind != _FORM:
        _check(header)
        return [Part(kind, await protocol.body(request, limit))]
    data = await protocol.body(request, limit)

    async def stream() -> AsyncIterator[bytes]:
        yield data

    parser = MultiPartParser(request.headers, stream(), max_files=_PARTS, max_fields=_PARTS)  # type: ignore[arg-type]
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise BadRequest(
            Text(
                f"Das Formular ist nicht lesbar: {error.message}",
                f"The form cannot be read: {error.message}",
            )
        ) from error
    try:
        return [await _part(value) for _, value in form.multi_items()]
    finally:
        await form.close()


async def _part(value: UploadFile | str) -> Part:
    if isinstance(value, str):
        raise _unsupported("text/plain")
    header = value.content_type or ""
    _check(header)
    return Part(protocol.content_type(header)[0], await value.read())


def _check(header: str) -> None:
    media, charset = protocol.content_type(header)
    known = media in _TAKEN and RdfFormat.from_media_type(media) is not None
    if not known or charset not in {"", "utf-8", "utf8"}:
        raise _unsupported(header)


def _unsupported(header: str) -> UnsupportedMedia:
    taken = ", ".join(_TAKEN)
    return UnsupportedMedia(
        Text(
            f"„{header}“ nehmen wir hier nicht. Möglich sind in UTF-8: {taken}, "
            f"oder mehrere davon als {_FORM}.",
            f"“{header}” is not taken here. Possible are, in UTF-8: {taken}, "
            f"or several of them as {_FORM}.",
        ),
        formats=list(_TAKEN),
    )
