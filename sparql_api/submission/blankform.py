"""The address `/einreichen/vorlage`: the Excel template, made from the shapes by the command.

It is made once for each life of the server, in a process of its own that takes its memory along.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from loader.language import Text
from sparql_api.errors import EngineCrash
from sparql_api.submission.checking import SPREADSHEET

router = APIRouter()
_lock = asyncio.Lock()


@router.api_route("/einreichen/vorlage", methods=["GET", "HEAD"], include_in_schema=False)
async def template(request: Request) -> Response:
    """The template as a workbook. Raises EngineCrash when it cannot be made."""
    state = request.app.state
    async with _lock:
        if not hasattr(state, "blank_form"):
            state.blank_form = await _made()
    headers = {
        "Cache-Control": "max-age=3600",
        "Content-Disposition": 'attachment; filename="stadtwissen-vorlage.xlsx"',
        "Content-Type": SPREADSHEET,
    }
    return Response(state.blank_form, headers=headers)


async def _made() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "vorlage.xlsx"
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "loader.command", "template", "--output", str(file)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            env=dict(os.environ),
        )
        if await process.wait():
            raise EngineCrash(
                Text("Die Vorlage ließ sich nicht erstellen.", "The template could not be made.")
            )
        return file.read_bytes()
