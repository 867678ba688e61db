"""The catalogue of the bundled release before the official judges, who hold nothing against it.

Only results about our own things count; the lists that they refer to are merged into the data.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import shacl
from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize
from rdflib import RDF, SKOS, Graph

from loader.catalog.catalogue import Catalogue
from loader.catalog.dataset import moment
from loader.catalog.dcat import NAMES
from loader.catalog.period import Period
from loader.catalog.profile import SECOND, THIRD, Profile
from loader.dumps import form
from loader.dumps.form import FORMS, TABLES
from loader.dumps.shelf import Dump
from loader.releases.release import Home, Release
from loader.settings import Settings
from loader.shacl import shape
from tests.sparql_api.conftest import DCT, B, publish

ROOT = Path(__file__).parents[2]
OFFICIAL = ROOT.parent / "shared" / "official"
ORIGIN = "https://daten.example"
ACCOUNT = B + "graph/provenance"
XSD = "http://www.w3.org/2001/XMLSchema#"
GERMAN_3 = [
    "dcat-ap-3.0.0/shacl/dcat-ap-SHACL.ttl",
    "dcat-ap-de-3.0/shacl/dcat-ap-SHACL-DE.ttl",
    "dcat-ap-de-3.0/shacl/dcat-ap-de-controlledvocabularies.ttl",
    "dcat-ap-de-3.0/shacl/dcat-ap-de-deprecated.ttl",
    "dcat-ap-de-3.0/shacl/dcat-ap-spec-german-additions.ttl",
]
GERMAN_2 = [
    "dcat-ap-de-2.0/shacl/dcat-ap-de-deprecated.ttl",
    "dcat-ap-de-2.0/shacl/dcat-ap-konventionen.ttl",
    "dcat-ap-de-2.0/shacl/dcat-ap-spec-german-additions.ttl",
    "dcat-ap-de-2.0/shacl/dcat-ap-spec-german-messages.ttl",
    "dcat-ap-de-2.0/shacl/dcat-ap_2.1.1_shacl_shapes.ttl",
]
BASE_ZERO = ["dcat-ap-3.0.1/html/shacl/shapes.ttl"]
RECOMMENDED = ["dcat-ap-3.0.1/html/shacl/shapes_recommended.ttl"]
DEPRECATED = ["dcat-ap-3.0.1/html/shacl/deprecateduris.ttl"]
# Lists of values and vocabularies that the shapes look into.
BACKGROUND = [
    *(
        f"eu-authority/metadata101-2026/{name}.rdf"
        for name in ("access-right", "datatheme", "file-type", "frequency", "language")
    ),
    "govdata-validator/validator/resources/dashboard-live/shapes/dcat-ap-de-contributors.rdf",
    "govdata-validator/validator/resources/dashboard-live/shapes/dcat-ap-de-licenses-open.rdf",
    "adms-skos/purl.org/ADMS_SKOS_v1.00.rdf",
    "govdata-validator/validator/resources/mirror/foaf_0_1.rdf",
    "govdata-validator/validator/resources/mirror/vcard.ttl",
]
# Lists that nobody published in ../shared; the entries are those of the specification.
LISTED = {
    "http://publications.europa.eu/resource/authority/planned-availability": ["STABLE"],
    "http://dcat-ap.de/def/politicalGeocoding/Level": ["municipality"],
    "http://dcat-ap.de/def/politicalGeocoding/stateKey": [f"{n:02}" for n in range(1, 17)],
    "http://dcat-ap.de/def/hashAlgorithms": ["sha/256"],
}
needs_official = pytest.mark.skipif(
    not OFFICIAL.exists(), reason="the official shapes lie in ../shared, which is not here"
)


class Finding(NamedTuple):
    """What a judge holds against us: severity and property."""

    severity: str
    path: str


def settings(**given: str) -> Settings:
    return Settings(home=Path(), **given)  # type: ignore[arg-type]


DELIVERING = settings(
    contact="daten@kts.example",
    publisher="Koordinierungsstelle",
    publisher_type="NationalAuthority",
    contributor="bundesinstitutFuerBauStadtUndRaumforschungImBundesamtFuerBauwesenundRaumordnung",
)


DUMPS = tuple(
    Dump(f"stadtwissen.{x}", x, "none" if x in TABLES else "gzip", 7, "00ff" * 16) for x in FORMS
)


def written(release: Release, said: Settings = DELIVERING) -> str:
    """The whole catalogue of a release, with a dump of every form, as N-Triples."""
    made = Catalogue.of(release, said, ORIGIN, DUMPS)
    assert made.omitted == ()
    return "".join(f"{line}\n" for line in made.statements(made.datasets))


@pytest.fixture(scope="module")
def whole(release: Release) -> str:
    return written(release)


@pytest.fixture(scope="module")
def background() -> str:
    """The lists and vocabularies as N-Triples."""
    triples = [
        quad.triple
        for file in BACKGROUND
        for quad in parse(path=OFFICIAL / file, base_iri="http://example.org/", lenient=True)
    ]
    for scheme, entries in LISTED.items():
        for entry in entries:
            said = NamedNode(f"{scheme}/{entry}")
            triples.append(Triple(said, NamedNode(RDF.type), NamedNode(SKOS.Concept)))
            triples.append(Triple(said, NamedNode(SKOS.inScheme), NamedNode(scheme)))
    return (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()


@cache
def compiled(files: tuple[str, ...]) -> shacl.Shapes:
    """Official shapes, put together."""
    triples = [quad.triple for file in files for quad in parse(path=OFFICIAL / file)]
    text = (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()
    return shacl.Shapes.from_text(text, format="ntriples")


def judged(files: list[str], catalogue: str, around: str) -> set[Finding]:
    """What official shapes find about the catalogue's own things."""
    engine = compiled(tuple(files))
    own = {line.partition(" ")[0] for line in catalogue.splitlines()}
    results = engine.validate_text(catalogue + around, "ntriples").results
    return {
        Finding(local(each.severity), local(each.path or ""))
        for each in results
        if each.focus_node in own
    }


def local(name: str) -> str:
    return name.strip("<>").replace("#", "/").rpartition("/")[2]


@needs_official
@pytest.mark.parametrize(
    ("files", "profile"),
    [
        (GERMAN_3, THIRD),
        (GERMAN_2, SECOND),
        (BASE_ZERO, THIRD),
        (RECOMMENDED, THIRD),
        (DEPRECATED, THIRD),
    ],
    ids=["DCAT-AP.de 3.0", "DCAT-AP.de 2.0", "Base Zero", "Recommendations", "deprecated"],
)
def test_the_official_judge_holds_nothing_against_us(
    files: list[str], profile: Profile, whole: str, background: str
) -> None:
    assert judged(files, viewed(whole, profile), background) == set()


def viewed(catalogue: str, profile: Profile) -> str:
    return "".join(f"{line}\n" for line in profile.view(catalogue.splitlines()))


@needs_official
def test_no_catalogue_can_be_right_by_both_versions(whole: str, background: str) -> None:
    assert judged(GERMAN_2, whole, background) == {
        Finding("Violation", "byteSize"),  # xsd:decimal there, xsd:nonNegativeInteger here
        Finding("Violation", "inScheme"),  # GovData's list of hash methods there, SPDX's here
    }
    assert {"byteSize", "politicalGeocodingURI", "versionInfo"} <= {
        each.path for each in judged(GERMAN_3, viewed(whole, SECOND), background)
    }


@needs_official
def test_without_settings_only_who_we_are_is_missing(release: Release, background: str) -> None:
    bare = written(release, settings())
    assert judged(GERMAN_3, bare, background) == set()
    assert judged(RECOMMENDED, bare, background) == {Finding("Warning", "type")}


@needs_official
@pytest.mark.parametrize(
    ("predicate", "files"),
    [
        (f"{DCT}license", GERMAN_3),
        (f"{DCT}title", BASE_ZERO),
        ("http://www.w3.org/ns/dcat#theme", RECOMMENDED),
    ],
)
def test_the_official_judge_misses_what_is_taken_away(
    predicate: str, files: list[str], whole: str, background: str
) -> None:
    less = "".join(x for x in whole.splitlines(keepends=True) if f" <{predicate}> " not in x)
    assert local(predicate) in {f.path for f in judged(files, less, background)}


def test_our_own_profile_has_hints_at_most(whole: str) -> None:
    rules = shape.read(ROOT / "shapes" / "profiles")
    results = rules.engine.validate_text(whole, "ntriples").results
    assert {local(each.severity) for each in results} == {"Info"}


def test_each_graph_is_a_dataset_in_a_series_with_its_file(whole: str, release: Release) -> None:
    graph = Graph().parse(data=whole, format="nt")
    found = graph.query(
        "SELECT ?url ?size ?sum { ?d a dcat:Dataset ; dcat:inSeries/dct:publisher [] ;"
        " dcat:distribution ?w . ?w dcat:downloadURL ?url ; dcat:byteSize ?size ;"
        " spdx:checksum/spdx:checksumValue ?sum }",
        initNs={"dcat": NAMES["dcat"], "dct": DCT, "spdx": NAMES["spdx"]},
    )
    folder = f"{ORIGIN}/dumps/{release.id}/"
    expected = {
        (folder + each["file"], (release.path / each["file"]).stat().st_size, each["sha256"])
        for each in release.manifest["graphs"].values()
    } | {(folder + dump.file, dump.size, dump.sha256) for dump in DUMPS}
    assert {(str(u), int(n), s.lower()) for u, n, s in found} == expected  # type: ignore[misc]


def probe(tmp_path: Path, *lines: str, graph: str = B + "graph/probe") -> Catalogue:
    """The catalogue of a release with one graph, of which the account says these lines."""
    said = [f"<{graph}> <{DCT}{line} <{ACCOUNT}> ." for line in lines]
    thing = [f'<{B}id/thing/1> <{B}ontology/number> "1" <{graph}> .']
    release = publish(tmp_path, {graph: thing, ACCOUNT: [*said, *_ACCOUNT]})
    return Catalogue.of(release, settings(), ORIGIN)


def test_the_view_in_2_0_says_the_same_and_no_more(whole: str) -> None:
    lines = set(whole.splitlines())
    second = set(viewed(whole, SECOND).splitlines())
    names = {line.split(" ", 2)[1][1:-1].rpartition("/")[2] for line in second - lines}
    assert names == {
        *("22-rdf-syntax-ns#type", "terms#algorithm", "dcat#byteSize", "owl#versionInfo"),
        *("politicalGeocodingURI", "adms#status"),
    }
    gone = {line.split(" ", 2)[1] for line in lines - second if "/series/" not in line}
    assert {local(name) for name in gone} == {"algorithm", "byteSize", "type", "version"}


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("2019/2027-11", ("2019", "2027-11")),
        ("2021-09-30/..", ("2021-09-30", "")),
        ("/2023", ("", "2023")),
        ("2023-11-30", ("2023-11-30", "2023-11-30")),
        ("2023-11 / 2023", ("2023-11", "2023")),
    ],
)
def test_a_period_is_read_from_its_ends(text: str, ends: tuple[str, str]) -> None:
    period = Period.read(text)
    assert (period.begin, period.end) == ends


@pytest.mark.parametrize("text", ["", "/", "../..", "2027/2019", "2019-13", "seit 2019", "19/20"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no period"):
        Period.read(text)


def test_all_data_are_about_the_time_of_all_sources() -> None:
    both = [Period("2019", "2027-11"), Period("2019-03", "2027")]
    assert Period.around(both) == Period("2019", "2027")
    assert Period.around([*both, Period("", "2020")]) == Period("", "2027")
    assert Period.around([]) is None


def test_a_graph_was_issued_when_it_was_first_published(tmp_path: Path) -> None:
    first = probe(tmp_path, TITLE, MODIFIED, LICENCE, PUBLISHER)
    manifest = first.release.manifest | {"created": "2027-01-01T00:00:00Z"}
    manifest["graphs"] = manifest["graphs"] | {B + "graph/new": {"file": "", "triples": 0}}
    with Home(tmp_path).building() as candidate:
        later = Home(tmp_path).commit(candidate, manifest)
    assert later.manifest["issued"] == {
        "": first.release.manifest["created"],
        B + "graph/probe": first.release.manifest["created"],
        ACCOUNT: first.release.manifest["created"],
        B + "graph/new": "2027-01-01T00:00:00Z",
    }


def test_the_source_knows_best_when_it_was_issued(tmp_path: Path) -> None:
    said = f'issued> "2020-02-01"^^<{XSD}date>'
    made = probe(tmp_path, TITLE, MODIFIED, LICENCE, PUBLISHER, said, 'temporal> "2019/.."')
    (found,) = (each for each in made.datasets if each.graph == B + "graph/probe")
    assert found.issued == f'"2020-02-01"^^<{XSD}date>'
    assert found.period == Period("2019", "")


TITLE = 'title> "Probe é 1.50"@de-AT'
MODIFIED = f'modified> "2026-11-24T24:00:00+00:00"^^<{XSD}dateTime>'
LICENCE = "license> <http://creativecommons.org/licenses/by/4.0/>"
PUBLISHER = 'publisher> "Stadt Köln"@de'
_ACCOUNT = [
    f'<{ACCOUNT}> <{DCT}modified> "2026-11-24"^^<{XSD}date> <{ACCOUNT}> .',
    f"<{ACCOUNT}> <{DCT}license> <https://creativecommons.org/licenses/by/4.0> <{ACCOUNT}> .",
    f"<{ACCOUNT}> <{DCT}publisher> <{B}id/organisation/stadtwissen> <{ACCOUNT}> .",
]


def test_literals_of_a_source_are_kept_to_the_letter(tmp_path: Path) -> None:
    made = probe(tmp_path, TITLE, MODIFIED, LICENCE, PUBLISHER)
    assert made.omitted == ()
    text = form.written(made.statements(made.datasets), "ttl", NAMES).decode()
    assert '"Probe é 1.50"@de-AT' in text
    assert '"2026-11-24T24:00:00+00:00"^^xsd:dateTime' in text
    assert '"Stadt Köln"@de' in text


@pytest.mark.parametrize(
    ("lines", "term"),
    [
        ((MODIFIED, LICENCE, PUBLISHER), "dc:title"),
        ((TITLE, LICENCE, PUBLISHER), "dc:modified"),
        ((TITLE, MODIFIED, PUBLISHER), "dc:license"),
        ((TITLE, MODIFIED, "license> <https://example.org/mine>", PUBLISHER), "dc:license"),
        ((TITLE, MODIFIED, LICENCE), "dc:publisher"),
        ((TITLE, MODIFIED, LICENCE, "publisher> <https://example.org/nobody>"), "dc:publisher"),
        ((TITLE, 'modified> "gestern"', LICENCE, PUBLISHER), "gestern"),
        ((TITLE, MODIFIED, LICENCE, PUBLISHER, 'temporal> "bald"'), "bald"),
    ],
)
def test_a_graph_that_is_not_described_whole_is_left_out_with_the_reason(
    tmp_path: Path, lines: tuple[str, ...], term: str
) -> None:
    made = probe(tmp_path, *lines)
    (omission,) = made.omitted
    assert omission.graph == B + "graph/probe"
    assert term in omission.reason.de
    assert term in omission.reason.en
    assert [each.name for each in made.datasets] == ["stadtwissen", "1"]


def test_a_graph_whose_file_is_lost_is_left_out(tmp_path: Path) -> None:
    made = probe(tmp_path, TITLE, MODIFIED, LICENCE, PUBLISHER)
    (made.release.path / "graphs" / "0.nq").unlink()
    again = Catalogue.of(made.release, settings(), ORIGIN)
    assert [each.graph for each in again.omitted] == [B + "graph/probe"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-11-24", "2026-11-24T00:00:00+00:00"),
        ("2026-11-24Z", "2026-11-24T00:00:00+00:00"),
        ("2026-11-24+01:00", "2026-11-24T00:00:00+01:00"),
        ("2026-12-31T24:00:00", "2027-01-01T00:00:00+00:00"),
        ("2026-11-24T12:00:00.5Z", "2026-11-24T12:00:00.500000+00:00"),
    ],
)
def test_days_and_moments_are_read_as_xsd_writes_them(text: str, meant: str) -> None:
    assert moment(text).isoformat() == meant


@pytest.mark.parametrize("text", ["", "gestern", "2026", "2026-13-01", "2026-W01-1", "20261124"])
def test_what_is_neither_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no day and no moment"):
        moment(text)
