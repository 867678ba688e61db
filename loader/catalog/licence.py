"""Licences under the addresses that the list of DCAT-AP.de gives them."""

_LIST = "http://dcat-ap.de/def/licenses/"
CC_BY = _LIST + "cc-by/4.0"
# The same licences under the addresses of those who wrote them, without scheme and last slash.
_KNOWN = {
    "creativecommons.org/licenses/by/4.0": "cc-by/4.0",
    "creativecommons.org/licenses/by-sa/4.0": "cc-by-sa/4.0",
    "creativecommons.org/publicdomain/zero/1.0": "cc-zero",
    "opendatacommons.org/licenses/odbl/1-0": "odbl",
    "www.govdata.de/dl-de/by-2-0": "dl-by-de/2.0",
    "www.govdata.de/dl-de/zero-2-0": "dl-zero-de/2.0",
}


def listed(address: str) -> str | None:
    """The licence's address in the list; None for one that we do not find there."""
    if address.startswith(_LIST):
        return address
    name = _KNOWN.get(address.partition("://")[2].rstrip("/"))
    return _LIST + name if name else None
