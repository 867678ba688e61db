"""Pages: a template, its language, and the frame that all of them share."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from loader.language import Language
from sparql_api import tongue

_FOLDER = Path(__file__).parent / "templates"
_KERN = Path(__file__).parent / "static" / "kern" / "kern.min.css"  # from npm; see .ci/assets
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(
    template: str,
    request: Request,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: object,
) -> Response:
    """A page in the language of its address."""
    language = tongue.of_page(request)
    text = _ENVIRONMENT.get_template(template).render(
        language=language,
        prefix="/en" if language == "en" else "",
        other=_other(request, language),
        kern=_KERN.is_file(),
        number=_grouped(language),
        **values,
    )
    merged = {"Content-Language": language, **(headers or {})}
    return HTMLResponse(text, status_code=status, headers=merged)


def _other(request: Request, language: Language) -> str:
    """The address of the same page in the other language, with the same parameters."""
    path = quote(request.scope["path"], safe="/:@!$&'()*+,;=~-._")
    query = request.scope["query_string"].decode("latin-1")
    return ("" if language == "en" else "/en") + path + (f"?{query}" if query else "")


def _grouped(language: Language) -> object:
    mark = "," if language == "en" else "."
    return lambda number: f"{number:,}".replace(",", mark)
