"""Real lists of real authorities: nothing of them is dropped in silence."""

import json
import re

import pytest
from pyoxigraph import RdfFormat, parse

from loader import bundle, vocabulary
from loader.source import Source
from loader.vocabulary import Vocabulary
from tests.conftest import stadtwissen
from tests.loader.conftest import Converted
from tests.sources import delivery
from tests.sources.delivery import HERE, NAMES, PARTNERS, Figures

pytestmark = pytest.mark.skipif(
    not PARTNERS.is_dir(), reason="the partners' tables in ../shared/partner-data are not here"
)
SMALL = ("code-for-germany", "esif-by-efre-2014", "klima", "muenchen-software")
# Places that are no municipalities: two labs are those of regions.
REGIONS = {"code-for-germany": 2}
POPULATION = re.compile(r"/ontology/population> \"([0-9]+)\"")
KEY = re.compile(r"/(?:municipality|local-authority)/([0-9]{8})>")


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    return vocabulary.read(bundle.ontology())


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def delivered(name: str, words: Vocabulary) -> tuple[Source, Converted]:
    """One list, converted once for all that is asked of it."""
    return delivery.converted(name, words)


@pytest.fixture(scope="module")
def figures(delivered: tuple[Source, Converted]) -> Figures:
    return delivery.figures(*delivered)


def test_each_row_describes_something_or_is_counted_as_left_out(figures: Figures) -> None:
    assert figures.rows
    assert figures.subjects + figures.persons + figures.no_data == figures.rows


def test_each_place_is_resolved_or_reported_and_few_are_unknown(
    figures: Figures, name: str
) -> None:
    assert figures.resolved + figures.ambiguous + figures.unknown == figures.places
    assert figures.unknown <= max(figures.places * 0.05, REGIONS.get(name, 0))


def test_the_figures_are_those_of_the_readme(figures: Figures, name: str) -> None:
    assert figures.line(name) in (HERE / "README.md").read_text("utf-8").splitlines()


def test_each_amount_that_is_given_is_said_or_reported(
    delivered: tuple[Source, Converted], name: str
) -> None:
    if name.startswith("esif"):
        given, told = delivery.amounts(*delivered)
        assert given
        assert told == given


def test_what_is_made_is_rdf(delivered: tuple[Source, Converted]) -> None:
    lines = delivered[1].lines
    assert sum(1 for _ in parse("\n".join(lines), format=RdfFormat.N_QUADS)) == len(lines)


def test_a_list_names_no_one_whom_its_office_calls_a_person(
    delivered: tuple[Source, Converted],
) -> None:
    """Brandenburg itself wrote „Natürliche Person“ over 797 names."""
    assert not any("Natürliche Person" in line for line in delivered[1].lines)


def test_the_register_of_fixed_width_has_all_inhabitants_of_germany(words: Vocabulary) -> None:
    """The Federal Statistical Office counts 84,358,845 in 10,981 municipalities for this file."""
    _, made = delivery.converted("gemeindeverzeichnis-gv100ad", words)
    counts = [int(match[1]) for line in made.lines if (match := POPULATION.search(line))]
    assert (len(counts), sum(counts)) == (10_981, 84_358_845)


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory, words: Vocabulary) -> list[dict[str, str]]:
    """The findings of a whole build over some of the lists, beside the places that they name."""
    folder = tmp_path_factory.mktemp("deliveries")
    keys: set[str] = set()
    for each in SMALL:
        delivery.copied(each, folder / each)
        keys |= set(KEY.findall("\n".join(delivery.converted(each, words)[1].lines)))
    delivery.municipalities(keys, folder / "gemeinden")
    home = tmp_path_factory.mktemp("home")
    done = stadtwissen("build", "--dry-run", folder, home=home)
    assert done.returncode == 1, done.stderr[-3000:]
    findings: list[dict[str, str]] = json.loads((home / "refused.json").read_text())
    return findings


def test_the_shapes_object_only_to_what_the_lists_say(refused: list[dict[str, str]]) -> None:
    """Each of these was looked up in the list: it is so there."""
    errors = {
        (finding["code"], finding["file"].partition("/")[0])
        for finding in refused
        if finding["severity"] == "error"
    }
    assert errors == {
        ("S-ADRESSE", "code-for-germany"),  # addresses within their own site
        ("S-LISTE", "code-for-germany"),  # „Zwonull“, „Festgefahren“, a date
        ("S-ORT-FREMD", "code-for-germany"),  # regions: Ruhrgebiet, Niederrhein
        ("S-ORT-MEHRDEUTIG", "code-for-germany"),  # „Frankfurt“
        ("S-VERWEIS", "code-for-germany"),  # labs that have no page
        ("S-FORM", "muenchen-software"),  # „GNU General Public License“
        ("S-PFLICHT", "muenchen-software"),  # no licence
        ("T-ZELLEN", "klima"),  # rows of four cells
    }
