"""The address `POST /api/v1/check`: a delivery checked for a program, without a key."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from sparql_api import tongue
from sparql_api.negotiation import Format, choose
from sparql_api.submission import desk, upload
from sparql_api.submission.desk import Outcome

router = APIRouter()

JSON = Format("json", "JSON", ("application/json",))
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = (
    JSON,
    Format("xlsx", "Excel", (SPREADSHEET,)),
    Format("csv", "CSV", ("text/csv",)),
    Format("ttl", "Turtle", ("text/turtle",)),
)
# The file is not what it says; nothing in it could be judged.
_UNPROCESSABLE = frozenset(["D-ARCHIV", "D-FORMAT", "D-KAPUTT", "D-PASSWORT"])
_TOO_LARGE = frozenset(["D-GROSS"])


@router.post("/api/v1/check")
async def check(request: Request) -> Response:
    """Checks a delivery (form field `file`, or the body itself) and keeps nothing of it.

    200 with the findings; 413 over a limit; 422 when the file is not what it says.
    """
    wanted = request.query_params.get("format")
    choice = choose(FORMATS, request.headers.get("accept"), wanted)
    counter, language = desk.of(request), tongue.of_message(request)
    forms = () if choice.format is JSON else (choice.format.name,)
    async with counter.folder() as folder:
        given, _ = await upload.received(request, folder, counter.settings.upload_limit)
        outcome = await counter.examine(given, language, *forms)
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"}
    status = status_of(outcome)
    if choice.format is JSON:
        said = {name: value for name, value in outcome.verdict.items() if name != "excerpts"}
        return JSONResponse(said, status, headers)
    headers["Content-Type"] = choice.content_type
    headers["Content-Disposition"] = f'attachment; filename="befunde.{choice.format.name}"'
    return Response(outcome.reports[choice.format.name], status, headers)


def status_of(outcome: Outcome) -> int:
    """200 where something could be judged, else what stopped it."""
    codes = {finding["code"] for finding in outcome.verdict["findings"]}
    if codes & _TOO_LARGE:
        return 413
    return 422 if codes & _UNPROCESSABLE else 200
