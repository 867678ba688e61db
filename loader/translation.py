"""Translation: any described tables as RDF, chunk by chunk, by the standard's own mapping.

Source: *Generating RDF from Tabular Data on the Web*, section 4.2. Our own sources go through
`loader.convert` instead, which is stricter and knows the vocabulary.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from loader import cell, header, term
from loader import table as tables
from loader.errors import UnreadableMetadata
from loader.fact import Fact
from loader.finding import Finding
from loader.language import Text
from loader.link import Keys
from loader.prefix import PREFIXES
from loader.preparation import Preparation
from loader.row import Rows
from loader.schema import Group, Table
from loader.vocabulary import Vocabulary

_CSVW = PREFIXES["csvw"]
_GROUP = "_:g"


@dataclass(slots=True)
class Translation:
    """One run over a group's tables; `findings` fill while the lines are taken.

    `is_minimal` leaves out what the standard says of groups, tables and rows.
    """

    group: Group
    vocabulary: Vocabulary
    is_minimal: bool = False
    findings: list[Finding] = field(default_factory=list)
    rows: int = 0

    def lines(self) -> Iterator[list[str]]:
        """N-Triples lines, one list a chunk. Raises UnreadableTable, UnreadableMetadata."""
        self.findings += self.group.warnings
        node = term.iri(self.group.graph) if self.group.graph else _GROUP
        if not self.is_minimal:
            yield _about(node, "TableGroup", (*self.group.facts, *self.group.notes))
        fitted = [self._fitted(table) for table in self.group.tables]
        keys = Keys(replace(self.group, tables=tuple(fitted)))
        for number, table in enumerate(fitted, start=1):
            yield from self._table(table, f"t{number}", node, keys)
        self.findings += keys.findings()

    def _fitted(self, table: Table) -> Table:
        fitted, found = header.fitted(table)
        self.findings += found
        for column in fitted.columns:
            if column.lookup and column.lookup not in self.vocabulary.schemes:
                name = column.lookup
                raise UnreadableMetadata(
                    Text(f"Die Liste {name} gibt es nicht.", f"There is no list {name}.")
                )
        return fitted

    def _table(self, table: Table, name: str, group: str, keys: Keys) -> Iterator[list[str]]:
        shown = not (self.is_minimal or table.suppress_output)
        node = term.iri(table.address) if table.address else f"_:{name}"
        if shown:
            yield [
                f"{group} <{_CSVW}table> {node} .",
                f"{node} <{_CSVW}url> {term.iri(term.safe(table.url))} .",
                *_about(node, "Table", (*table.facts, *table.notes)),
            ]
        rows = Rows(table, name, node if shown else None)
        preparation = Preparation(table)
        for chunk in tables.chunks(table):
            reading = cell.read(preparation.prepare(chunk), table, self.vocabulary)
            self.findings += reading.findings
            self.rows += chunk.frame.height
            keys.add(table, reading)
            if not table.suppress_output:
                yield rows.lines(reading, chunk.first)
        self.findings += preparation.findings()


def _about(node: str, kind: str, facts: tuple[Fact, ...]) -> list[str]:
    lines = [f"{node} <{term.RDF_TYPE}> <{_CSVW}{kind}> ."]
    for fact in facts:
        lines.append(f"{node} {term.iri(fact.predicate)} {fact.term} .")
        lines += [f"{nested} ." for nested in fact.nested]
    return lines
