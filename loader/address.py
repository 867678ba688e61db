"""Addresses: resolved against a base, and compared as RFC 3986 says.

Source: RFC 3986, sections 5 and 6.2.2 to 6.2.3.
"""

import re
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

import polars as pl

_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")
_PORTS = {"http": ":80", "https": ":443"}
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
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


def _decoded(match: re.Match[str]) -> str:
    character = unquote(match[0])
    return character if _UNRESERVED.fullmatch(character) else match[0].upper()
