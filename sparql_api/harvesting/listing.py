"""The listing: the datasets of a catalogue as its page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass

from loader.catalog.catalogue import Catalogue
from loader.catalog.dataset import Dataset
from loader.dumps.form import FORMS
from loader.language import Language, Text
from loader.term import text_of

_MASTER = Text("N-Quads, im Wortlaut", "N-Quads, to the letter")


@dataclass(frozen=True, slots=True)
class File:
    """A file of a dataset: what it is, its address on this server, and bytes."""

    title: str
    address: str
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A dataset in one language; `changed` is its date as it was delivered."""

    title: str
    description: str
    publisher: str
    licence: str
    changed: str
    graph: str
    files: list[File]


def entries(made: Catalogue, chosen: Iterable[Dataset], language: Language) -> list[Entry]:
    """What a page says of these datasets."""
    return [
        Entry(
            title=_best(each.titles, language),
            description=_best(each.descriptions, language),
            publisher=_best(each.publisher.names, language) or made.settings.publisher,
            licence=each.licence,
            changed=text_of(each.modified)[: len("2026-01-31")],
            graph=each.graph.removeprefix(made.settings.base_iri),
            files=_files(made, each, language),
        )
        for each in chosen
    ]


def _files(made: Catalogue, each: Dataset, language: Language) -> list[File]:
    folder = f"/dumps/{made.release.id}/"
    if each.file:
        return [File(_MASTER.say(language), folder + each.file.path, each.file.size)]
    return [
        File(FORMS[dump.form].title.say(language), folder + dump.file, dump.size)
        for dump in made.dumps
    ]


def _best(terms: tuple[str, ...], language: Language) -> str:
    """The text in a language, or else the first; empty where there is none."""
    fitting = [term for term in terms if term.lower().endswith(f'"@{language}')]
    return next((text_of(term) for term in (*fitting, *terms)), "")
