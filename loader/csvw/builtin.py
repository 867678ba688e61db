"""The built-in datatypes: their names, their addresses, and what they do with blanks.

Source: *Model for Tabular Data*, section 6.4, table of built-in datatypes.
"""

from loader.csvw import date, number
from loader.prefix import PREFIXES

STADT = "https://w3id.org/stadtwissen/ontology/"
PARTIAL_DATE = STADT + "partialDate"
XSD = PREFIXES["xsd"]

ALIASES = {
    "any": "anyAtomicType",
    "binary": "base64Binary",
    "datetime": "dateTime",
    "number": "double",
}
DURATIONS = {"duration", "dayTimeDuration", "yearMonthDuration"}
BINARY = {"base64Binary", "hexBinary"}
# Types whose length can be bounded: strings and what is derived from them.
STRINGS = {"string", "normalizedString", "token", "language", "Name", "NMTOKEN", "xml", "html",
           "json"}  # fmt: skip
KEEPS_BREAKS = {"string", "json", "xml", "html", "anyAtomicType"}
KEEPS_SPACE = KEEPS_BREAKS | {"normalizedString"}
ORDERED = number.NUMBERS | date.TIMES | DURATIONS
NAMES = (
    ORDERED
    | STRINGS
    | BINARY
    | {"anyAtomicType", "anyURI", "boolean", "QName", PARTIAL_DATE}
    | set(ALIASES)
)
_SPECIAL = {
    "html": PREFIXES["rdf"] + "HTML",
    "json": PREFIXES["csvw"] + "JSON",
    "xml": PREFIXES["rdf"] + "XMLLiteral",
}


def address(name: str) -> str:
    """The address of a built-in datatype; a full address as it is."""
    name = ALIASES.get(name, name)
    return name if ":" in name else _SPECIAL.get(name, XSD + name)


ADDRESSES = {address(name) for name in NAMES}
