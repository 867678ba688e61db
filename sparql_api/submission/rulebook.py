"""The pages `/regeln`, `/felder` and `/listen`: what a delivery is to look like, for partners."""

import re
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from loader import rule
from loader.language import Language, Text
from loader.rule import Rule as Entry
from sparql_api import problems, tongue
from sparql_api.dispatch import pool as pools
from sparql_api.errors import NoRelease
from sparql_api.negotiation import GRAPHS
from sparql_api.page import page
from sparql_api.vocabulary.atlas import Atlas, atlas
from sparql_api.vocabulary.codelist import code_list
from sparql_api.vocabulary.ruling import Rule
from sparql_api.wording import RDF, SKOS

router = APIRouter()
_PLACEHOLDER = re.compile(r"{\w+}")
_GET = ["GET", "HEAD"]
_HEADERS = {"Cache-Control": "no-cache"}
_SEVERITIES = {
    "error": Text("Fehler", "error"),
    "warning": Text("Warnung", "warning"),
    "info": Text("Hinweis", "note"),
    "converted": Text("umgewandelt", "converted"),
}
# What codes begin with, in the order in which a delivery is looked at.
_FAMILIES = {
    "D": Text("Die Datei", "The file"),
    "M": Text("Die Beschreibung", "The description"),
    "T": Text("Die Tabelle", "The table"),
    "S": Text("Zellen und Angaben", "Cells and statements"),
    "P": Text("Personen", "Persons"),
    "U": Text("Was wir umwandeln", "What we convert"),
    "E": Text("Umfang der Lieferung", "Extent of the delivery"),
}


@dataclass(frozen=True, slots=True)
class Family:
    """Rules whose codes begin alike."""

    title: str
    rules: list[Entry]


@router.api_route("/regeln", methods=_GET, include_in_schema=False)
async def rules(request: Request) -> Response:
    """All rules by what they look at."""
    language = tongue.of_page(request)
    known = rule.catalogue()
    families = [
        Family(
            title.say(language), [known[code] for code in known if code.startswith(f"{letter}-")]
        )
        for letter, title in _FAMILIES.items()
    ]
    return page(
        "rules.html",
        request,
        headers=_HEADERS,
        families=[family for family in families if family.rules],
        count=len(known),
        severities={name: text.say(language) for name, text in _SEVERITIES.items()},
    )


@router.api_route("/regeln/{code}", methods=_GET, include_in_schema=False)
async def one_rule(request: Request, code: str) -> Response:
    """A rule with its example, and what the shapes say under its code."""
    entry = rule.catalogue().get(code)
    if entry is None:
        return problems.answer(problems.unknown(request.url.path), request)
    language = tongue.of_page(request)
    drawn = await _atlas(request)
    severity = _SEVERITIES[entry.severity].say(language) if entry.severity else None
    return page(
        "rule.html",
        request,
        headers=_HEADERS,
        rule=entry,
        title=entry.title.say(language),
        message=_open(entry.message, language),
        hint=_open(entry.hint, language),
        severity=severity,
        shapes=_shapes(drawn, code) if drawn else [],
        atlas=drawn,
        base_iri=request.app.state.settings.base_iri,
    )


@router.api_route("/felder", methods=_GET, include_in_schema=False)
async def fields(request: Request) -> Response:
    """Every class with its fields: whether they are mandatory, and what their values are."""
    drawn = await _atlas(request)
    if drawn is None:
        return RedirectResponse(f"{_prefix(request)}/", 303)
    entries = [entry for module in drawn.modules for entry in module.classes if entry.usages]
    return page(
        "fields.html",
        request,
        headers=_HEADERS,
        atlas=drawn,
        base_iri=drawn.glossary.base,
        entries=sorted(entries, key=lambda entry: entry.label.casefold()),
    )


@router.api_route("/listen", methods=_GET, include_in_schema=False)
async def lists(request: Request) -> Response:
    """All code lists with the number of their entries."""
    drawn = await _atlas(request)
    if drawn is None:
        return RedirectResponse(f"{_prefix(request)}/", 303)
    return page("lists.html", request, headers=_HEADERS, atlas=drawn, lists=drawn.lists)


@router.api_route("/listen/{name}", methods=_GET, include_in_schema=False)
async def one_list(request: Request, name: str) -> Response:
    """The entries of a code list."""
    drawn = await _atlas(request)
    iri = f"{request.app.state.settings.base_iri}schemes/{name}"
    if drawn is None or SKOS + "ConceptScheme" not in drawn.glossary.said.nodes(iri, RDF + "type"):
        return problems.answer(problems.unknown(request.url.path), request)
    return page(
        "scheme.html",
        request,
        headers=_HEADERS,
        atlas=drawn,
        base_iri=drawn.glossary.base,
        formats=GRAPHS,
        scheme=code_list(drawn.glossary, iri),
    )


async def _atlas(request: Request) -> Atlas | None:
    try:
        generation = await pools.of(request).generation(None)
    except NoRelease:
        return None
    base = request.app.state.settings.base_iri
    return await atlas(generation.release, base, tongue.of_page(request))


def _shapes(drawn: Atlas, code: str) -> list[Rule]:
    found = drawn.glossary.rules.with_code(code)
    return sorted(found, key=lambda each: (each.severity, each.message, each.iri))


def _open(text: Text, language: Language) -> str:
    """The sentence as it is before a finding fills it in."""
    return _PLACEHOLDER.sub("…", text.say(language))


def _prefix(request: Request) -> str:
    return "/en" if tongue.of_page(request) == "en" else ""
