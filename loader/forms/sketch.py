"""Sketches: descriptions drafted from a file, with the open questions for a person.

What is drafted converts as it is; what nobody can know from a table is asked in its `notes`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from loader import table as tables
from loader.csvw.builtin import PARTIAL_DATE
from loader.csvw.metadata import STADT
from loader.csvw.schema import Column
from loader.finding import column_letter
from loader.folding import fold
from loader.forms import drafting, guess
from loader.forms.discovery import Discovery, Sheet
from loader.forms.drafting import Heading, Json
from loader.forms.form import Field
from loader.forms.guess import Guess
from loader.forms.recognition import TAKEN, Match
from loader.language import Text

SEEN = 10_000  # rows, of which datatypes are guessed
_SPELLINGS = STADT + "spellings"
_DATES = ("date", "gYear")
# The guesses that say more exactly how a field's cells are written.
_FITTING = {"decimal": ("decimal", "integer"), "date": _DATES, PARTIAL_DATE: _DATES}
_FACTS = Text(
    "Wer veröffentlicht die Tabelle, woher stammt sie, unter welcher Lizenz, von welchem Tag? "
    "Tragen Sie dc:publisher, dc:source, dc:license und dc:modified ein.",
    "Who publishes the table, where does it come from, under which licence, of which day? "
    "Enter dc:publisher, dc:source, dc:license and dc:modified.",
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A column's header and first cells; `real` tells those that are numbers or dates already."""

    index: int
    heading: Heading
    match: Match | None
    texts: pl.Series
    guess: Guess

    @property
    def title(self) -> str:
        """`Spalte D „Summe“` as findings call it."""
        return f"{column_letter(self.index)} „{' / '.join(self.heading.titles)}“"


def sketch(found: Discovery) -> Json:
    """The description of all tables that were found in a file."""
    described = [_table(sheet, found.name) for sheet in found.sheets]
    title = {"@value": found.path.stem, "@language": "de"}
    group = drafting.group(found.name, described, {"dc:title": title})
    if not any(sheet.recognised for sheet in found.sheets):
        del group["@id"]  # by which a table would be one of ours, that says only what is mapped
    return group | {"notes": [_note(_FACTS)]}


def _table(sheet: Sheet, name: str) -> Json:
    columns = list(_seen(sheet))
    if sheet.recognised:
        schema = drafting.schema(sheet.recognised.form, [c.heading for c in columns], name)
    else:
        schema = {"columns": [{"titles": drafting.titles(c.heading)} for c in columns]}
    names: set[str] = set()
    for column, described in zip(columns, schema["columns"], strict=False):
        described.update(_guessed(column))
        if column.heading.field is None:
            described["name"] = _name(column, names)
        names.add(described["name"])
    notes = [_note(question) for question in _questions(sheet, columns)]
    return drafting.table(sheet.located, schema) | ({"notes": notes} if notes else {})


def _seen(sheet: Sheet) -> Iterator[_Seen]:
    names = [str(number) for number in range(len(sheet.headings))]
    columns = tuple(Column(name, ()) for name in names)
    table = replace(sheet.located, columns=columns, examples=sheet.examples)
    empty = pl.DataFrame({name: pl.Series([], dtype=pl.String) for name in names})
    frame = next((chunk.frame for chunk in tables.chunks(table, SEEN)), empty)
    matches = sheet.recognised.matches if sheet.recognised else ()
    for index, heading in enumerate(sheet.headings):
        texts = frame[names[index]]
        real = frame.get_column(tables.REAL + names[index], default=None)
        match = matches[index] if matches else None
        yield _Seen(index, heading, match, texts, guess.guess(texts, real))


def _guessed(column: _Seen) -> Json:
    """What a column's cells add to its description."""
    found, field = column.guess, column.heading.field
    says: Json = {}
    if column.heading.is_empty:
        return says
    if field is None or found.datatype.base in _FITTING.get(field.base, ()):
        says = _datatype(found)
    if found.filled:
        says["dc:description"] = _languages(_share(found))
    return says


def _datatype(found: Guess) -> Json:
    datatype = found.datatype
    if datatype.base == "string":
        return {}
    form: Json = {"decimalChar": datatype.decimal_char}
    form |= {"groupChar": datatype.group_char} if datatype.group_char else {}
    if found.has_currency:
        return {"datatype": "decimal", _SPELLINGS: [form]}
    if datatype.base == "decimal":
        return {"datatype": {"base": "decimal", "format": form}}
    if datatype.format is None:
        return {"datatype": datatype.base}
    says: Json = {"datatype": {"base": datatype.base, "format": datatype.format}}
    if found.others:
        says[_SPELLINGS] = [each.format for each in (datatype, *found.others)]
    return says


def _questions(sheet: Sheet, columns: list[_Seen]) -> Iterator[Text]:
    """What a person has to decide, one sentence each."""
    if sheet.recognised is None:
        yield Text(
            "Um welche Art von Gegenständen es geht, ist nicht zu erkennen. Nennen Sie je Spalte "
            "propertyUrl und für die Tabelle aboutUrl.",
            "What kind of things it is about cannot be told. Name propertyUrl for each column "
            "and aboutUrl for the table.",
        )
        yield from _keys(columns)
        return
    form = sheet.recognised.form
    yield Text(
        f"Jede Zeile gilt als „{form.label.de}“. Stimmt das?",
        f"Each row counts as “{form.label.en}”. Is that right?",
    )
    for field in sheet.recognised.missing:
        yield Text(
            f"Die Pflichtangabe „{field.label.de}“ fehlt. Gibt es sie unter anderem Namen?",
            f"The required “{field.label.en}” is missing. Is it there under another name?",
        )
    if form.key in sheet.recognised.missing:
        yield from _keys(columns)
    for column in columns:
        yield from _of_column(column)


def _of_column(column: _Seen) -> Iterator[Text]:
    found, match, where = column.guess, column.match, column.title
    if match and match.field and match.confidence < TAKEN:
        label = match.field.label
        yield Text(
            f"Spalte {where}: Ist „{label.de}“ gemeint?", f"Column {where}: is “{label.en}” meant?"
        )
    elif column.heading.field is None and not column.heading.is_empty:
        yield Text(
            f"Spalte {where} wird nicht übernommen. Nennen Sie propertyUrl oder den Grund.",
            f"Column {where} is not taken over. Name propertyUrl or the reason.",
        )
    if found.is_ambiguous:
        yield Text(
            f"Spalte {where}: Zahlen wie „{_first(column, '[.,]')}“ lassen sich auf zwei Arten "
            "lesen. Trennt der Punkt Tausender?",
            f"Column {where}: numbers such as “{_first(column, '[.,]')}” can be read in two ways. "
            "Does the point separate thousands?",
        )
    field = column.heading.field
    if field and _expects(field) and found.datatype.base == "string" and found.filled:
        example = _first(column, r"\S")
        yield Text(
            f"Spalte {where}: „{example}“ und andere Zellen sind nicht als Angabe zu "
            f"„{field.label.de}“ lesbar.",
            f"Column {where}: “{example}” and other cells cannot be read as “{field.label.en}”.",
        )


def _expects(field: Field) -> bool:
    return field.base in _FITTING


def _keys(columns: list[_Seen]) -> Iterator[Text]:
    """Columns whose cells tell one row from another."""
    unique = [c for c in columns if c.guess.is_unique and c.guess.filled == len(c.texts) > 1]
    for column in unique[:3]:
        yield Text(
            f"Spalte {column.title} ist in jeder Zeile anders. Ist sie die Kennung?",
            f"Column {column.title} differs in every row. Is it the identifier?",
        )


def _share(found: Guess) -> Text:
    share, base = f"{found.share:.0%}", found.datatype.base
    return Text(
        f"{share.replace('%', ' %')} von {found.filled} gefüllten Zellen passen: {base}.",
        f"{share} of {found.filled} filled cells fit: {base}.",
    )


def _first(column: _Seen, pattern: str) -> str:
    fitting = column.texts.filter(column.texts.str.contains(pattern))
    return str(fitting[0])[:40] if len(fitting) else ""


def _name(column: _Seen, taken: set[str]) -> str:
    """A name for a column that is no field, of its header."""
    title = column.heading.titles[0] if column.heading.titles else ""
    name = re.sub(r"[^a-z0-9]+", "_", fold(title)).strip("_")[:40] or f"column_{column.index + 1}"
    name = name if name[0].isalnum() else f"column_{name}"
    return name if name not in taken else f"{name}_{column.index + 1}"


def _note(text: Text) -> Json:
    return {"rdfs:comment": _languages(text)}


def _languages(text: Text) -> list[dict[str, Any]]:
    return [{"@value": text.de, "@language": "de"}, {"@value": text.en, "@language": "en"}]
