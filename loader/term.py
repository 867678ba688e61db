"""RDF terms as canonical N-Quads text, for whole columns and for single values."""

import re

import polars as pl

from loader.prefix import PREFIXES

RDF_TYPE = PREFIXES["rdf"] + "type"
XSD_STRING = PREFIXES["xsd"] + "string"

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b"}
_ESCAPES["\f"] = "\\f"
_CONTROLS = [chr(c) for c in (*range(0x20), 0x7F) if chr(c) not in _ESCAPES]
ODD = r'[\\"\x00-\x1f\x7f]'  # what a literal must escape
_ALL_ESCAPES = {**_ESCAPES, **{c: f"\\u{ord(c):04X}" for c in _CONTROLS}}
_TABLE = str.maketrans(_ALL_ESCAPES)


_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SIGNS = {escape[1]: sign for sign, escape in _ESCAPES.items()}


def iri(address: str) -> str:
    """An address in angle brackets."""
    return f"<{address}>"


def literal(text: str, datatype: str = XSD_STRING, language: str = "und") -> str:
    """One literal; a language other than `und` makes it a tagged text."""
    return f'"{text.translate(_TABLE)}"{_suffix(datatype, language)}'


def iris(addresses: pl.Series) -> pl.Series:
    """Addresses in angle brackets; null stays null."""
    bracketed = pl.concat_str(pl.lit("<"), addresses, pl.lit(">"))
    return pl.select(bracketed.alias("address"))["address"]


def literals(texts: pl.Series, kinds: str | pl.Series, language: str = "und") -> pl.Series:
    """Literals of a column; `kinds` is the datatype's address, of all texts or one by one."""
    odd = texts.str.contains(ODD)
    if odd.any():
        escaped = texts.filter(odd).str.replace_many(_ALL_ESCAPES)
        texts = texts.clone().scatter(odd.arg_true(), escaped)
    if isinstance(kinds, str):
        end: pl.Expr | pl.Series = pl.lit('"' + _suffix(kinds, language))
    else:
        known = kinds.unique().to_list()
        end = kinds.replace_strict(known, ['"' + _suffix(k, language) for k in known])
    return pl.select(pl.concat_str(pl.lit('"'), texts, end).alias("literal"))["literal"]


def text_of(term: str) -> str:
    """The text of a literal, without its escapes, datatype and language."""
    return unescaped(term[1:].rpartition('"')[0])


def unescaped(text: str) -> str:
    """A text without the escapes of N-Triples."""
    return _ESCAPED.sub(_sign, text) if "\\" in text else text


def _sign(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _SIGNS.get(found[3], found[3])


def same(term: str, like: pl.Series) -> pl.Series:
    """One term as often as another column has rows."""
    return pl.Series([term], dtype=pl.String).new_from_index(0, len(like))


def without(texts: pl.Series, wrong: pl.Series) -> pl.Series:
    """The texts with null instead of those that are `wrong`."""
    if not wrong.any():
        return texts
    return pl.select(pl.when(~wrong).then(texts).alias(texts.name))[texts.name]


def _suffix(datatype: str, language: str) -> str:
    if datatype == XSD_STRING:
        return "" if language == "und" else f"@{language}"
    return f"^^<{datatype}>"
