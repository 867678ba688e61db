"""Problems: one table from what went wrong to the answer that says so (RFC 9457)."""

from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from loader.language import Language, Text
from sparql_api import errors, tongue
from sparql_api.errors import ApiError
from sparql_api.negotiation import HTML, Format, choose
from sparql_api.page import page

_JSON = Format("json", "JSON", ("application/problem+json", "application/json"))


@dataclass(frozen=True, slots=True)
class Kind:
    """Status, name (an anchor of the page `/api`) and title of a problem."""

    status: int
    name: str
    title: Text


KINDS: dict[type[ApiError], Kind] = {
    errors.BadRequest: Kind(
        400, "bad-request", Text("Die Anfrage ist nicht in Ordnung", "The request is not in order")
    ),
    errors.QuerySyntax: Kind(
        400, "query-syntax", Text("Die Abfrage hat einen Syntaxfehler", "Syntax error in the query")
    ),
    errors.QueryAmbiguous: Kind(
        400, "query-ambiguous", Text("Die Abfrage ist nicht eindeutig", "Ambiguous query")
    ),
    errors.QueryTooComplex: Kind(
        400, "query-too-complex", Text("Die Abfrage ist zu verschachtelt", "Query too complex")
    ),
    errors.UpdateRefused: Kind(
        400, "update-refused", Text("Hier wird nur gelesen", "Read-only address")
    ),
    errors.ExtensionRefused: Kind(
        400,
        "extension-refused",
        Text("Diese Suche oder Funktion gibt es so nicht", "No such search or function"),
    ),
    errors.Unauthorized: Kind(
        401, "unauthorized", Text("Der Schlüssel fehlt oder gilt nicht", "A valid key is missing")
    ),
    errors.Forbidden: Kind(
        403, "forbidden", Text("Der Schlüssel erlaubt das nicht", "The key does not allow this")
    ),
    errors.Conflict: Kind(
        409, "conflict", Text("Das geht gerade nicht", "This cannot be done just now")
    ),
    errors.RuleBroken: Kind(
        422, "rule-broken", Text("Eine Regel wäre verletzt", "A rule would be broken")
    ),
    errors.ServiceRefused: Kind(
        403, "service-refused", Text("SERVICE ist nicht erlaubt", "SERVICE is not allowed")
    ),
    errors.Withdrawn: Kind(410, "withdrawn", Text("Zurückgezogen", "Withdrawn")),
    errors.Unknown: Kind(404, "unknown", Text("Nicht gefunden", "Not found")),
    errors.NotAcceptable: Kind(
        406, "not-acceptable", Text("Dieses Format gibt es hier nicht", "Format not available")
    ),
    errors.QueryTooLong: Kind(
        413, "query-too-long", Text("Die Abfrage ist zu lang", "The query is too long")
    ),
    errors.CheckTooHeavy: Kind(
        413, "check-too-heavy", Text("Die Prüfung wird zu groß", "The check grows too large")
    ),
    errors.DescriptionRefused: Kind(
        422,
        "description-refused",
        Text("Die Beschreibung ist nicht lesbar", "The description cannot be read"),
    ),
    errors.UploadTooLarge: Kind(
        413, "upload-too-large", Text("Die Datei ist zu groß", "The file is too large")
    ),
    errors.UnsupportedMedia: Kind(
        415, "unsupported-media", Text("Unbekannter Medientyp", "Unsupported media type")
    ),
    errors.BudgetSpent: Kind(
        429, "budget-spent", Text("Rechenzeit aufgebraucht", "Query time used up")
    ),
    errors.TooManyAtOnce: Kind(
        429,
        "too-many-at-once",
        Text("Zu viele Abfragen von Ihnen", "Too many queries from you"),
    ),
    errors.EngineCrash: Kind(500, "our-fault", Text("Fehler bei uns", "Our fault")),
    errors.ServiceFailed: Kind(
        502, "service-failed", Text("Ein anderer Server antwortet nicht", "Another server failed")
    ),
    errors.Busy: Kind(503, "busy", Text("Zu viele Abfragen", "Too many queries")),
    errors.NoRelease: Kind(503, "no-release", Text("Noch keine Daten", "No data yet")),
    errors.QueryTimeout: Kind(
        503, "query-timeout", Text("Die Abfrage dauert zu lange", "The query takes too long")
    ),
    errors.QueryMemory: Kind(
        507,
        "query-memory",
        Text("Die Abfrage braucht zu viel Arbeitsspeicher", "The query needs too much memory"),
    ),
}


_METHOD = Text("Diese Methode gibt es hier nicht", "This method is not available here")


def answer(error: ApiError, request: Request) -> Response:
    """The answer to a request that failed: a page for a browser, else `application/problem+json`.

    In the page's language there, in the asked language here.
    """
    kind = KINDS[type(error)]
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if kind.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="Stadtwissen"'
    if _wants_page(request):
        return page(
            "problem.html",
            request,
            status=kind.status,
            headers=headers,
            title=kind.title.say(tongue.of_page(request)),
            detail=error.text.say(tongue.of_page(request)),
            name=kind.name,
            facts=error.facts,
        )
    language = tongue.of_message(request)
    headers["Content-Language"] = language
    return JSONResponse(
        _body(kind, error, language),
        status_code=kind.status,
        headers=headers,
        media_type="application/problem+json",
    )


def answer_plain(error: HTTPException, request: Request) -> Response:
    """The answer to what the framework refuses by itself: unknown address, wrong method."""
    if error.status_code == HTTPStatus.NOT_FOUND:
        return answer(unknown(request.url.path), request)
    status = HTTPStatus(error.status_code)
    language = tongue.of_message(request)
    title = _METHOD.say(language) if status == HTTPStatus.METHOD_NOT_ALLOWED else status.phrase
    body = {"type": "about:blank", "title": title, "status": status}
    return JSONResponse(
        body,
        status_code=error.status_code,
        headers=dict(error.headers or {}),
        media_type="application/problem+json",
    )


def answer_fault(request: Request, number: str) -> Response:
    """The answer to an error nobody foresaw; the number stands in the log beside its cause."""
    text = Text(
        f"Bei uns ist ein Fehler aufgetreten. Nennen Sie uns bitte die Nummer {number}.",
        f"Something went wrong on our side. Please tell us the number {number}.",
    )
    return answer(errors.EngineCrash(text, number=number), request)


def unknown(path: str) -> errors.Unknown:
    """Nothing at this address."""
    return errors.Unknown(
        Text(
            f"Unter der Adresse {path} gibt es nichts. Prüfen Sie die Schreibweise.",
            f"There is nothing at the address {path}. Check its spelling.",
        )
    )


def _body(kind: Kind, error: ApiError, language: Language) -> dict[str, object]:
    return {
        "type": f"/api#{kind.name}",
        "title": kind.title.say(language),
        "status": kind.status,
        "detail": error.text.say(language),
        **error.facts,
    }


def _wants_page(request: Request) -> bool:
    try:
        choice = choose((_JSON, HTML), request.headers.get("accept"))
    except errors.NotAcceptable:
        return False  # it takes neither; the status says enough
    return choice.format is HTML
