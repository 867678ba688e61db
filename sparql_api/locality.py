"""Where the server is, as clients know it."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # workers, which read addresses too, need not load it
    from starlette.requests import Request

_KEY = "stadtwissen.origin"
_HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]+")


def origin(request: "Request") -> str:
    """The server's address as clients know it, without a slash at its end."""
    known: str = request.scope.get(_KEY) or _origin(request)
    request.scope[_KEY] = known
    return known


def endpoint(request: "Request") -> str:
    """The address of the service as clients know it; queries' relative addresses begin here."""
    return origin(request) + "/sparql"


def _origin(request: "Request") -> str:
    public: str = request.app.state.settings.public_url
    if public:
        return public.rstrip("/")
    scope = request.scope
    host = request.headers.get("host", "")
    if not is_host(host):  # what is no host makes no address
        host = "{}:{}".format(*scope["server"])
    return f"{scope['scheme']}://{host}{scope.get('root_path', '').rstrip('/')}"


def is_host(text: str) -> bool:
    """Whether a header `Host` can be part of an address."""
    return _HOST.fullmatch(text) is not None
