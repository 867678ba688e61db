"""The letterhead: headers that answers share, whoever writes them, and the ETag of an answer."""

from functools import lru_cache
from hashlib import sha256

from sparql_api.workers.limits import Limits

EXPOSED = [
    *("Content-Language", "ETag", "Link", "RateLimit", "RateLimit-Policy", "Retry-After"),
    *("Stadtwissen-Limits", "Stadtwissen-Omitted", "Stadtwissen-Release", "Stadtwissen-Request"),
]
# The answers of `/sparql` to whoever asks, from whatever page of the web.
TO_ALL = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", ", ".join(EXPOSED).encode()),
]
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
SAFE = [(b"content-security-policy", _POLICY.encode()), (b"x-content-type-options", b"nosniff")]
WINDOW = 60.0  # seconds in which a client's budget holds
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@lru_cache(maxsize=64)
def of_query(endpoint: str, release: str, limits: Limits) -> dict[str, str]:
    """Headers of all answers to queries from a release; nobody changes them."""
    return {
        "Vary": "Accept, Accept-Encoding, Accept-Language",
        "Cache-Control": "no-cache",
        "Link": f'<{endpoint}>; rel="service-desc", <{_LICENCE}>; rel="license"',
        "Stadtwissen-Release": release,
        "Stadtwissen-Limits": f"first={limits.first:g}, total={limits.total:g}, "
        f"memory={limits.memory}",
    }


def of_budget(seconds: float, left: float) -> dict[str, str]:
    """What a client is told of its seconds in a window; a budget of 0 is none."""
    if not seconds:
        return {}
    policy = f'"query-seconds";q={seconds:.0f};w={WINDOW:.0f}'
    return {"RateLimit-Policy": policy, "RateLimit": f'"query-seconds";r={max(0, int(left))}'}


def etag(release: str, media: str, endpoint: str, *asked: str) -> str:
    """The ETag of an answer from a release to what was asked at an address."""
    digest = sha256("\0".join([media, endpoint, *asked]).encode()).hexdigest()
    return f'"{release}-{digest[:24]}"'


def coded(tag: str, coding: str) -> str:
    """The ETag of the same answer in a content coding."""
    return f'{tag[:-1]}-{coding}"' if coding else tag
