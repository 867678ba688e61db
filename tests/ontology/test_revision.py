"""A change of the vocabulary is noticed, weighed, and refused where it would break a promise."""

import json
from pathlib import Path

import pytest

from tests.conftest import stadtwissen

ROOT = Path(__file__).parents[2]
T = "https://w3id.org/stadtwissen/ontology/"
HEAD = f"""
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix stadt: <{T}> .
<{T}> a owl:Ontology ; owl:versionInfo "VERSION" .
"""
TERMS = """
stadt:Thing a owl:Class ; rdfs:label "Ding"@de ; skos:definition "Etwas."@de .
stadt:Part a owl:Class ; rdfs:label "Teil"@de ; rdfs:subClassOf stadt:Thing .
stadt:partOf a owl:ObjectProperty ; rdfs:label "Teil von"@de ; rdfs:range stadt:Thing ;
    rdfs:domain [ a owl:Class ; owl:unionOf ( stadt:Part stadt:Thing ) ] .
stadt:old a owl:DatatypeProperty ; owl:deprecated true .
"""


def written(path: Path, terms: str, version: str) -> Path:
    path.mkdir()
    (path / "core.ttl").write_text(HEAD.replace("VERSION", version) + terms)
    return path


def compared(tmp_path: Path, after: str, version: str = "1.2.3") -> tuple[int, dict[str, object]]:
    a, b = written(tmp_path / "a", TERMS, "1.2.3"), written(tmp_path / "b", after, version)
    done = stadtwissen("ontology", "diff", a, b, "--format", "json", home=tmp_path)
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize(
    ("old", "new", "step", "demanded"),
    [
        ("", "", "none", "1.2.3"),
        ("stadt:Part stadt:Thing )", "stadt:Thing stadt:Part )", "none", "1.2.3"),
        ('"Ding"@de', '"Gegenstand"@de', "patch", "1.2.4"),
        ('"Etwas."@de', '"Was es gibt."@de', "patch", "1.2.4"),
        ("stadt:old a", "stadt:new a owl:Class . stadt:old a", "minor", "1.3.0"),
        (
            "stadt:Part a owl:Class",
            "stadt:Part a owl:Class ; owl:deprecated true",
            "minor",
            "1.3.0",
        ),
        ("stadt:old a owl:DatatypeProperty ; owl:deprecated true .", "", "minor", "1.3.0"),
        ("stadt:old a owl:DatatypeProperty", "stadt:old a owl:ObjectProperty", "minor", "1.3.0"),
        ("stadt:Part a", "stadt:Piece a", "major", "2.0.0"),
        ("rdfs:range stadt:Thing", "rdfs:range stadt:Part", "major", "2.0.0"),
        ("stadt:Part stadt:Thing )", "stadt:Part )", "major", "2.0.0"),
        ("rdfs:subClassOf stadt:Thing", "rdfs:subClassOf stadt:Whole", "major", "2.0.0"),
        ("a owl:ObjectProperty", "a owl:DatatypeProperty", "major", "2.0.0"),
    ],
)
def test_a_change_asks_for_its_step(
    tmp_path: Path, old: str, new: str, step: str, demanded: str
) -> None:
    assert old in TERMS
    _, said = compared(tmp_path, TERMS.replace(old, new) if old else TERMS)
    assert (said["step"], said["demanded"]) == (step, demanded)


@pytest.mark.parametrize(("version", "code"), [("1.2.3", 1), ("1.2.4", 1), ("1.3.0", 0)])
def test_a_version_that_is_too_low_is_refused(tmp_path: Path, version: str, code: int) -> None:
    after = TERMS + "stadt:New a owl:Class ."
    assert compared(tmp_path, after, version)[0] == code


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("de", f"- entfernt, ohne vorher als veraltet zu gelten: {T}Part"),
        ("en", f"- removed without having been deprecated: {T}Part"),
    ],
)
def test_the_text_names_what_is_gone(tmp_path: Path, lang: str, line: str) -> None:
    a = written(tmp_path / "a", TERMS, "0.1.0")
    b = written(tmp_path / "b", TERMS.replace("stadt:Part a", "stadt:Piece a"), "0.2.0")
    done = stadtwissen("ontology", "diff", a, b, home=tmp_path, lang=lang)
    assert line in done.stdout.splitlines()
    assert done.returncode == 1


def test_two_files_are_compared_as_two_folders_are(tmp_path: Path) -> None:
    a = written(tmp_path / "a", TERMS, "1.0.0") / "core.ttl"
    b = written(tmp_path / "b", TERMS + "stadt:New a owl:Class .", "1.1.0") / "core.ttl"
    done = stadtwissen("ontology", "diff", a, b, home=tmp_path, lang="en")
    assert done.stdout.splitlines() == [f"+ added: {T}New", "Step: minor. 1.1.0 is right."]


@pytest.mark.parametrize("name", ["nothing", "empty"])
def test_what_is_no_vocabulary_is_wrong_usage(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    done = stadtwissen("ontology", "diff", tmp_path / name, tmp_path / name, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Vokabular" in done.stderr


def test_a_kept_version_refuses_to_lose_a_term(tmp_path: Path) -> None:
    folder = written(tmp_path / "a", TERMS, "1.0.0")
    assert stadtwissen("ontology", "keep", folder, home=tmp_path).returncode == 0
    assert stadtwissen("ontology", "check", folder, home=tmp_path).returncode == 0
    lost = TERMS.replace("stadt:Part a", "stadt:Piece a")
    (folder / "core.ttl").write_text(HEAD.replace("VERSION", "2.0.0") + lost)
    assert stadtwissen("ontology", "check", folder, home=tmp_path).returncode == 1
    assert stadtwissen("ontology", "keep", folder, home=tmp_path).returncode == 1
    assert [file.name for file in (folder / "versions").iterdir()] == ["1.0.0.nt"]


def test_what_is_kept_is_what_was_there(tmp_path: Path) -> None:
    folder = written(tmp_path / "a", TERMS, "1.0.0")
    kept = stadtwissen("ontology", "keep", folder, home=tmp_path).stdout.strip()
    done = stadtwissen("ontology", "diff", kept, folder, home=tmp_path, lang="en")
    assert done.stdout == "Step: none. 1.0.0 is right.\n"


def test_our_own_vocabulary_keeps_its_promises(tmp_path: Path) -> None:
    assert list((ROOT / "ontology" / "versions").glob("*.nt"))
    done = stadtwissen("ontology", "check", ROOT / "ontology", home=tmp_path)
    assert done.returncode == 0, done.stdout
