"""RDF terms as canonical N-Quads text, for whole columns and for single values."""

import re
from urllib.parse import quote

import polars as pl

from loader.prefix import PREFIXES

RDF_TYPE = PREFIXES["rdf"] + "type"
XSD_STRING = PREFIXES["xsd"] + "string"

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b"}
_ESCAPES["\f"] = "\\f"
_CONTROLS = [chr(c) for c in (*range(0x20), 0x7F) if chr(c) not in _ESCAPES]
_NEEDS_ESCAPE = r'[\\"\x00-\x1f\x7f]'
_FORBIDDEN = re.compile(r'[\x00-\x20<>"{}|\\^`]|%(?![0-9A-Fa-f]{2})')
# The same for the fast engine, which cannot look ahead.
_SUSPECT = r'[\x00-\x20<>"{}|\\^`]|%(?:$|.$|[^0-9A-Fa-f]|.[^0-9A-Fa-f])'
_TABLE = str.maketrans({**_ESCAPES, **{c: f"\\u{ord(c):04X}" for c in _CONTROLS}})


def iri(address: str) -> str:
    """An address in angle brackets."""
    return f"<{address}>"


def literal(text: str, datatype: str = XSD_STRING, language: str = "und") -> str:
    """One literal; a language other than `und` makes it a tagged text."""
    return f'"{text.translate(_TABLE)}"{_suffix(datatype, language)}'


def iris(addresses: pl.Series) -> pl.Series:
    """Addresses in angle brackets; null stays null."""
    return "<" + addresses + ">"


def literals(texts: pl.Series, datatypes: pl.Series, language: str = "und") -> pl.Series:
    """Literals of a column; only texts with special characters cost Python time."""
    special = texts.str.contains(_NEEDS_ESCAPE).fill_null(value=False)
    if special.any():
        odd = texts.filter(special).unique().to_list()
        texts = texts.replace(odd, [text.translate(_TABLE) for text in odd])
    kinds = datatypes.unique().to_list()
    suffixes = datatypes.replace(kinds, [_suffix(kind, language) for kind in kinds])
    return '"' + texts + '"' + suffixes


def well_formed(addresses: pl.Series) -> pl.Series:
    """Whether each is an absolute address without characters that RDF forbids."""
    return addresses.str.contains(r'^[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|\\^`]+$')


def safe(address: str) -> str:
    """The address with the characters that RDF forbids percent-encoded."""
    return _FORBIDDEN.sub(lambda match: quote(match[0]), address)


def safe_all(addresses: pl.Series) -> pl.Series:
    """The same for a column; only the distinct addresses that need it cost Python time."""
    wrong = addresses.str.contains(_SUSPECT).fill_null(value=False)
    if not wrong.any():
        return addresses
    odd = addresses.filter(wrong).unique().to_list()
    return addresses.replace(odd, [safe(address) for address in odd])


def _suffix(datatype: str, language: str) -> str:
    if datatype == XSD_STRING:
        return "" if language == "und" else f"@{language}"
    return f"^^<{datatype}>"
