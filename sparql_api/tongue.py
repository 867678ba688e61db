"""The language of an answer: the address decides for pages, `Accept-Language` for programs."""

from starlette.requests import Request

from loader.language import Language

KEY = "stadtwissen.language"


def of_page(request: Request) -> Language:
    """German, unless the address begins with `/en`: one address shows one page."""
    return "en" if request.scope.get(KEY) == "en" else "de"


def of_message(request: Request) -> Language:
    """What the client prefers of German and English; German where it does not say."""
    if of_page(request) == "en":
        return "en"
    german, english = 0.0, 0.0
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, quality = part.strip().lower().partition(";q=")
        weight = _weight(quality)
        if tag == "de" or tag.startswith("de-") or tag == "*":
            german = max(german, weight)
        elif tag == "en" or tag.startswith("en-"):
            english = max(english, weight)
    return "en" if english > german else "de"


def _weight(quality: str) -> float:
    try:
        return float(quality) if quality else 1.0
    except ValueError:
        return 0.0
