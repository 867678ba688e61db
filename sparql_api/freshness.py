"""Freshness: ETags from the release and what was asked, so that a 304 costs nothing."""

from hashlib import sha256
from secrets import token_hex

from starlette.requests import Request

from sparql_api import service, tongue
from sparql_api.negotiation import HTML, Choice

# Pages depend on templates as well, which change with the program and not with the release.
_PROCESS = token_hex(4)


def tag(request: Request, release: str, choice: Choice, *asked: str) -> str:
    """The ETag of an answer from a release to what was asked, in the chosen format."""
    page = [tongue.of_page(request), _PROCESS] if choice.format is HTML else []
    parts = [choice.media, service.endpoint(request), *page, "", *asked]
    digest = sha256("\0".join(parts).encode()).hexdigest()
    return f'"{release}-{digest[:24]}"'


def is_known(request: Request, etag: str | None) -> bool:
    """Whether the client has that answer; a proxy may have marked its tag as weak."""
    listed = request.headers.get("if-none-match", "").split(",")
    return etag is not None and etag in [name.strip().removeprefix("W/") for name in listed]
