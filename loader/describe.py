"""Descriptions: the values of a table's rows become statements in one named graph.

What follows from the vocabulary is written out here: superclasses, inverses, `rdfs:label`.
"""

from dataclasses import dataclass

import polars as pl

from loader import template, term
from loader.cell import ITEM, Reading, Values
from loader.schema import Column, Table
from loader.table import ROW
from loader.template import PREFIXES
from loader.vocabulary import Vocabulary

_LABELS = {PREFIXES["dc"] + "title", PREFIXES["skos"] + "prefLabel"}
_RDFS_LABEL = PREFIXES["rdfs"] + "label"

SUBJECT = "subject"
OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Description:
    """Statements of a chunk as N-Quads lines, and which row made which subject.

    `subjects` maps an `aboutUrl` to a frame of ROW and SUBJECT (an address without brackets).
    """

    lines: list[str]
    subjects: dict[str, pl.DataFrame]


class Describer:
    """Turns the readings of one table into statements of the source's graph."""

    def __init__(self, table: Table, graph: str, vocabulary: Vocabulary) -> None:
        self._columns = [c for c in table.columns if c.property_url and not c.suppress_output]
        self._end = f" {term.iri(graph)} ."
        self._vocabulary = vocabulary

    def describe(self, reading: Reading) -> Description:
        """The statements of one chunk."""
        texts = reading.texts()
        subjects = {
            about: texts.select(ROW, template.parse(about).expand(texts).alias(SUBJECT))
            for about in dict.fromkeys(c.about_url for c in self._columns if c.about_url)
        }
        lines: list[str] = []
        for column in self._columns:
            if column.about_url:
                pairs = _objects(column, reading, texts).join(subjects[column.about_url], on=ROW)
                lines += self._lines(column, pairs.drop_nulls([SUBJECT, OBJECT]))
        return Description(lines, subjects)

    def _lines(self, column: Column, pairs: pl.DataFrame) -> list[str]:
        predicate = predicate_of(column)
        lines = self._statements(pairs, predicate)
        if predicate in _LABELS:
            lines += self._statements(pairs, _RDFS_LABEL)
        if predicate in self._vocabulary.inverses:
            inverse = self._vocabulary.inverses[predicate]
            turned = pairs.select(
                pl.col(OBJECT).str.strip_chars("<>").alias(SUBJECT),
                ("<" + pl.col(SUBJECT) + ">").alias(OBJECT),
            )
            lines += self._statements(turned, inverse)
        if predicate == term.RDF_TYPE and column.value_url:
            kind = template.parse(column.value_url).text
            for parent in self._vocabulary.superclasses.get(kind, ()):
                typed = pairs.with_columns(pl.lit(term.iri(parent)).alias(OBJECT))
                lines += self._statements(typed, predicate)
        return lines

    def _statements(self, pairs: pl.DataFrame, predicate: str) -> list[str]:
        middle = f"> {term.iri(predicate)} "
        parts = [pl.lit("<"), pl.col(SUBJECT), pl.lit(middle), pl.col(OBJECT), pl.lit(self._end)]
        return pairs.select(pl.concat_str(parts).alias("line"))["line"].to_list()


def predicate_of(column: Column) -> str:
    """The address of the property that a column's values are values of."""
    return template.full_address(column.property_url or "")


def _objects(column: Column, reading: Reading, texts: pl.DataFrame) -> pl.DataFrame:
    """ROW and OBJECT (an N-Quads term or null), one row a statement."""
    if column.name not in reading.columns:
        return texts.select(ROW, _virtual_object(column, texts).alias(OBJECT))
    values = reading.columns[column.name]
    return values.frame.select(ROW, _object(column, values, texts).alias(OBJECT))


def _virtual_object(column: Column, texts: pl.DataFrame) -> pl.Series:
    if column.value_url:
        return term.iris(template.parse(column.value_url).expand(texts))
    return pl.Series(OBJECT, [_constant(column)] * texts.height, dtype=pl.String)


def _constant(column: Column) -> str:
    base = column.datatype.base
    kind = term.XSD_STRING if base == "string" else PREFIXES["xsd"] + base
    return term.literal(column.default, kind, column.lang)


def _object(column: Column, values: Values, texts: pl.DataFrame) -> pl.Series:
    items = values.frame[ITEM]
    if column.names_things:
        return term.iris(items)
    if column.value_url is None:
        return term.literals(items, values.frame["datatype"], column.lang)
    others = values.frame.select(ROW).join(texts, on=ROW, maintain_order="left")
    frame = others.with_columns(items.alias(column.name))
    addresses = template.parse(column.value_url).expand(frame)
    return term.iris(addresses.set(items.is_null(), None))
