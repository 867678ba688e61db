"""URI templates: how names of columns become addresses.

Source: RFC 6570 as far as CSV on the Web sources use it, `{name}` and `{+name}`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

import polars as pl

# The RDFa initial context, as far as descriptions of tables use it.
PREFIXES = {
    "as": "https://www.w3.org/ns/activitystreams#",
    "cc": "http://creativecommons.org/ns#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "dc": "http://purl.org/dc/terms/",
    "dc11": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "gr": "http://purl.org/goodrelations/v1#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "wdr": "http://www.w3.org/2007/05/powder#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_EXPRESSION = re.compile(r"\{(\+?)([^{}]+)\}")
_RESERVED = "!#$&'()*+,/:;=?@[]%"


@dataclass(frozen=True, slots=True)
class Template:
    """A template cut into its parts: literal text, and names with their way of encoding."""

    text: str
    literals: tuple[str, ...]
    names: tuple[str, ...]
    keeps_reserved: tuple[bool, ...]

    def expand(self, frame: pl.DataFrame) -> pl.Series:
        """One address per row; null where a name it needs is empty.

        `frame` holds text columns under the names. Raises KeyError for a name it lacks.
        """
        if not self.names:
            return pl.Series("iri", [self.text] * frame.height, dtype=pl.String)
        parts: list[pl.Expr] = [pl.lit(self.literals[0])]
        encoded = {}
        for i, name in enumerate(self.names):
            if name not in frame.columns:
                raise KeyError(name)
            safe = _RESERVED if self.keeps_reserved[i] else ""
            encoded[f"{i}"] = encode(frame[name], safe)
            parts += [pl.col(f"{i}"), pl.lit(self.literals[i + 1])]
        return pl.DataFrame(encoded).select(pl.concat_str(parts).alias("iri"))["iri"]


@lru_cache(maxsize=1024)
def parse(text: str) -> Template:
    """The template of a `…Url` property; a prefixed name is written out first."""
    text = full_address(text)
    literals = []
    position = 0
    matches = list(_EXPRESSION.finditer(text))
    for match in matches:
        literals.append(text[position : match.start()])
        position = match.end()
    literals.append(text[position:])
    return Template(
        text=text,
        literals=tuple(literals),
        names=tuple(match[2] for match in matches),
        keeps_reserved=tuple(bool(match[1]) for match in matches),
    )


def full_address(text: str) -> str:
    """`skos:prefLabel` as a full address; other texts as they are."""
    prefix, colon, local = text.partition(":")
    known = colon and prefix in PREFIXES and not local.startswith("//")
    return PREFIXES[prefix] + local if known else text


def encode(values: pl.Series, safe: str = "") -> pl.Series:
    """Percent-encodes a text column; only the distinct values that need it cost Python time."""
    plain = values.str.contains(r"[^A-Za-z0-9._~-]").fill_null(value=False)
    if not plain.any():
        return values
    odd = values.filter(plain).unique().to_list()
    return values.replace(odd, [quote(value, safe=safe) for value in odd])
