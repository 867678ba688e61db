"""The address `/health`: whether the server answers, and from which release."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from sparql_api.dispatch import pool as pools
from sparql_api.errors import NoRelease

router = APIRouter()


@router.api_route("/health", methods=["GET", "HEAD"])
async def health(request: Request) -> JSONResponse:
    """200 while there is a release to answer from, else 503; never waits for a query."""
    pool = pools.of(request)
    try:
        release: str | None = pool.current.release.id
        status, word = (503, "recovering") if pool.current.broken else (200, "ok")
    except NoRelease:
        release, status, word = None, 503, "no release"
    body = {"status": word, "release": release, "workers": pool.state}
    return JSONResponse(body, status_code=status, headers={"Cache-Control": "no-store"})
