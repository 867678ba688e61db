"""Addresses: resolved against a base, compared, and made fit for RDF.

Source: RFC 3986, sections 5 and 6.2.2 to 6.2.3; RFC 3987 as pyoxigraph judges it.
"""

import re
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

import polars as pl
from pyoxigraph import NamedNode

_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")
_PORTS = {"http": ":80", "https": ":443"}
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_FORBIDDEN = re.compile(r'[\x00-\x20<>"{}|\\^`]|%(?![0-9A-Fa-f]{2})')
_CHARACTER = r"(?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})"
# What nearly all addresses are, and no parser has to look at.
_PLAIN = (
    r"^[A-Za-z][A-Za-z0-9+.-]*:"
    rf"(?://[A-Za-z0-9._~-]+(?::[0-9]+)?(?:[/?]{_CHARACTER}*)?|[A-Za-z0-9._~@-]{_CHARACTER}*)"
    rf"(?:#{_CHARACTER}*)?$"
)
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")


def is_absolute(address: str) -> bool:
    """Whether the address begins with a scheme."""
    return bool(_SCHEME.match(address))


def resolve(address: str, base: str) -> str:
    """The absolute form of an address that stands in the document `base`."""
    if is_absolute(address):
        return address
    if not address or address.startswith("#"):
        return base.partition("#")[0] + address
    return urljoin(base, address)


def resolve_all(addresses: pl.Series, base: str) -> pl.Series:
    """A column of addresses in absolute form; null stays null."""
    relative = ~addresses.str.contains(_SCHEME.pattern).fill_null(value=True)
    if not relative.any():
        return addresses
    if addresses.filter(relative).str.starts_with("#").all():
        document = base.partition("#")[0]
        frame = pl.DataFrame({"a": addresses, "relative": relative})
        joined = pl.when("relative").then(pl.lit(document) + pl.col("a")).otherwise(pl.col("a"))
        return frame.select(joined.alias("a"))["a"]
    odd = addresses.filter(relative).unique().to_list()
    return addresses.replace(odd, [resolve(address, base) for address in odd])


def normal(address: str) -> str:
    """The form in which equal addresses are equal texts."""
    parts = urlsplit(address)
    host = parts.netloc.lower().removesuffix(_PORTS.get(parts.scheme.lower(), ":none"))
    path = _ENCODED.sub(_decoded, parts.path) or ("/" if host else "")
    plain = urlunsplit((parts.scheme.lower(), host, path, parts.query, parts.fragment))
    return urljoin(plain, plain)


def well_formed(addresses: pl.Series) -> pl.Series:
    """Whether each is an absolute address as RDF has them; null stays null."""
    good = addresses.str.contains(_PLAIN)
    odd = addresses.filter(~good).unique()
    if odd.is_empty():
        return good
    return good | addresses.is_in([text for text in odd if _is_iri(text)])


def safe(address: str) -> str:
    """The address with what RDF forbids percent-encoded: as little of it as will do."""
    made = _FORBIDDEN.sub(lambda match: quote(match[0]), address)
    if not is_absolute(made) or _is_iri(made):
        return made
    start, fragment, rest = made.partition("#")
    made = quote(start, safe="%:/?@!$&'()*+,;=") + fragment + quote(rest, safe="%:/?@!$&'()*+,;=")
    if _is_iri(made):
        return made
    scheme, colon, rest = made.partition(":")
    return scheme + colon + quote(rest, safe="%")


def safe_all(addresses: pl.Series) -> pl.Series:
    """The same for a column; only the distinct addresses that need it cost Python time."""
    plain = addresses.str.contains(_PLAIN).fill_null(value=True)
    if plain.all():
        return addresses
    odd = addresses.filter(~plain).unique().to_list()
    return addresses.replace(odd, [safe(text) for text in odd])


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return len(text) > text.index(":") + 1


def _decoded(match: re.Match[str]) -> str:
    character = unquote(match[0])
    return character if _UNRESERVED.fullmatch(character) else match[0].upper()
