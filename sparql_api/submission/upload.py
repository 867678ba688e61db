"""Uploads: the files of a request, as a form or as the body itself, within the limit."""

import re
from collections.abc import Mapping
from email.message import Message
from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message as Event

from loader.language import Text
from sparql_api.errors import BadRequest, UploadTooLarge
from sparql_api.submission.desk import Upload

FILES, METADATA = "file", "metadata"
_FORM = "multipart/form-data"
_MOST = 20  # files of one delivery
_BLOCK = 2**20
_NAMES: Mapping[str, str] = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/json": "json",
    "application/geo+json": "geojson",
    "text/turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdf",
    "application/n-triples": "nt",
    "application/n-quads": "nq",
    "application/trig": "trig",
}
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]")


async def received(request: Request, folder: Path, limit: int) -> tuple[Upload, dict[str, str]]:
    """The delivery, saved in the folder, and the form's other fields.

    Raises UploadTooLarge, BadRequest.
    """
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > limit:
        raise _too_large(limit)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    limited = Request(request.scope, _counted(request, limit))
    if kind == _FORM:
        return await _form(limited, folder)
    return await _body(limited, folder, kind), {}


def _counted(request: Request, limit: int):  # type: ignore[no-untyped-def]  # an ASGI receive
    """The request's own stream, which ends with UploadTooLarge once it is over the limit."""
    size = 0

    async def receive() -> Event:
        nonlocal size
        event = await request.receive()
        size += len(event.get("body", b""))
        if size > limit:
            raise _too_large(limit)
        return event

    return receive


async def _form(request: Request, folder: Path) -> tuple[Upload, dict[str, str]]:
    try:
        form = await request.form(max_files=_MOST, max_fields=_MOST)
    except (MultiPartException, HTTPException, AssertionError, ValueError):
        raise BadRequest(
            Text(
                f"Das Formular ist nicht lesbar. Senden Sie höchstens {_MOST} Dateien als "
                f"multipart/form-data im Feld „{FILES}“.",
                f"The form cannot be read. Send at most {_MOST} files as multipart/form-data in "
                f"the field “{FILES}”.",
            )
        ) from None
    upload, fields = Upload(folder, ()), {}
    try:
        for name, value in form.multi_items():
            if not isinstance(value, UploadFile):
                fields[name] = value
            elif value.filename:
                saved = await _saved(value, folder, upload)
                described = name == METADATA
                files = upload.files if described else (*upload.files, saved)
                upload = Upload(folder, files, saved if described else upload.metadata)
    finally:
        await form.close()
    if not upload.files:
        raise _nothing()
    return upload, fields


async def _saved(value: UploadFile, folder: Path, upload: Upload) -> str:
    name = _name(value.filename or "", upload)
    with (folder / "in" / name).open("wb") as file:
        while block := await value.read(_BLOCK):
            file.write(block)
    return name


async def _body(request: Request, folder: Path, kind: str) -> Upload:
    ending = _NAMES.get(kind, "csv")
    name = _name(_disposition(request) or f"delivery.{ending}", Upload(folder, ()))
    size = 0
    with (folder / "in" / name).open("wb") as file:
        async for block in request.stream():
            size += len(block)
            file.write(block)
    if not size:
        raise _nothing()
    return Upload(folder, (name,))


def _disposition(request: Request) -> str | None:
    """The file's name, as the header Content-Disposition gives it."""
    message = Message()
    message["content-disposition"] = request.headers.get("content-disposition", "")
    return message.get_filename()


def _name(given: str, upload: Upload) -> str:
    """The given name without folders and signs that a system could stumble over, and unique."""
    name = _UNSAFE.sub("_", given.replace("\\", "/").rpartition("/")[2]).strip(". ")
    stem, dot, ending = (name or "file").rpartition(".")
    stem, ending = (stem, ending) if dot else (ending, "")
    name = f"{stem[:80] or 'file'}{dot}{ending[:10]}"
    taken = {*upload.files, upload.metadata}
    return name if name not in taken else f"{len(taken)}-{name}"


def _too_large(limit: int) -> UploadTooLarge:
    return UploadTooLarge(
        Text(
            f"Die Datei ist zu groß: Erlaubt sind {limit // 2**20} MB. Teilen Sie sie, oder "
            "löschen Sie Bilder und leere Blätter.",
            f"The file is too large: {limit // 2**20} MB are allowed. Split it, or delete images "
            "and empty sheets.",
        ),
        limit=limit,
    )


def _nothing() -> BadRequest:
    return BadRequest(
        Text(
            "Es ist keine Datei angekommen. Wählen Sie eine Datei aus, und senden Sie sie "
            "noch einmal.",
            "No file arrived. Choose a file and send it again.",
        )
    )
