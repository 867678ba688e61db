"""The catalogue of a release in DCAT-AP.de 3.0, as lines of N-Triples.

Source: *DCAT-AP.de 3.0*, and the conventions of 2.0 where 3.0 does not contradict them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from loader.catalog import inventory, licence
from loader.catalog.dataset import Agent, Dataset, Omission
from loader.catalog.dcat import NAMES, Fact, about, both, node, said, typed
from loader.catalog.distribution import Ways
from loader.catalog.inventory import OWNER
from loader.dumps.shelf import Dump
from loader.language import Text
from loader.releases.release import Release
from loader.settings import Settings
from loader.term import literal

_TITLE = Text("Stadtwissen: Katalog der Daten", "Stadtwissen: catalogue of the data")
_DESCRIPTION = Text(
    "Offene verknüpfte Daten zur kommunalen Smart-City-Arbeit in Deutschland.",
    "Open linked data on municipal Smart City work in Germany.",
)
_SERVICE = Text("SPARQL-Endpunkt", "SPARQL endpoint")
_SERVICE_USE = Text(
    "Abfragen in SPARQL 1.1 über alle Daten der geltenden Veröffentlichung.",
    "Queries in SPARQL 1.1 over all data of the live release.",
)
_SERIES_USE = Text("Die Veröffentlichungen dieser Daten.", "The releases of these data.")
_KEYWORDS = (Text("Smart City", "smart city"), Text("Kommunen", "municipalities"))
_GERMANY = "POLYGON((5.87 47.27,15.04 47.27,15.04 55.06,5.87 55.06,5.87 47.27))"
_MIDDLE = "POINT(10.45 51.16)"
_PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"
_SAFE = "/%:@!$'()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a release publishes, and where: `origin` is the server's address without a slash.

    `omitted` are the graphs of which nobody says what a catalogue must.
    """

    release: Release
    settings: Settings
    origin: str
    datasets: tuple[Dataset, ...]
    omitted: tuple[Omission, ...]
    dumps: tuple[Dump, ...]

    @classmethod
    def of(
        cls, release: Release, settings: Settings, origin: str, dumps: tuple[Dump, ...] = ()
    ) -> "Catalogue":
        """The catalogue of a release and of dumps of it. Raises ReleaseDamaged."""
        datasets, omitted = inventory.read(release)
        return cls(release, settings, origin, tuple(datasets), tuple(omitted), dumps)

    @property
    def address(self) -> str:
        """The catalogue's own address; those of its parts begin with it."""
        return f"{self.settings.base_iri}catalog"

    def statements(self, chosen: Iterable[Dataset]) -> Iterator[str]:
        """The catalogue with these of its datasets; each statement once."""
        return iter(dict.fromkeys(self._statements(list(chosen))))

    def _statements(self, chosen: list[Dataset]) -> Iterator[str]:
        yield from self._catalogue(chosen)
        yield from self._service(chosen)
        yield from self._place()
        yield from self._agent(Agent(OWNER, ()))
        yield from self._contact()
        for each in chosen:
            yield from self._dataset(each)
            yield from self._series(each)
            yield from self._agent(each.publisher)
            yield from self._ways(each).statements()

    def _catalogue(self, chosen: list[Dataset]) -> Iterator[str]:
        created = typed(self.release.manifest["created"], "dateTime")
        homepage = f"{self.origin}/"
        yield from about(homepage, "foaf:Document")
        yield from about(
            self.address,
            "dcat:Catalog",
            *both("dct:title", _TITLE),
            *both("dct:description", _DESCRIPTION),
            ("dct:publisher", node(OWNER)),
            ("dct:language", node("at:language/DEU")),
            ("dct:language", node("at:language/ENG")),
            ("dct:license", node(licence.CC_BY)),
            ("dct:issued", created),
            ("dct:modified", created),
            ("foaf:homepage", node(homepage)),
            ("dcat:themeTaxonomy", node("at:data-theme")),
            ("dct:spatial", node("at:country/DEU")),
            ("dcat:service", node(self._service_address)),
            *(("dcat:dataset", node(self._at("dataset", each))) for each in chosen),
        )

    def _dataset(self, each: Dataset) -> Iterator[str]:
        address = self._at("dataset", each)
        pages = [f"{self.origin}/.well-known/void", *each.sources]
        landing = self._landing_page(each)
        yield from about(
            address,
            "dcat:Dataset",
            *(("dct:title", text) for text in each.titles),
            *(("dct:description", text) for text in each.descriptions),
            ("dct:identifier", literal(address)),
            *self._contributor(),
            ("dct:publisher", node(each.publisher.address)),
            *self._kept(),
            ("dct:issued", each.issued),
            ("dct:modified", each.modified),
            ("dct:accrualPeriodicity", node("at:frequency/IRREG")),
            ("dcatde:politicalGeocodingLevelURI", node("level:municipality")),
            ("dct:spatial", node("at:country/DEU")),
            ("dcat:landingPage", node(landing)),
            *(("foaf:page", node(page)) for page in pages),
            ("dcat:version", literal(self.release.id)),
            ("dct:conformsTo", node(f"{self.settings.base_iri}ontology/")),
            ("dcat:inSeries", node(self._at("series", each))),
            *(("dcat:distribution", node(way)) for way in self._ways(each).addresses),
        )
        if each.period:
            yield said(node(address), "dct:temporal", node(f"{address}#period"))
            yield from each.period.statements(f"{address}#period")
        yield from about(f"{self.settings.base_iri}ontology/", "dct:Standard")
        for page in (landing, *pages):
            yield from about(page, "foaf:Document")

    def _series(self, each: Dataset) -> Iterator[str]:
        return about(
            self._at("series", each),
            "dcat:DatasetSeries",
            *(("dct:title", text) for text in each.titles),
            *both("dct:description", _SERIES_USE),
            *self._contributor(),
            ("dct:publisher", node(each.publisher.address)),
            ("dcat:contactPoint", node(self._contact_address)),
            ("dct:issued", each.issued),
            ("dct:modified", each.modified),
            ("dct:accrualPeriodicity", node("at:frequency/IRREG")),
            ("dct:spatial", node("at:country/DEU")),
        )

    def _service(self, chosen: list[Dataset]) -> Iterator[str]:
        endpoint = f"{self.origin}/sparql"
        yield from about(_PROTOCOL, "dct:Standard")
        yield from about(
            self._service_address,
            "dcat:DataService",
            *both("dct:title", _SERVICE),
            *both("dct:description", _SERVICE_USE),
            ("dct:publisher", node(OWNER)),
            *self._kept(),
            ("dcat:endpointURL", node(endpoint)),
            ("dcat:endpointDescription", node(f"{endpoint}?format=ttl")),
            ("dct:license", node(licence.CC_BY)),
            ("dct:conformsTo", node(_PROTOCOL)),
            ("dct:format", node("at:file-type/SPARQLQRES")),
            *(("dcat:servesDataset", node(self._at("dataset", each))) for each in chosen),
        )

    def _kept(self) -> Iterator[Fact]:
        """What holds of all datasets and of the service."""
        yield "dcat:contactPoint", node(self._contact_address)
        yield "dcat:theme", node("at:data-theme/GOVE")
        yield "dcat:theme", node("at:data-theme/REGI")
        for word in _KEYWORDS:
            yield from both("dcat:keyword", word)
        yield "dct:accessRights", node("at:access-right/PUBLIC")
        yield "dcatap:availability", node("at:planned-availability/STABLE")

    def _contributor(self) -> Iterator[Fact]:
        name = self.settings.contributor.rpartition("/")[2]
        if name:
            yield "dcatde:contributorID", node(f"contributor:{quote(name)}")

    def _agent(self, agent: Agent) -> Iterator[str]:
        names = agent.names or (literal(self.settings.publisher, language="de"),)
        kind = quote(self.settings.publisher_type) if agent.address == OWNER else ""
        yield from about(agent.address, "foaf:Agent", *(("foaf:name", name) for name in names))
        if kind:
            yield said(node(agent.address), "dct:type", node(f"publishertype:{kind}"))

    def _contact(self) -> Iterator[str]:
        mail = self.settings.contact
        return about(
            self._contact_address,
            "vcard:Kind",
            ("vcard:fn", literal(self.settings.publisher)),
            ("vcard:hasURL", node(f"{self.origin}/")),
            *([("vcard:hasEmail", node(f"mailto:{quote(mail, safe='@+')}"))] if mail else []),
        )

    def _place(self) -> Iterator[str]:
        return about(
            "at:country/DEU",
            "dct:Location",
            ("dcat:bbox", literal(_GERMANY, NAMES["geo"] + "wktLiteral")),
            ("dcat:centroid", literal(_MIDDLE, NAMES["geo"] + "wktLiteral")),
        )

    def _ways(self, each: Dataset) -> Ways:
        address, owner = self._at("dataset", each), self.settings.publisher
        service = self._service_address
        return Ways(self.release, self.origin, each, address, service, owner, self.dumps)

    def _landing_page(self, each: Dataset) -> str:
        place = each.graph.removeprefix(self.settings.base_iri)
        if not place or place == each.graph:
            return f"{self.origin}/dumps/current/"
        return f"{self.origin}/doc/{quote(place, safe=_SAFE)}"

    def _at(self, kind: str, each: Dataset) -> str:
        return f"{self.address}/{kind}/{quote(each.name)}"

    @property
    def _service_address(self) -> str:
        return f"{self.address}/service/sparql"

    @property
    def _contact_address(self) -> str:
        return f"{self.address}/contact"
