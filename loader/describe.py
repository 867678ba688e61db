"""Descriptions: what follows from the vocabulary is said with every statement of our own sources.

Superclasses, inverses and `rdfs:label` are written out, so that nobody has to reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from loader import term
from loader.cell import Reading
from loader.csvw import template
from loader.csvw.schema import Column
from loader.csvw.template import PREFIXES
from loader.row import Rows
from loader.statement import OBJECT, SUBJECT, statements
from loader.vocabulary import Vocabulary

_LABELS = {PREFIXES["dc"] + "title", PREFIXES["skos"] + "prefLabel"}
_RDFS_LABEL = PREFIXES["rdfs"] + "label"


@dataclass(frozen=True, slots=True)
class Describer:
    """Turns the readings of one table into statements and what follows from them."""

    rows: Rows
    vocabulary: Vocabulary

    def statements(self, reading: Reading) -> Iterator[pl.DataFrame]:
        """The statements of one chunk."""
        for column, frame in self.rows.by_column(reading, {}):
            yield frame
            if column.property_url:
                yield from self._consequences(column, frame)

    def _consequences(self, column: Column, said: pl.DataFrame) -> Iterator[pl.DataFrame]:
        predicate = predicate_of(column)
        subjects, objects = said[SUBJECT], said[OBJECT]
        if predicate in _LABELS:
            yield statements(subjects, _RDFS_LABEL, objects)
        if predicate in self.vocabulary.inverses:
            yield statements(objects, self.vocabulary.inverses[predicate], subjects)
        if predicate == term.RDF_TYPE and column.value_url:
            kind = template.parse(column.value_url).text
            for parent in self.vocabulary.superclasses.get(kind, ()):
                yield statements(subjects, predicate, term.same(term.iri(parent), subjects))


def predicate_of(column: Column) -> str:
    """The address of the property that a column's values are values of."""
    return template.full_address(column.property_url or "")
