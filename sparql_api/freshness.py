"""Freshness: ETags from the release and what was asked, so that a 304 costs nothing."""

from hashlib import sha256
from secrets import token_hex

from starlette.requests import Request

from sparql_api import coding, locality, tongue
from sparql_api.negotiation import HTML, Choice

# Pages depend on templates as well, which change with the program and not with the release.
_PROCESS = token_hex(4)


def tag(request: Request, release: str, choice: Choice, *asked: str) -> str:
    """The ETag of an answer from a release to what was asked, in the chosen format."""
    page = [tongue.of_page(request), _PROCESS] if choice.format is HTML else []
    parts = [choice.media, locality.endpoint(request), *page, "", *asked]
    digest = sha256("\0".join(parts).encode()).hexdigest()
    return f'"{release}-{digest[:24]}"'


def coded(etag: str, name: str) -> str:
    """The ETag of the same answer in a content coding."""
    return f'{etag[:-1]}-{name}"' if name else etag


def is_known(request: Request, etag: str | None) -> bool:
    """Whether the client has that answer, in the coding that it would get or in none."""
    return known(request, etag) is not None


def known(request: Request, etag: str | None) -> str | None:
    """The ETag under which the client has that answer; a proxy may have marked it as weak."""
    said = request.headers.get("if-none-match")
    if not said or etag is None:
        return None
    listed = [name.strip().removeprefix("W/") for name in said.split(",")]
    options = [coded(etag, coding.choose(request.headers.get("accept-encoding"))), etag]
    return next((option for option in options if option in listed), None)
