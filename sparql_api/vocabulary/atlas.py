"""The atlas: everything that the page of the vocabulary shows, made once for each release."""

import asyncio
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from loader import bundle
from loader.language import Language
from loader.releases.release import Release
from sparql_api.linked_data.statements import Statements
from sparql_api.vocabulary import diagram
from sparql_api.vocabulary.codelist import CodeList, code_lists
from sparql_api.vocabulary.diagram import Relation
from sparql_api.vocabulary.drawing import Drawing
from sparql_api.vocabulary.entry import Module
from sparql_api.vocabulary.glossary import Glossary
from sparql_api.wording import DCT, OWL

_VERSION = re.compile(r"\d+\.\d+\.\d+")


@dataclass(frozen=True, slots=True)
class Header:
    """What the vocabulary says of itself."""

    iri: str
    title: str
    description: str
    version: str
    modified: str
    licence: str
    citation: str


@dataclass(frozen=True, slots=True)
class Atlas:
    """The vocabulary in one language; `examples` are Turtle by the name of their class.

    `tag` changes with the statements that it was made from.
    """

    tag: str
    glossary: Glossary
    header: Header
    modules: list[Module]
    lists: list[CodeList]
    drawing: Drawing
    relations: list[Relation]
    examples: dict[str, str]


async def atlas(release: Release, base: str, language: Language) -> Atlas:
    """The atlas of a release's vocabulary."""
    return await asyncio.to_thread(_of_release, release, base, language)


async def kept_atlas(version: str, base: str, language: Language) -> Atlas:
    """The atlas of an earlier version. Raises FileNotFoundError where none is kept."""
    return await asyncio.to_thread(_of_file, kept(version), base, language)


def kept(version: str) -> Path:
    """The file of an earlier version of the vocabulary, as N-Triples."""
    return bundle.ontology() / "versions" / f"{version}.nt"


def kept_versions() -> list[str]:
    """The versions that are kept, the newest first."""
    names = [path.stem for path in (bundle.ontology() / "versions").glob("*.nt")]
    found = [name for name in names if _VERSION.fullmatch(name)]
    return sorted(found, key=lambda name: [int(part) for part in name.split(".")], reverse=True)


@lru_cache(maxsize=4)
def _of_release(release: Release, base: str, language: Language) -> Atlas:
    graphs = release.manifest["graphs"]
    wanted = [base + room for room in ("ontology/", "schemes/", "shapes/")]
    files = [release.path / graphs[graph]["file"] for graph in wanted if graph in graphs]
    said = Statements(q for file in files for q in parse(path=file, format=RdfFormat.N_QUADS))
    return _made(said, base, language, release.id)


@lru_cache(maxsize=4)
def _of_file(path: Path, base: str, language: Language) -> Atlas:
    said = Statements(parse(path=path, format=RdfFormat.N_TRIPLES))
    return _made(said, base, language, path.stem)


def _made(said: Statements, base: str, language: Language, tag: str) -> Atlas:
    glossary = Glossary(said, base, language)
    relations = diagram.relations(glossary)
    return Atlas(
        tag=tag,
        glossary=glossary,
        header=_header(glossary),
        modules=glossary.modules(),
        lists=code_lists(glossary),
        drawing=Drawing(glossary, diagram.families(glossary), relations),
        relations=relations,
        examples=_examples(),
    )


def _header(glossary: Glossary) -> Header:
    said, iri, language = glossary.said, glossary.stadt, glossary.language
    return Header(
        iri=iri,
        title=said.text(iri, DCT + "title", language),
        description=said.text(iri, DCT + "description", language),
        version=said.text(iri, OWL + "versionInfo"),
        modified=said.text(iri, DCT + "modified"),
        licence=said.node(iri, DCT + "license"),
        citation=said.text(iri, DCT + "bibliographicCitation"),
    )


def _examples() -> dict[str, str]:
    folder = bundle.ontology() / "examples"
    return {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.ttl"))}
