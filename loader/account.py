"""The account: PROV statements of what was loaded or changed, from where, by whom and when."""

import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from urllib.parse import quote

from loader.convert import Conversion
from loader.csvw.schema import Table
from loader.csvw.template import PREFIXES
from loader.term import RDF_TYPE, iri, literal

BASE = "https://w3id.org/stadtwissen/"
GRAPH = BASE + "graph/provenance"

_PROV = PREFIXES["prov"]
_DC = PREFIXES["dc"]
_XSD = PREFIXES["xsd"]


@dataclass(frozen=True, slots=True)
class Account:
    """One build: its id, when it began, and what it converted."""

    build: str
    began: datetime
    conversions: list[Conversion]

    def lines(self, own_graphs: dict[str, str]) -> list[str]:
        """The statements as N-Quads lines; `own_graphs` are graphs of ours and their titles."""
        triples = self._activity()
        for conversion in self.conversions:
            triples += self._source(conversion)
        for graph, title in {**own_graphs, GRAPH: "Herkunft der Daten"}.items():
            triples += self._own_graph(graph, title)
        return [f"{iri(s)} {iri(p)} {o} {iri(GRAPH)} ." for s, p, o in triples]

    @property
    def _address(self) -> str:
        return f"{BASE}id/build/{self.build.lower()}"

    def _activity(self) -> list[tuple[str, str, str]]:
        agent = f"{BASE}id/software/stadtwissen"
        return [
            (self._address, RDF_TYPE, iri(_PROV + "Activity")),
            (self._address, _PROV + "startedAtTime", _time(self.began)),
            (self._address, _PROV + "endedAtTime", _time(datetime.now(UTC))),
            (self._address, _PROV + "wasAssociatedWith", iri(agent)),
            (agent, RDF_TYPE, iri(_PROV + "SoftwareAgent")),
            (agent, _DC + "title", literal(_software())),
        ]

    def _source(self, conversion: Conversion) -> list[tuple[str, str, str]]:
        group = conversion.source.group
        triples = [
            (group.graph, RDF_TYPE, iri(_PROV + "Entity")),
            (group.graph, _PROV + "wasGeneratedBy", iri(self._address)),
        ]
        triples += [(group.graph, fact.predicate, fact.term) for fact in group.facts]
        for table in group.tables:
            address = f"{BASE}id/file/{quote(table.name.replace('/', '-'))}"
            checksum = sha256(table.path.read_bytes()).hexdigest()
            triples += [
                (group.graph, _PROV + "wasDerivedFrom", iri(address)),
                (self._address, _PROV + "used", iri(address)),
                (address, RDF_TYPE, iri(_PROV + "Entity")),
                (address, _DC + "title", literal(table.name)),
                (address, _DC + "identifier", literal(f"sha256:{checksum}")),
                (address, _DC + "extent", literal(f"{conversion.rows[table.name]} rows")),
            ]
            triples += self._corrections(table)
        return triples

    def _corrections(self, table: Table) -> list[tuple[str, str, str]]:
        """Each cell that was repaired: where, from what to what, and why."""
        triples = []
        for each in table.corrections:
            source = quote(table.file.replace("/", "-"))
            address = f"{BASE}id/correction/{source}-{each.line}"
            where = each.table + (f", {each.row}" if each.row else "") + f", {each.column}"
            triples += [
                (self._address, _PROV + "used", iri(address)),
                (address, RDF_TYPE, iri(_PROV + "Entity")),
                (address, _DC + "title", literal(f"{where}: {each.found} → {each.corrected}")),
                (address, _DC + "description", literal(each.reason)),
            ]
        return triples

    def _own_graph(self, graph: str, title: str) -> list[tuple[str, str, str]]:
        today = f"{self.began:%Y-%m-%d}"
        return [
            (graph, RDF_TYPE, iri(_PROV + "Entity")),
            (graph, _PROV + "wasGeneratedBy", iri(self._address)),
            (graph, _DC + "title", literal(title, language="de")),
            (graph, _DC + "modified", literal(today, _XSD + "date")),
            (graph, _DC + "source", iri(BASE)),
            (graph, _DC + "publisher", iri(f"{BASE}id/organisation/stadtwissen")),
            (graph, _DC + "license", iri("http://creativecommons.org/licenses/by/4.0/")),
        ]


@dataclass(frozen=True, slots=True)
class Revision:
    """One change of a release: its id, when it began, who made it, and what it was."""

    release: str
    began: datetime
    partner: str
    kind: str

    def lines(self, graphs: Mapping[str, object]) -> list[str]:
        """The statements as N-Quads lines; a graph that leads to None is gone."""
        address = f"{BASE}id/change/{self.release.lower()}"
        agent = f"{BASE}id/key-holder/{self.partner}"
        triples = [
            (address, RDF_TYPE, iri(_PROV + "Activity")),
            (address, _DC + "title", literal(self.kind, language="en")),
            (address, _PROV + "startedAtTime", _time(self.began)),
            (address, _PROV + "endedAtTime", _time(datetime.now(UTC))),
            (address, _PROV + "wasAssociatedWith", iri(agent)),
            (agent, RDF_TYPE, iri(_PROV + "Agent")),
            (agent, _DC + "title", literal(self.partner)),
        ]
        for graph, lines in graphs.items():
            if graph:
                relation = "wasInvalidatedBy" if lines is None else "wasInfluencedBy"
                triples.append((graph, RDF_TYPE, iri(_PROV + "Entity")))
                triples.append((graph, _PROV + relation, iri(address)))
        return [f"{iri(s)} {iri(p)} {o} {iri(GRAPH)} ." for s, p, o in triples]


def revisions(lines: Iterable[str]) -> list[str]:
    """Of an account's lines those that tell who changed what; a new build keeps them."""
    marks = (f"<{BASE}id/change/", f"<{BASE}id/key-holder/")
    return [line for line in lines if any(mark in line for mark in marks)]


def _software() -> str:
    return f"stadtwissen {version('stadtwissen')} (Python {platform.python_version()})"


def _time(moment: datetime) -> str:
    return literal(f"{moment:%Y-%m-%dT%H:%M:%SZ}", _XSD + "dateTime")
