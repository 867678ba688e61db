"""RDF files of a delivery: their statements, or the place where they stop being readable.

pyoxigraph expands the entities of an XML document without a limit, so they are weighed before.
"""

import re
from pathlib import Path
from xml.parsers import expat

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from loader import rule
from loader.finding import Finding, Place
from loader.language import Text

FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
_BASE = "https://w3id.org/stadtwissen/id/"  # what relative addresses of a delivery start from
_EXPANSION = 4 * 2**20
_ENTITY = re.compile(r"<!ENTITY\s+(%?\s*[\w.:-]+)\s+(?:\"([^\"]*)\"|'([^']*)'|(SYSTEM|PUBLIC))")
_NESTING = 200  # brackets of JSON-LD within each other
_REASONS = (
    (
        "prefix",
        Text(
            "Die Abkürzung vor dem Doppelpunkt ist nicht erklärt; oben fehlt eine Zeile @prefix",
            "the prefix before the colon is not declared; a line @prefix is missing above",
        ),
    ),
    (
        "Unexpected end",
        Text(
            "Die Datei bricht mitten in einer Angabe ab",
            "the file stops in the middle of a statement",
        ),
    ),
    (
        "dot",
        Text("Hier fehlt ein Punkt oder Semikolon", "a full stop or semicolon is missing here"),
    ),
    (
        "LoadDocument",
        Text(
            "Der Kontext steht an einer anderen Adresse; wir holen keine fremden "
            "Dateien. Schreiben Sie ihn in die Datei",
            "the context stands at another address; we fetch no foreign files. "
            "Write it into the file",
        ),
    ),
    (
        "scheme",
        Text(
            "Hier steht keine vollständige Adresse; sie beginnt mit https://",
            "this is not a complete address; it begins with https://",
        ),
    ),
    (
        "IRI",
        Text(
            "Diese Adresse enthält ein Zeichen, das in Adressen nicht vorkommt",
            "this address holds a character that addresses do not have",
        ),
    ),
    (
        "object",
        Text("Hier fehlt der Wert einer Angabe", "the value of a statement is missing here"),
    ),
    ("predicate", Text("Hier wird eine Eigenschaft erwartet", "a property is expected here")),
    (
        "subject",
        Text(
            "Hier müsste eine neue Angabe mit einer Adresse beginnen",
            "a new statement should begin here with an address",
        ),
    ),
    (
        "document",
        Text(
            "Ein Element wird nicht oder falsch geschlossen",
            "an element is not closed, or closed wrongly",
        ),
    ),
    (
        "namespace",
        Text(
            "Das Dokument erklärt keine XML-Namensräume", "the document declares no XML namespaces"
        ),
    ),
)
_OTHERWISE = Text("Ab hier ist die Datei nicht mehr lesbar", "from here on the file cannot be read")
_TOO_DEEP = Text(
    "Die Klammern sind zu tief ineinander geschachtelt", "brackets are nested too deep"
)


def read(path: Path, kind: str) -> tuple[list[Quad], list[Finding]]:
    """The statements of a file in one of FORMATS; with a finding there are none."""
    content = path.read_bytes()
    if kind == "rdf" and (found := _xml(content, path)):
        return [], [found]
    if kind == "jsonld" and (found := _deep(content, path)):
        return [], [found]
    try:
        quads = list(parse(content, format=FORMATS[kind], base_iri=_BASE))
    except (SyntaxError, ValueError) as error:
        return [], [_syntax(path, kind, error)]
    if not quads:
        return [], [rule.finding("D-LEER").at(Place(path.name), None)]
    return quads, []


def lines(quads: list[Quad]) -> list[str]:
    """The statements as N-Triples lines, each once; their graphs do not matter to a check."""
    triples = dict.fromkeys(quad.triple for quad in quads)
    return [f"{triple} ." for triple in triples if _is_plain(triple)]


def _is_plain(triple: Triple) -> bool:
    """Whether the statement is one of RDF 1.1, which the shapes speak of."""
    if isinstance(triple.object, Literal):
        return getattr(triple.object, "direction", None) is None
    return not isinstance(triple.object, Triple) and isinstance(triple.predicate, NamedNode)


def _syntax(path: Path, kind: str, error: Exception) -> Finding:
    said = str(error)
    line, character = getattr(error, "lineno", None) or 1, getattr(error, "offset", None) or 1
    return _finding(path, kind, line, character, _reason(said))


def _reason(said: str) -> Text:
    """What the engine's words mean to somebody who wrote the file."""
    return next((reason for word, reason in _REASONS if word in said), _OTHERWISE)


def _finding(path: Path, kind: str, line: int, character: int, why: Text) -> Finding:
    found = rule.finding(
        "D-RDF", line=line, character=character, why=why, format=FORMATS[kind].name
    )
    return found.at(Place(path.name), None)


def _xml(content: bytes, path: Path) -> Finding | None:
    """What is wrong with the XML as XML; only expat says where."""
    text = content.decode("utf-8", "replace")
    entities = [(m[1].strip(), m[2] or m[3] or "", m[4]) for m in _ENTITY.finditer(text)]
    nested = any("&" in value or name.startswith("%") for name, value, _ in entities)
    grown = sum(len(value) * text.count(f"&{name};") for name, value, _ in entities)
    if nested or grown > _EXPANSION or any(foreign for *_, foreign in entities):
        limit = f"{_EXPANSION // 2**20} MB"
        found = Text("verschachtelte oder sehr lange Abkürzungen", "nested or very long entities")
        return rule.finding("D-ARCHIV", found=found, limit=limit).at(Place(path.name), None)
    parser = expat.ParserCreate()
    try:
        parser.Parse(content, True)  # noqa: FBT003  # expat names no arguments
    except expat.ExpatError as error:
        ended = error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]
        why = _reason("Unexpected end" if ended else "document")
        return _finding(path, "rdf", error.lineno, error.offset + 1, why)
    return None


def _deep(content: bytes, path: Path) -> Finding | None:
    """Brackets within each other, counted without recursion."""
    depth = 0
    for match in re.finditer(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', content):
        sign = match[0]
        depth += (sign in {b"[", b"{"}) - (sign in {b"]", b"}"})
        if depth > _NESTING:
            line = content.count(b"\n", 0, match.start()) + 1
            return _finding(path, "jsonld", line, 1, _TOO_DEEP)
    return None
