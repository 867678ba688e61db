"""Members: what each object of a metadata document may say, and the form of its values.

Source: *Metadata Vocabulary for Tabular Data*, sections 5.3 to 5.11.
"""

import re
from collections.abc import Callable
from typing import Any

from loader.language_tag import is_language

Check = Callable[[Any], bool]
Checks = dict[str, Check]

_NAME = re.compile(r"(?:[A-Za-z0-9]|%[0-9A-Fa-f]{2})(?:\.?(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2}))*")


def text(value: Any) -> bool:
    """A string."""
    return isinstance(value, str)


def texts(value: Any) -> bool:
    """A string, or an array of them."""
    return text(value) or (isinstance(value, list) and all(text(item) for item in value))


def encoding(value: Any) -> bool:
    """The name of an encoding of text."""
    try:
        return text(value) and bool("".encode(value) or True)
    except LookupError:
        return False


def flag(value: Any) -> bool:
    """True or false."""
    return isinstance(value, bool)


def count(value: Any) -> bool:
    """A whole number that is not negative."""
    return isinstance(value, int) and not flag(value) and value >= 0


def anything(value: Any) -> bool:  # noqa: ARG001  # looked at where it is read
    """Whatever it is."""
    return True


def one_of(*values: str) -> Check:
    """One of the values."""
    return lambda value: isinstance(value, str) and value in values


def _name(value: Any) -> bool:
    return text(value) and bool(_NAME.fullmatch(value))


def _sign(value: Any) -> bool:
    return value is None or (text(value) and len(value) == 1)


def _separator(value: Any) -> bool:
    return value is None or text(value)


_DIRECTION = one_of("rtl", "ltr", "auto")
_TRIM = one_of("true", "false", "start", "end")

# Arrays of texts, of which other items are passed over.
LISTS = {"lineTerminators", "null", "primaryKey", "rowTitles"}
# A template that is no text counts as an empty one, by section 5.1.3.
TEMPLATES = {"aboutUrl", "propertyUrl", "valueUrl"}
INHERITED: Checks = {
    "aboutUrl": text,
    "datatype": anything,
    "default": text,
    "lang": is_language,
    "null": texts,
    "ordered": flag,
    "propertyUrl": text,
    "required": flag,
    "separator": _separator,
    "textDirection": one_of("rtl", "ltr", "auto", "inherit"),
    "valueUrl": text,
}
_ANNOTATED: Checks = {
    "dialect": anything,
    "notes": anything,
    "tableDirection": _DIRECTION,
    "tableSchema": anything,
    "transformations": anything,
    **INHERITED,
}
GROUP: Checks = {"tables": anything, **_ANNOTATED}
TABLE: Checks = {"url": text, "suppressOutput": flag, **_ANNOTATED}
SCHEMA: Checks = {
    "columns": anything,
    "foreignKeys": anything,
    "primaryKey": texts,
    "rowTitles": texts,
    **INHERITED,
}
COLUMN: Checks = {
    "name": _name,
    "suppressOutput": flag,
    "titles": anything,
    "virtual": flag,
    **INHERITED,
}
TRANSFORMATION: Checks = {
    "scriptFormat": text,
    "source": one_of("json", "rdf"),
    "targetFormat": text,
    "titles": anything,
    "url": text,
}
DIALECT: Checks = {
    "commentPrefix": _separator,
    "delimiter": lambda value: text(value) and len(value) == 1,
    "doubleQuote": flag,
    "encoding": encoding,
    "header": flag,
    "headerRowCount": count,
    "lineTerminators": texts,
    "quoteChar": _sign,
    "skipBlankRows": flag,
    "skipColumns": count,
    "skipInitialSpace": flag,
    "skipRows": count,
    "trim": lambda value: flag(value) or _TRIM(value),
}
