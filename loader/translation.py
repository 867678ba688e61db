"""Translation: any described tables as RDF, chunk by chunk, by the standard's own mapping.

Source: *Generating RDF from Tabular Data on the Web*, section 4.2. Our own sources go through
`loader.convert` instead, which is stricter and knows the vocabulary.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import polars as pl

from loader import address, header, term
from loader.csvw.fact import Fact
from loader.csvw.schema import Group, Table
from loader.errors import UnreadableMetadata
from loader.finding import Finding
from loader.language import Text
from loader.link import Keys
from loader.passage import Passage
from loader.prefix import PREFIXES
from loader.row import Rows
from loader.statement import single
from loader.tally import Tally
from loader.vocabulary import Vocabulary

_CSVW = PREFIXES["csvw"]
_GROUP = "_:g"


@dataclass(slots=True)
class Translation:
    """One run over a group's tables; `findings` and `rows` fill while the statements are taken.

    `is_minimal` leaves out what the standard says of groups, tables and rows.
    """

    group: Group
    vocabulary: Vocabulary
    is_minimal: bool = False
    rows: int = 0
    _tally: Tally = field(default_factory=Tally)

    @property
    def findings(self) -> list[Finding]:
        """What was found wrong so far."""
        return self._tally.findings

    def statements(self) -> Iterator[pl.DataFrame]:
        """The statements, some frames a chunk. Raises UnreadableTable, UnreadableMetadata."""
        self._tally.add(self.group.warnings)
        node = term.iri(self.group.graph) if self.group.graph else _GROUP
        if not self.is_minimal:
            yield _about(node, "TableGroup", (*self.group.facts, *self.group.notes))
        fitted = [self._fitted(table) for table in self.group.tables]
        keys = Keys(replace(self.group, tables=tuple(fitted)), self.vocabulary)
        passage = Passage(self.vocabulary, keys)
        for number, table in enumerate(fitted, start=1):
            yield from self._table(table, f"t{number}", node, passage)
        self._tally.add(keys.findings())

    def _fitted(self, table: Table) -> Table:
        fitted, found = header.fitted(table)
        self._tally.add(found)
        for column in fitted.columns:
            if column.lookup and column.lookup not in self.vocabulary.schemes:
                name = column.lookup
                raise UnreadableMetadata(
                    Text(f"Die Liste {name} gibt es nicht.", f"There is no list {name}.")
                )
        return fitted

    def _table(
        self, table: Table, name: str, group: str, passage: Passage
    ) -> Iterator[pl.DataFrame]:
        shown = not (self.is_minimal or table.suppress_output)
        node = term.iri(table.address) if table.address else f"_:{name}"
        if shown:
            url = term.iri(address.safe(table.url))
            yield single([(group, f"<{_CSVW}table>", node), (node, f"<{_CSVW}url>", url)])
            yield _about(node, "Table", (*table.facts, *table.notes))
        for passed in passage.chunks(table, Rows(table, name, node if shown else None)):
            self._tally.add(passed.findings)
            self.rows += passed.rows
            if not table.suppress_output:
                yield from passed.statements


def _about(node: str, kind: str, facts: tuple[Fact, ...]) -> pl.DataFrame:
    found = [(node, f"<{term.RDF_TYPE}>", f"<{_CSVW}{kind}>")]
    for fact in facts:
        found.append((node, term.iri(fact.predicate), fact.term))
        for nested in fact.nested:
            subject, predicate, value = nested.split(" ", 2)
            found.append((subject, predicate, value))
    return single(found)
