"""Freshness: ETags from the release and what was asked, so that a 304 costs nothing."""

from secrets import token_hex

from starlette.requests import Request

from sparql_api import coding, letterhead, locality, tongue
from sparql_api.letterhead import coded
from sparql_api.negotiation import HTML, Choice

# Pages depend on templates as well, which change with the program and not with the release.
_PROCESS = token_hex(4)


def tag(request: Request, release: str, choice: Choice, *asked: str) -> str:
    """The ETag of an answer from a release to what was asked, in the chosen format."""
    page = [tongue.of_page(request), _PROCESS] if choice.format is HTML else []
    endpoint = locality.endpoint(request)
    return letterhead.etag(release, choice.media, endpoint, *page, "", *asked)


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
