"""The vocabulary's addresses: for people in two languages, for programs in every format."""

import asyncio
from pathlib import Path

import httpx
import pytest
from pyoxigraph import NamedNode, parse
from rdflib import OWL, RDF, Graph, Namespace, URIRef

from sparql_api.vocabulary.atlas import kept_atlas, kept_versions
from tests.sparql_api.conftest import FORMATS, B, Server, Start

PROF = Namespace("http://www.w3.org/ns/dx/prof/")
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
# Each address, and a subject that its document is to say something about.
ADDRESSES = {
    "/ontology": "ontology/Measure",
    "/ontology/0.1.0": "ontology/Measure",
    "/ontology/Measure": "ontology/Measure",
    "/ontology/fieldOfAction": "ontology/fieldOfAction",
    "/ontology/core/": "ontology/core/",
    "/ontology/parts/restrictions": "ontology/restrictions/core/",
    "/schemes": "schemes/field-of-action",
    "/schemes/field-of-action": "schemes/field-of-action/mobility",
    "/schemes/field-of-action/mobility": "schemes/field-of-action/mobility",
    "/shapes": "shapes/Measure",
    "/shapes/Measure": "shapes/Measure",
    "/profile": "profile/shapes",
}


@pytest.fixture(scope="module")
def whole(start: Start, home: Path) -> Server:
    """A server on the release of the bundled sources."""
    return start(home)


def get(server: Server, path: str, **headers: str) -> httpx.Response:
    return server.client.get(path, headers=headers, follow_redirects=True)


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("name", FORMATS)
def test_an_address_answers_in_every_format(whole: Server, path: str, name: str) -> None:
    form = FORMATS[name]
    for answer in (get(whole, f"{path}?format={name}"), get(whole, path, Accept=form.media_type)):
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] == form.media_type
        subjects = {quad.subject for quad in parse(answer.content, format=form)}
        assert NamedNode(B + ADDRESSES[path]) in subjects


@pytest.mark.parametrize("path", [path for path in ADDRESSES if "parts" not in path])
@pytest.mark.parametrize("language", ["de", "en"])
def test_an_address_answers_people_in_their_language(
    whole: Server, path: str, language: str
) -> None:
    prefix = "/en" if language == "en" else ""
    answer = get(whole, prefix + path, **BROWSER)
    assert answer.status_code == 200
    assert answer.headers["content-language"] == language
    assert f'<html lang="{language}" ' in answer.text


@pytest.mark.parametrize(
    "path",
    ["/ontology.ttl", "/ontology/0.1.0.ttl", "/ontology/Measure.ttl", "/shapes.ttl",
     "/schemes.ttl", "/schemes/technology.ttl", "/profile.ttl", "/ontology/parts/terms.ttl"],
)  # fmt: skip
def test_an_ending_names_the_format(whole: Server, path: str) -> None:
    answer = get(whole, path, **BROWSER)
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    assert len(Graph().parse(data=answer.text, format="turtle")) > 5


def test_the_whole_vocabulary_comes_with_its_restrictions(whole: Server) -> None:
    graph = Graph().parse(data=get(whole, "/ontology.nt").text, format="nt")
    assert list(graph.subjects(RDF.type, OWL.Restriction))
    terms = Graph().parse(data=get(whole, "/ontology/parts/terms.nt").text, format="nt")
    assert not list(terms.subjects(RDF.type, OWL.Restriction))


@pytest.mark.parametrize(
    "path", ["/ontology/9.9.9", "/ontology/Nothing", "/ontology/parts/nothing", "/schemes/nothing"]
)
def test_what_the_vocabulary_does_not_have_is_404(whole: Server, path: str) -> None:
    assert get(whole, path).status_code == 404


def test_the_context_comes_as_json_ld(whole: Server) -> None:
    answer = get(whole, "/context/stadtwissen.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.json()["@context"]["Measure"] == "stadt:Measure"


@pytest.mark.parametrize("path", ["/ontology", "/ontology/Measure", "/context/stadtwissen.jsonld"])
def test_what_the_client_has_is_not_sent_again(whole: Server, path: str) -> None:
    first = get(whole, path, **BROWSER)
    again = get(whole, path, **BROWSER, **{"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert first.headers["stadtwissen-release"]


def test_every_part_that_the_profile_lists_is_there(whole: Server) -> None:
    profile = Graph().parse(data=get(whole, "/profile.ttl").text, format="turtle")
    parts = set(profile.objects(URIRef(B + "profile"), PROF.hasResource))
    assert parts == set(profile.subjects(RDF.type, PROF.ResourceDescriptor))
    assert len(parts) >= 6
    for each in parts:
        artifact = str(profile.value(each, PROF.hasArtifact)).removeprefix(B)
        assert get(whole, "/" + artifact, **BROWSER).status_code == 200, artifact
        assert profile.value(each, PROF.hasRole)


@pytest.mark.parametrize(
    ("path", "word"),
    [("/shapes/Measure-period-reversed", "error"),
     ("/shapes/Measure-finished-without-end", "warning"), ("/ontology/Measure", "warning")],
)  # fmt: skip
def test_a_rule_says_how_grave_it_is(whole: Server, path: str, word: str) -> None:
    assert f"<strong>{word}:</strong>" in get(whole, "/en" + path, **BROWSER).text


def test_what_the_header_names_is_there(whole: Server) -> None:
    assert get(whole, "/logo.svg").headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize("version", kept_versions())
def test_a_kept_version_makes_a_page(version: str) -> None:
    drawn = asyncio.run(kept_atlas(version, B, "en"))
    assert drawn.header.version == version
    assert "Measure" in {entry.name for module in drawn.modules for entry in module.classes}


def test_a_version_is_kept() -> None:
    assert "0.1.0" in kept_versions()
