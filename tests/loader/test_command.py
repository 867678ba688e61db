"""The command as a stranger meets it: exit codes, languages, data on stdout, talk on stderr."""

import subprocess
import sys
from pathlib import Path

import pytest

from loader import bundle
from tests.conftest import stadtwissen


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("query", "nowhere.rq"), 2),
        (("build", "nowhere"), 2),
        (("releases", "show", "2020"), 2),
        (("fly",), 2),
        (("query", "--format", "pdf"), 2),
    ],
)
def test_wrong_usage_exits_with_2_and_says_why(
    tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    done = stadtwissen(*arguments, home=tmp_path)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("lang", "word"), [("de", "Veröffentlichung"), ("en", "release")])
def test_help_speaks_the_asked_language(tmp_path: Path, lang: str, word: str) -> None:
    assert word in stadtwissen("build", "--help", home=tmp_path, lang=lang).stdout


def test_asking_before_the_first_build_says_what_to_do(tmp_path: Path) -> None:
    done = stadtwissen("query", home=tmp_path, stdin="ASK {}", lang="en")
    assert (done.returncode, done.stderr) == (
        2, "There is no release yet. Build one: stadtwissen build\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("form", "answer"),
    [
        ("csv", "n\r\n73\r\n"),
        ("tsv", "?n\n73\n"),
        ("table", "n\n73\n"),
        ("json", '{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":'
         '"73",'
         '"datatype":"http://www.w3.org/2001/XMLSchema#integer"}}]}}'),
    ],
)  # fmt: skip
def test_a_question_is_answered_in_each_form(home: Path, form: str, answer: str) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?p a <https://w3id.org/stadtwissen/ontology/ModelProject> }"
    done = stadtwissen("query", "--format", form, home=home, stdin=query)
    assert (done.stdout.replace("\r\n", "\n"), done.returncode) == (answer.replace("\r\n", "\n"), 0)


def test_from_narrows_a_question_to_its_graph(home: Path) -> None:
    query = (
        "SELECT (COUNT(*) AS ?n) FROM <https://w3id.org/stadtwissen/graph/kts> "
        "{ ?p a <https://w3id.org/stadtwissen/ontology/ModelProject> } # all FROM one graph"
    )
    assert stadtwissen("query", "--format", "tsv", home=home, stdin=query).stdout == "?n\n0\n"


def test_a_question_that_is_no_sparql_exits_with_2(home: Path) -> None:
    done = stadtwissen("query", home=home, stdin="SELECT ?x WHERE {", lang="en")
    assert done.returncode == 2
    assert "no SPARQL" in done.stderr


def test_a_description_that_is_no_json_names_the_place(tmp_path: Path) -> None:
    (tmp_path / "q").mkdir()
    (tmp_path / "q/metadata.json").write_text('{"a": ')
    done = stadtwissen("build", tmp_path / "q", home=tmp_path, lang="en")
    assert done.returncode == 2
    assert "metadata.json cannot be read" in done.stderr


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = stadtwissen("build", home=tmp_path / "file" / "home", lang="en")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert f"{tmp_path}/file" in done.stderr


def test_the_live_release_is_marked_in_the_list(home: Path) -> None:
    assert stadtwissen("releases", "list", home=home).stdout.startswith("* 20")


def test_the_bundle_is_the_checkout_s_own_folder() -> None:
    assert (bundle.ontology() / "stadtwissen.ttl").is_file()


@pytest.mark.parametrize(
    ("module", "libraries"),
    [
        ("loader.verbs.build", {"fastapi", "openpyxl", "pyshacl", "shapely"}),
        ("loader.verbs.query", {"fastapi", "polars", "rdflib", "shapely"}),
        ("sparql_api.workers.nursery", {"fastapi", "polars", "rdflib", "shapely"}),
    ],
)
def test_a_large_library_is_imported_when_it_is_first_needed(
    module: str, libraries: set[str]
) -> None:
    text = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert not libraries & set(done.stdout.split())
