"""The register of municipalities, asked as partners write."""

import polars as pl
import pytest

from loader.places import municipality, municipality_key
from loader.places.municipality import Register
from loader.places.municipality_key import Ceased, Known, Misspelt, Unknown
from loader.places.place_name import Gazetteer, Surroundings


@pytest.fixture(scope="module")
def register() -> Register:
    return municipality.read()


@pytest.fixture(scope="module")
def gazetteer(register: Register) -> Gazetteer:
    return Gazetteer(register)


def keys(gazetteer: Gazetteer, *names: str | None, **beside: object) -> list[str | None]:
    texts = pl.Series(names, dtype=pl.String)
    return gazetteer.find(texts, Surroundings(**beside))["key"].to_list()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("05315000", Known("05315000")),
        ("05 3 15 000", Known("05315000")),
        ("053150000000", Known("05315000")),
        ("05999999", Unknown()),
        ("Köln", Misspelt(4, None)),
        ("", Misspelt(0, None)),
    ],
)
def test_a_key_is_known_or_it_is_said_why_not(
    register: Register, text: str, answer: object
) -> None:
    assert municipality_key.ask(text, register) == answer


@pytest.mark.parametrize("text", ["5315000", "53150000000"])
def test_a_key_without_its_zero_is_recognised_but_not_taken(register: Register, text: str) -> None:
    answer = municipality_key.ask(text, register)
    assert isinstance(answer, Misspelt)
    assert answer.meant is not None
    assert (answer.meant.key, answer.meant.name) == ("05315000", "Köln, Stadt")


def test_a_key_that_has_ceased_names_the_municipality_of_today(register: Register) -> None:
    answer = municipality_key.ask("14522450", register)
    assert answer == Ceased(register.area("14522275"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Dresden", "14612000"),
        ("Dresden, Stadt", "14612000"),
        ("Landeshauptstadt Dresden", "14612000"),
        ("MUENCHEN", "09162000"),
        ("24103 Kiel", "01002000"),
        ("Mühldorf am Inn", "09183128"),
        ("Mühldorf a. Inn", "09183128"),
        ("Sankt Georgen im Schwarzwald", "08326052"),
        ("Waldkirchen , Niederbay", "09272151"),
        ("Bautzen, Landkreis", "14625"),
        ("Erzgebirgskreis", "14521"),
        ("Land Brandenburg", "12"),
        ("Ostrau, Sachsen", "14522275"),
    ],
)
def test_a_name_is_found_however_it_is_written(gazetteer: Gazetteer, name: str, key: str) -> None:
    assert keys(gazetteer, name) == [key]


def test_a_name_that_several_bear_is_left_open_with_all_of_them(gazetteer: Gazetteer) -> None:
    found = gazetteer.find(pl.Series(["Neuenkirchen"]), Surroundings())
    assert found["key"].to_list() == [None]
    assert len(found["candidates"][0]) == 11
    assert found["candidates"][0][0] == "05566060"  # the most populous


def test_the_largest_place_of_just_that_name_wins(gazetteer: Gazetteer) -> None:
    assert keys(gazetteer, "Essen", "Halle") == ["05113000", None]


def test_what_stands_beside_a_name_tells_namesakes_apart(gazetteer: Gazetteer) -> None:
    district = pl.Series(["Landkreis Diepholz", None], dtype=pl.String)
    postcode = pl.Series([None, "29643"], dtype=pl.String)
    found = keys(gazetteer, "Neuenkirchen", "Neuenkirchen", district=district, postcode=postcode)
    assert found == ["03251028", "03358017"]
    assert keys(gazetteer, "Halle", state="15") == ["15002000"]


def test_what_stands_beside_never_moves_a_place_that_is_clear(gazetteer: Gazetteer) -> None:
    assert keys(gazetteer, "Hamburg", state="14") == ["02000000"]


def test_nothing_is_made_of_an_empty_cell_or_of_nonsense(gazetteer: Gazetteer) -> None:
    found = gazetteer.find(pl.Series([None, "", ",", "Quatschdorf"]), Surroundings())
    assert found["key"].to_list() == [None] * 4
    assert found["candidates"].to_list() == [None] * 4


def test_a_postcode_means_a_municipality_only_where_one_administration_has_it(
    gazetteer: Gazetteer,
) -> None:
    found = gazetteer.by_postcode(pl.Series(["71296", "01097", "x", None]))
    assert found["key"].to_list() == ["08236025", None, None, None]
    assert found["candidates"].to_list()[1] == ["14612000"]


def test_the_nearest_name_is_offered_for_a_misspelt_one(register: Register) -> None:
    nearest = register.nearest("Wupertal")
    assert nearest is not None
    assert nearest.label == "Wuppertal, Stadt (Nordrhein-Westfalen)"
