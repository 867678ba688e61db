"""Where the server is, as clients know it."""

import re

from starlette.requests import Request

_KEY = "stadtwissen.origin"
_HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]+")


def origin(request: Request) -> str:
    """The server's address as clients know it, without a slash at its end."""
    known: str = request.scope.get(_KEY) or _origin(request)
    request.scope[_KEY] = known
    return known


def endpoint(request: Request) -> str:
    """The address of the service as clients know it; queries' relative addresses begin here."""
    return origin(request) + "/sparql"


def _origin(request: Request) -> str:
    public: str = request.app.state.settings.public_url
    if public:
        return public.rstrip("/")
    scope = request.scope
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):  # what is no host makes no address
        host = "{}:{}".format(*scope["server"])
    return f"{scope['scheme']}://{host}{scope.get('root_path', '').rstrip('/')}"
