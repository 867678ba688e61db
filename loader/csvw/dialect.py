"""Dialects: how a metadata document says that characters become cells.

Source: *Metadata Vocabulary for Tabular Data*, section 5.9.
"""

from typing import Any

from loader.csvw import member
from loader.csvw.normal import Reader
from loader.csvw.schema import Dialect

NAMES = {
    "commentPrefix": "comment_prefix",
    "delimiter": "delimiter",
    "doubleQuote": "double_quote",
    "encoding": "encoding",
    "header": "header",
    "headerRowCount": "header_row_count",
    "lineTerminators": "line_terminators",
    "quoteChar": "quote_char",
    "skipBlankRows": "skip_blank_rows",
    "skipColumns": "skip_columns",
    "skipInitialSpace": "skip_initial_space",
    "skipRows": "skip_rows",
    "trim": "trim",
}


def read(reader: Reader, description: Any, file: str) -> Dialect:
    """The dialect of a description, or the one that the file's name tells. Raises ValueError."""
    if description is None:
        return Dialect(delimiter="\t") if file.endswith((".tsv", ".tab")) else Dialect()
    reader, found = reader.referred("dialect", description)
    kept = reader.members(found, member.DIALECT, "Dialect")
    known = {NAMES[name]: value for name, value in kept.items() if name in NAMES}
    if known.get("header") is False:
        known.setdefault("header_row_count", 0)
    if isinstance(known.get("line_terminators"), str):
        known["line_terminators"] = [known["line_terminators"]]
    if known.get("trim") in {"true", "false"}:
        known["trim"] = known["trim"] == "true"
    return Dialect(**known)
