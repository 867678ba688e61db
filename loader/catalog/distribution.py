"""Distributions: the ways to a dataset, which are files of the release and the SPARQL service."""

from collections.abc import Iterator
from dataclasses import dataclass

from loader.catalog.dataset import Dataset, File
from loader.catalog.dcat import Fact, about, both, node, typed
from loader.dumps.form import FORMS
from loader.dumps.shelf import STEM, Dump
from loader.language import Text
from loader.releases.release import Release
from loader.term import literal

_DUMP = Text("N-Quads, im Wortlaut", "N-Quads, to the letter")
_DUMP_USE = Text(
    "Der ganze Graph in einer Datei, Literale wie geliefert.",
    "The whole graph in one file, literals as delivered.",
)
_CRATE = Text("RO-Crate", "RO-Crate")
_CRATE_USE = Text(
    "Die Liste aller Dateien der Veröffentlichung mit Größen und Prüfsummen.",
    "The list of all files of the release with sizes and checksums.",
)
_SPARQL = Text("SPARQL-Zugang", "SPARQL access")
_SPARQL_USE = Text(
    "Abfragen in SPARQL 1.1 über alle Daten der geltenden Veröffentlichung.",
    "Queries in SPARQL 1.1 over all data of the live release.",
)
_METHOD = "spdx:checksumAlgorithm_sha256"


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways to one dataset of a release at the server `origin`.

    `address` is the dataset's; `service` that of the SPARQL service; `owner` is whom a licence
    asks to name where the dataset names nobody; `dumps` are files of all data.
    """

    release: Release
    origin: str
    dataset: Dataset
    address: str
    service: str
    owner: str
    dumps: tuple[Dump, ...] = ()

    @property
    def addresses(self) -> list[str]:
        """Those of the distributions."""
        kinds = ["nq"] if self.dataset.file else ["ro-crate", "sparql", *self._named_dumps()]
        return [f"{self.address}/{kind}" for kind in kinds]

    def statements(self) -> Iterator[str]:
        """What is said of all of them."""
        if self.dataset.file:
            yield from self._file(self.dataset.file)
        else:
            yield from self._crate()
            yield from self._sparql()
            for name, dump in self._named_dumps().items():
                yield from self._dump(f"{self.address}/{name}", dump)

    def _named_dumps(self) -> dict[str, Dump]:
        """The dumps by the last part of their addresses, which stay from release to release."""
        return {dump.file.removeprefix(f"{STEM}."): dump for dump in self.dumps}

    def _file(self, file: File) -> Iterator[str]:
        return self._sized(
            self.addresses[0],
            file,
            *both("dct:title", _DUMP),
            *both("dct:description", _DUMP_USE),
            ("dct:format", node("at:file-type/RDF_N_QUADS")),
            ("dcat:mediaType", node("iana:application/n-quads")),
        )

    def _dump(self, address: str, dump: Dump) -> Iterator[str]:
        form, file = FORMS[dump.form], File(dump.file, dump.size, dump.sha256)
        packing = {"gzip": "application/gzip", "zstd": "application/zstd"}.get(dump.coding)
        return self._sized(
            address,
            file,
            *both("dct:title", form.title),
            *both("dct:description", form.use),
            ("dct:format", node(f"at:file-type/{form.listed}")),
            ("dcat:mediaType", node(f"iana:{form.media}")),
            *([("dcat:compressFormat", node(f"iana:{packing}"))] if packing else []),
            *([("dcat:packageFormat", node("iana:application/zip"))] if form.package else []),
        )

    def _sized(self, address: str, file: File, *facts: Fact) -> Iterator[str]:
        """A file that can be fetched, with bytes and checksum."""
        where = node(f"{self.origin}/dumps/{self.release.id}/{file.path}")
        checksum = f"{address}#checksum"
        yield from self._distribution(
            address,
            *facts,
            ("dcat:accessURL", where),
            ("dcat:downloadURL", where),
            ("dcat:byteSize", typed(file.size, "nonNegativeInteger")),
            ("spdx:checksum", node(checksum)),
        )
        yield from about(_METHOD, "spdx:ChecksumAlgorithm")
        yield from about(
            checksum,
            "spdx:Checksum",
            ("spdx:algorithm", node(_METHOD)),
            ("spdx:checksumValue", typed(file.checksum, "hexBinary")),
        )

    def _crate(self) -> Iterator[str]:
        where = node(f"{self.origin}/dumps/{self.release.id}/ro-crate-metadata.json")
        return self._distribution(
            self.addresses[0],
            *both("dct:title", _CRATE),
            *both("dct:description", _CRATE_USE),
            ("dcat:accessURL", where),
            ("dcat:downloadURL", where),
            ("dct:format", node("at:file-type/JSON_LD")),
            ("dcat:mediaType", node("iana:application/ld+json")),
        )

    def _sparql(self) -> Iterator[str]:
        return self._distribution(
            self.addresses[1],
            *both("dct:title", _SPARQL),
            *both("dct:description", _SPARQL_USE),
            ("dcat:accessURL", node(f"{self.origin}/sparql")),
            ("dcat:accessService", node(self.service)),
            ("dct:format", node("at:file-type/SPARQLQRES")),
        )

    def _distribution(self, address: str, *facts: Fact) -> Iterator[str]:
        named = self.dataset.rights or (literal(self.owner, language="de"),)
        return about(
            address,
            "dcat:Distribution",
            *facts,
            ("dct:license", node(self.dataset.licence)),
            *(("dcatde:licenseAttributionByText", text) for text in named),
            ("dcatap:availability", node("at:planned-availability/STABLE")),
            ("dct:issued", typed(self.release.manifest["created"], "dateTime")),
            ("dct:modified", self.dataset.modified),
        )
