"""The pages `/einreichen` and `/bericht/{token}`: a partner's file checked, without a log-in."""

import asyncio
import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from loader import rule
from loader.language import Language, Text
from sparql_api import problems, tongue
from sparql_api.errors import ApiError
from sparql_api.page import page
from sparql_api.submission import desk, upload
from sparql_api.submission.checking import FORMATS
from sparql_api.submission.desk import Desk, Upload
from sparql_api.submission.filing import FORMS, Filing, Report

router = APIRouter()
_GET = ["GET", "HEAD"]
_SOON = 2.0  # seconds that a browser waits for the report itself
_FIRST = 3  # places of a rule that are shown at once
_AGAIN = "2"  # seconds after which a browser asks again
_PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
_SEVERITIES = {
    "error": (Text("Fehler", "Error"), "danger"),
    "warning": (Text("Warnung", "Warning"), "warning"),
    "info": (Text("Hinweis", "Note"), "info"),
    "converted": (Text("Umgewandelt", "Converted"), "success"),
}


@dataclass(slots=True)
class Counter:
    """The checks that are running, and why those that failed did."""

    filing: Filing
    running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    failed: dict[str, ApiError] = field(default_factory=dict)

    def begin(self, token: str, work: Any) -> asyncio.Task[None]:
        """Starts a check that goes on when its browser leaves."""
        task: asyncio.Task[None] = asyncio.create_task(work)
        self.running[token] = task
        task.add_done_callback(lambda _: self.running.pop(token, None))
        return task


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed in; `before` is the report of an earlier delivery."""

    token: str
    given: Upload
    language: Language
    before: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one rule as the report shows them, each with its excerpt or None.

    `hint` is empty where each finding has its own.
    """

    code: str
    severity: str
    colour: str
    title: str
    hint: str
    first: list[tuple[dict[str, Any], Any]]
    rest: list[tuple[dict[str, Any], Any]]


@router.api_route("/einreichen", methods=_GET, include_in_schema=False)
async def form(request: Request) -> Response:
    """The form; the examiner makes ready meanwhile."""
    desk.of(request).expect()
    return _form(request)


@router.post("/einreichen", include_in_schema=False)
async def submit(request: Request) -> Response:
    """Takes files, checks them, and leads to the report."""
    counter, bench = _counter(request), desk.of(request)
    token = counter.filing.token()
    stack = contextlib.AsyncExitStack()
    try:
        folder = await stack.enter_async_context(bench.folder())
        given, fields = await upload.received(request, folder, bench.settings.upload_limit)
    except ApiError as error:
        await stack.aclose()
        return _form(request, error)
    language = tongue.of_page(request)
    handed = Handed(token, given, language, fields.get("before"))
    task = counter.begin(token, _check(counter, bench, handed, stack))
    await asyncio.wait([task], timeout=_SOON)
    if token in counter.failed:
        return _form(request, counter.failed.pop(token))
    return RedirectResponse(f"{_prefix(request)}/bericht/{token}", 303, headers=_PRIVATE)


@router.api_route("/bericht/{token}", methods=_GET, include_in_schema=False)
async def report(request: Request, token: str) -> Response:
    """The report, or in one of the formats by its ending; while the check runs, that it does."""
    counter = _counter(request)
    token, _, ending = token.partition(".")
    if token in counter.running:
        headers = {**_PRIVATE, "Refresh": _AGAIN}
        return page("waiting.html", request, status=202, headers=headers)
    if error := counter.failed.get(token):
        return problems.answer(error, request)
    kept = counter.filing.find(token)
    if kept is None or (ending and ending not in FORMS):
        return problems.answer(problems.unknown(request.url.path), request)
    if ending:
        return _download(counter.filing, token, ending)
    return _report(request, kept)


async def _check(
    counter: Counter, bench: Desk, handed: Handed, stack: contextlib.AsyncExitStack
) -> None:
    """One check from the folder to the kept report; the folder goes whatever happens."""
    async with stack:
        try:
            outcome = await bench.examine(handed.given, handed.language, *FORMS)
            counter.filing.keep(handed.token, list(handed.given.files), outcome, handed.before)
        except ApiError as error:
            counter.failed[handed.token] = error


def _counter(request: Request) -> Counter:
    state = request.app.state
    if not hasattr(state, "counter"):
        state.counter = Counter(Filing.of(desk.of(request).settings))
    counter: Counter = state.counter
    return counter


def _form(request: Request, error: ApiError | None = None) -> Response:
    language = tongue.of_page(request)
    return page(
        "submit.html",
        request,
        status=problems.KINDS[type(error)].status if error else 200,
        headers={"Cache-Control": "no-store"},
        error=error.text.say(language) if error else None,
        limit=desk.of(request).settings.upload_limit // 2**20,
        days=desk.of(request).settings.report_days,
    )


def _report(request: Request, kept: Report) -> Response:
    language = tongue.of_page(request)
    return page(
        "report.html",
        request,
        headers=_PRIVATE,
        report=kept,
        verdict=kept.verdict,
        groups=list(_groups(kept, language)),
        until=datetime.fromtimestamp(kept.until, UTC).date().isoformat(),
        formats=FORMATS,
        limit=desk.of(request).settings.upload_limit // 2**20,
    )


def _groups(kept: Report, language: Language) -> Iterable[Group]:
    """The findings by rule, as the verdict orders them."""
    pairs = zip(kept.verdict["findings"], kept.verdict["excerpts"], strict=True)
    for (code, _), grouped in groupby(pairs, key=lambda p: (p[0]["code"], p[0]["shape"])):
        found = list(grouped)
        finding = found[0][0]
        severity, colour = _SEVERITIES[finding["severity"]]
        known = rule.catalogue().get(code)
        hints = {each["hint"][language] for each, _ in found}
        yield Group(
            code,
            severity.say(language),
            colour,
            known.title.say(language) if known else code,
            hints.pop() if len(hints) == 1 else "",
            found[:_FIRST],
            found[_FIRST:],
        )


def _download(filing: Filing, token: str, form: str) -> Response:
    media = next(each.media[0] for each in FORMATS if each.name == form)
    headers = {**_PRIVATE, "Content-Disposition": f'attachment; filename="befunde.{form}"'}
    return Response(filing.form(token, form), headers={**headers, "Content-Type": media})


def _prefix(request: Request) -> str:
    return "/en" if tongue.of_page(request) == "en" else ""
