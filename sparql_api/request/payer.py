"""The payer: whose budget a request is charged to."""

import re
from functools import lru_cache
from ipaddress import ip_address

from starlette.types import Scope

_HOUSE = "house"
_NETWORK = 64  # bits; a client of IPv6 has so many addresses of its own that one says nothing


def client_of(scope: Scope, header: str) -> str:
    """The connection's address, or the last in the header that a proxy writes."""
    wanted = header.lower().encode()
    said = [value for name, value in scope["headers"] if name == wanted] if header else []
    return _payer((scope["client"] or ("",))[0], b",".join(said))


def client_in(head: bytes, address: str, header: str) -> str:
    """The same, read from a request as it came over the connection from an address."""
    said = _lines(header).findall(head) if header else []
    return _payer(address, b",".join(said))


@lru_cache(maxsize=1)
def _lines(header: str) -> re.Pattern[bytes]:
    return re.compile(rb"(?im)^%b:(.*)$" % re.escape(header.encode()))


@lru_cache(maxsize=256)
def _payer(address: str, said: bytes) -> str:
    address = said.decode("latin-1").rpartition(",")[2].strip() or address or _HOUSE
    if ":" not in address:
        return address
    try:
        number = int(ip_address(address.strip("[]").partition("%")[0]))
    except ValueError:
        return address
    return f"{number >> (128 - _NETWORK):x}"
