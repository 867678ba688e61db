"""The inventory: the graphs of a release as datasets, from what its own account says of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from loader import account
from loader.catalog import licence
from loader.catalog.dataset import Agent, Dataset, File, Omission, moment
from loader.catalog.period import Period
from loader.dumps.graph import named
from loader.errors import LoaderError
from loader.language import Text
from loader.prefix import PREFIXES
from loader.releases import master
from loader.releases.release import Release
from loader.term import literal, text_of

OWNER = f"{account.BASE}id/organisation/stadtwissen"  # ourselves; the settings say the name
_DC = PREFIXES["dc"]
_XSD = PREFIXES["xsd"]
_NAMES = frozenset([PREFIXES["rdfs"] + "label", PREFIXES["foaf"] + "name", _DC + "title"])
# What a build makes besides the graphs of sources: title and description.
_OWN = {
    "ontology/": (
        Text("Stadtwissen: Vokabular", "Stadtwissen: vocabulary"),
        Text(
            "Klassen und Eigenschaften für Akteure, Projekte, Maßnahmen und Gebiete, als OWL.",
            "Classes and properties for actors, projects, measures and areas, as OWL.",
        ),
    ),
    "schemes/": (
        Text("Stadtwissen: Codelisten", "Stadtwissen: code lists"),
        Text(
            "Die Listen von Begriffen, aus denen die Daten ihre Werte nehmen, als SKOS.",
            "The lists of concepts from which the data take their values, as SKOS.",
        ),
    ),
    "shapes/": (
        Text("Stadtwissen: Regeln", "Stadtwissen: rules"),
        Text(
            "Die Regeln, nach denen Lieferungen und Daten geprüft werden, als SHACL.",
            "The rules by which deliveries and data are checked, as SHACL.",
        ),
    ),
    "graph/provenance": (
        Text("Stadtwissen: Herkunft der Daten", "Stadtwissen: where the data come from"),
        Text(
            "Welche Datei wann von wem geladen oder geändert wurde, als PROV-O.",
            "Which file was loaded or changed when and by whom, as PROV-O.",
        ),
    ),
}
_WHOLE = (
    Text("Stadtwissen: alle Daten", "Stadtwissen: all data"),
    Text(
        "Das offene Wissensnetz der kommunalen Smart-City-Arbeit in Deutschland: Akteure, "
        "Projekte, Maßnahmen, Lösungen und Gebiete, mit Vokabular und Herkunft.",
        "The open knowledge graph of municipal Smart City work in Germany: actors, projects, "
        "measures, solutions and areas, with vocabulary and provenance.",
    ),
)


Said = tuple[str, str]  # predicate, and object as the master writes it


class DatasetIncomplete(LoaderError):
    """A graph of which nobody says what a catalogue must say."""


def read(release: Release) -> tuple[list[Dataset], list[Omission]]:
    """All data and the graphs of a release; a graph that is not described whole is left out."""
    datasets: list[Dataset] = []
    omitted: list[Omission] = []
    for graph, facts in release.manifest["graphs"].items():
        try:
            datasets.append(_Account(release, graph, facts).dataset())
        except DatasetIncomplete as error:
            omitted.append(Omission(graph, error.text))
        except (OSError, KeyError, SyntaxError, TypeError, ValueError) as error:
            omitted.append(Omission(graph, Text(f"Nicht lesbar: {error}", f"Unreadable: {error}")))
    return [_whole(release, datasets), *datasets], omitted


def _whole(release: Release, parts: list[Dataset]) -> Dataset:
    title, description = _WHOLE
    return Dataset(
        name="stadtwissen",
        graph="",
        file=None,
        titles=_both(title),
        descriptions=_both(description),
        issued=_issued(release, ""),
        modified=_moment_of(release.manifest["created"]),
        licence=licence.CC_BY,
        publisher=Agent(OWNER, ()),
        rights=tuple(dict.fromkeys(text for part in parts for text in part.rights)),
        period=Period.around([part.period for part in parts if part.sources and part.period]),
    )


@dataclass(frozen=True, slots=True)
class _Account:
    """What the release's account says of one graph. The methods raise DatasetIncomplete."""

    release: Release
    graph: str
    facts: dict[str, Any]

    def dataset(self) -> Dataset:
        said = self._said()
        own = _OWN.get(self.graph.removeprefix(account.BASE))
        titles = _both(own[0]) if own else _texts(said, "title")
        if not titles:
            raise _lacking("Titel", "title", "dc:title")
        descriptions = _both(own[1]) if own else _texts(said, "description")
        return Dataset(
            name=Path(self.facts["file"]).stem,
            graph=self.graph,
            file=self._file(),
            titles=titles,
            descriptions=descriptions or titles,
            issued=next(iter(_texts(said, "issued")), _issued(self.release, self.graph)),
            modified=self._modified(said),
            licence=_licence(said),
            publisher=self._publisher(said),
            rights=_texts(said, "rights"),
            sources=() if own else tuple(_addresses(said, "source")),
            period=self._period(said, own=bool(own)),
        )

    def _period(self, said: list[Said], *, own: bool) -> Period | None:
        """What the source says; our own graphs are about the time in which they were written."""
        if own:
            times = (_issued(self.release, self.graph), self._modified(said))
            return Period(*(text_of(time)[: len("2026-01-31")] for time in times))
        return next((Period.read(text_of(term)) for term in _texts(said, "temporal")), None)

    def _said(self) -> list[Said]:
        entry = self.release.manifest["graphs"].get(account.GRAPH)
        return _about(self.release.path / entry["file"], self.graph) if entry else []

    def _file(self) -> File:
        path = str(self.facts["file"])
        return File(path, (self.release.path / path).stat().st_size, self.facts["sha256"])

    def _modified(self, said: list[Said]) -> str:
        """The source's own date, or the time of a later change by an update."""
        change = self.release.manifest.get("changed", {}).get(self.graph)
        if change:
            stamp = datetime.strptime(change["in"][:18], "%Y-%m-%dT%H%M%SZ")
            return _moment_of(f"{stamp:%Y-%m-%dT%H:%M:%SZ}")
        for term in _texts(said, "modified"):
            moment(text_of(term))
            return term
        raise _lacking("Datum der Änderung", "date of change", "dc:modified")

    def _publisher(self, said: list[Said]) -> Agent:
        for address in _addresses(said, "publisher"):
            if address == OWNER:
                return Agent(OWNER, ())
            named = tuple(self._names(address))
            if named:
                return Agent(address, named)
        names = _texts(said, "publisher")
        if names:
            return Agent(self.graph + "#publisher", names)
        raise _lacking("Herausgeber mit Namen", "publisher with a name", "dc:publisher")

    def _names(self, address: str) -> Iterator[str]:
        for path in self.release.masters:
            for name, value in _about(path, address):
                if name in _NAMES and value.startswith('"'):
                    yield value


def _about(path: Path, subject: str) -> list[Said]:
    graphs = named(master.statements(path, subject))
    rows = (row for each in graphs for row in each.lines())
    return [(name.decode()[1:-1], value.decode()) for _, name, value in rows]


def _issued(release: Release, graph: str) -> str:
    """When a graph was first published here; a release that does not tell is the first known."""
    issued = release.manifest.get("issued", {})
    return _moment_of(issued.get(graph, release.manifest["created"]))


def _licence(said: list[Said]) -> str:
    for address in _addresses(said, "license"):
        listed = licence.listed(address)
        if listed:
            return listed
    raise _lacking("Lizenz aus der Liste von DCAT-AP.de", "licence of DCAT-AP.de", "dc:license")


def _texts(said: list[Said], name: str) -> tuple[str, ...]:
    return tuple(term for p, term in said if p == _DC + name and term.startswith('"'))


def _addresses(said: list[Said], name: str) -> list[str]:
    return [term[1:-1] for p, term in said if p == _DC + name and term.startswith("<")]


def _both(text: Text) -> tuple[str, ...]:
    return literal(text.de, language="de"), literal(text.en, language="en")


def _moment_of(text: str) -> str:
    return literal(text, _XSD + "dateTime")


def _lacking(de: str, en: str, term: str) -> DatasetIncomplete:
    return DatasetIncomplete(
        Text(
            f"Es fehlt: {de} ({term}). Ergänzen Sie es in der Beschreibung der Quelle.",
            f"Missing: {en} ({term}). Add it to the description of the source.",
        )
    )
