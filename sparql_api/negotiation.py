"""Formats: one table of what we write, and the choice among it that a client's words mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from loader.language import Text
from sparql_api.errors import NotAcceptable


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """A way to write an answer.

    `name` is its ending and its short name; `media` begins with the registered media type, what
    follows are others that clients ask for; `names` are further words for `format=`.
    """

    name: str
    label: str
    media: tuple[str, ...]
    names: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """Everything that `format=` may say for it."""
        return (self.name, *self.names, *self.media)


@dataclass(frozen=True, slots=True)
class Choice:
    """The format of an answer, under the media type that the client asked for."""

    format: Format
    media: str

    @property
    def content_type(self) -> str:
        """The value of the header Content-Type."""
        return self.media + ("; charset=utf-8" if self.media.startswith("text/") else "")


_SHORT = 200  # characters

HTML = Format("html", "HTML", ("text/html", "application/xhtml+xml"))

# Where a client has no preference, the first of each list is what it gets.
RESULTS = (
    Format("json", "JSON", ("application/sparql-results+json", "application/json"), ("srj",)),
    Format(
        "xml", "XML", ("application/sparql-results+xml", "application/xml", "text/xml"), ("srx",)
    ),
    Format("csv", "CSV", ("text/csv",)),
    Format("tsv", "TSV", ("text/tab-separated-values",)),
)
GRAPHS = (
    Format("ttl", "Turtle", ("text/turtle", "application/x-turtle", "text/n3"), ("turtle", "n3")),
    Format("nt", "N-Triples", ("application/n-triples",), ("ntriples", "n-triples")),
    Format("nq", "N-Quads", ("application/n-quads",), ("nquads", "n-quads")),
    Format("trig", "TriG", ("application/trig",)),
    Format(
        "rdf",
        "RDF/XML",
        ("application/rdf+xml", "application/xml", "text/xml"),
        ("rdfxml", "rdf+xml", "xml"),
    ),
    Format("jsonld", "JSON-LD", ("application/ld+json", "application/json"), ("json-ld", "json")),
)


def choose(offers: Sequence[Format], accept: str | None, wanted: str | None = None) -> Choice:
    """The offer that `wanted` (a `format=` or an ending) names, else the best by `Accept`.

    Among equals the order of the offers decides. Raises NotAcceptable with the list of formats.
    """
    short = len(accept or "") < _SHORT and len(wanted or "") < _SHORT
    return (_chosen if short else _chosen.__wrapped__)(tuple(offers), accept, wanted)


@lru_cache(maxsize=256)  # clients say the same words again and again
def _chosen(offers: tuple[Format, ...], accept: str | None, wanted: str | None) -> Choice:
    if wanted:
        for offer in offers:
            if wanted.lower() in offer.words:
                return Choice(offer, offer.media[0])
        raise _not_acceptable(offers, wanted)
    ranges = _ranges(accept or "*/*")
    best: tuple[float, Choice] | None = None
    for offer in offers:
        for media in offer.media:
            quality = _quality(media, ranges)
            if quality > (best[0] if best else 0):
                best = (quality, Choice(offer, media))
    if best is None:
        raise _not_acceptable(offers, accept or "")
    return best[1]


def _ranges(accept: str) -> dict[str, float]:
    ranges: dict[str, float] = {}
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            if parameter.replace(" ", "").startswith("q="):
                quality = _number(parameter.partition("=")[2])
        if media:
            ranges[media] = max(quality, ranges.get(media, 0))
    return ranges


def _quality(media: str, ranges: dict[str, float]) -> float:
    """The quality of the most specific range that covers the media type."""
    for candidate in (media, media.partition("/")[0] + "/*", "*/*"):
        if candidate in ranges:
            return ranges[candidate]
    return 0.0


def _number(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


def _not_acceptable(offers: Sequence[Format], wanted: str) -> NotAcceptable:
    formats = ", ".join(f"{offer.media[0]} (format={offer.name})" for offer in offers)
    return NotAcceptable(
        Text(
            f"„{wanted}“ gibt es hier nicht. Möglich sind: {formats}.",
            f"“{wanted}” is not available here. Possible are: {formats}.",
        ),
        formats=[offer.media[0] for offer in offers],
    )
