"""CSV on the Web metadata: what a source says about its own tables.

Source: W3C Recommendations *Metadata Vocabulary for Tabular Data* and *Model for Tabular Data*.
This module reads the file; `loader.schema` holds what it says.
"""

import json
from pathlib import Path
from typing import Any

from loader import fact
from loader.errors import UnreadableMetadata
from loader.language import Text
from loader.schema import Column, Datatype, Dialect, ForeignKey, Group, Table

STADT = "https://w3id.org/stadtwissen/ontology/"
LOOKUP = STADT + "lookup"
IGNORED = STADT + "ignored"
EXPECTATION = STADT + "expectation"
SHRINKAGE = STADT + "maximumShrinkage"

_INHERITED = (
    "aboutUrl",
    "datatype",
    "default",
    "lang",
    "null",
    "ordered",
    "propertyUrl",
    "required",
    "separator",
    "valueUrl",
)
_DIALECT_NAMES = {
    "commentPrefix": "comment_prefix",
    "delimiter": "delimiter",
    "doubleQuote": "double_quote",
    "encoding": "encoding",
    "header": "header",
    "headerRowCount": "header_row_count",
    "quoteChar": "quote_char",
    "skipBlankRows": "skip_blank_rows",
    "skipRows": "skip_rows",
    "trim": "trim",
}

Json = dict[str, Any]


def read(path: Path) -> Group:
    """The group that a metadata file describes.

    Raises UnreadableMetadata naming the file and what is missing.
    """
    try:
        description = json.loads(path.read_text("utf-8"))
        return _group(description, path.parent)
    except OSError as error:
        raise _unreadable(path, f"({error.strerror})") from error
    except json.JSONDecodeError as error:
        place = f"{error.lineno}:{error.colno}"
        raise _unreadable(path, f"(JSON, {place}: {error.msg})") from error
    except KeyError as error:
        raise _unreadable(path, f"({error})") from error


def _unreadable(path: Path, why: str) -> UnreadableMetadata:
    return UnreadableMetadata(
        Text(
            f"Die Beschreibung {path} ist nicht lesbar {why}.",
            f"The description {path} cannot be read {why}.",
        )
    )


def _group(description: Json, folder: Path) -> Group:
    tables = description.get("tables") or [description]
    inherited = _inherited(description)
    dialect = description.get("dialect", {})
    return Group(
        graph=description["@id"],
        tables=tuple(_table(t, folder, inherited, dialect) for t in tables),
        language=_language(description),
        facts=fact.read(description, _language(description)),
        maximum_shrinkage=float(description.get(SHRINKAGE, 0.2)),
    )


def _table(description: Json, folder: Path, inherited: Json, dialect: Json) -> Table:
    schema = description["tableSchema"]
    inherited = {**inherited, **_inherited(description), **_inherited(schema)}
    expectation = description.get(EXPECTATION, {})
    return Table(
        path=folder / description["url"],
        file=f"{folder.name}/{description['url']}",
        dialect=_dialect({**dialect, **description.get("dialect", {})}),
        columns=tuple(_column({**inherited, **column}) for column in schema["columns"]),
        primary_key=_names(schema.get("primaryKey", [])),
        foreign_keys=tuple(_foreign_key(key) for key in schema.get("foreignKeys", [])),
        minimum_rows=expectation.get("minimumRows", 0),
        maximum_rows=expectation.get("maximumRows"),
    )


def _column(description: Json) -> Column:
    return Column(
        name=description["name"],
        titles=_titles(description.get("titles", description["name"])),
        datatype=_datatype(description.get("datatype", "string")),
        virtual=description.get("virtual", False),
        about_url=description.get("aboutUrl"),
        property_url=description.get("propertyUrl"),
        value_url=description.get("valueUrl"),
        lang=description.get("lang", "und"),
        null=_names(description.get("null", "")),
        default=description.get("default", ""),
        required=description.get("required", False),
        separator=description.get("separator"),
        suppress_output=description.get("suppressOutput", False),
        lookup=description.get(LOOKUP),
        ignored=description.get(IGNORED),
    )


def _datatype(description: str | Json) -> Datatype:
    if isinstance(description, str):
        return Datatype(base=description)
    form = description.get("format")
    number = form if isinstance(form, dict) else {}
    return Datatype(
        base=description.get("base", "string"),
        format=number.get("pattern") if number else form,
        decimal_char=number.get("decimalChar", "."),
        group_char=number.get("groupChar"),
        minimum=_bound(description, "minimum", "minInclusive"),
        maximum=_bound(description, "maximum", "maxInclusive"),
        min_length=description.get("minLength", description.get("length")),
        max_length=description.get("maxLength", description.get("length")),
    )


def _bound(description: Json, *names: str) -> str | None:
    return next((str(description[name]) for name in names if name in description), None)


def _dialect(description: Json) -> Dialect:
    known = {_DIALECT_NAMES[k]: v for k, v in description.items() if k in _DIALECT_NAMES}
    if known.get("header") is False:
        known.setdefault("header_row_count", 0)
    return Dialect(**known)


def _foreign_key(description: Json) -> ForeignKey:
    reference = description["reference"]
    return ForeignKey(
        columns=_names(description["columnReference"]),
        resource=reference["resource"],
        reference=_names(reference["columnReference"]),
    )


def _titles(titles: Any) -> tuple[str, ...]:
    if isinstance(titles, dict):
        return tuple(title for each in titles.values() for title in _names(each))
    return _names(titles)


def _names(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _inherited(description: Json) -> Json:
    return {key: description[key] for key in _INHERITED if key in description}


def _language(description: Json) -> str:
    """The language of titles and facts, from the second part of `@context`."""
    context = description.get("@context", [])
    options = context[1] if isinstance(context, list) and len(context) > 1 else {}
    return str(options.get("@language", "de"))
