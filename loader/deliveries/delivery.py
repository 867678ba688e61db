"""Deliveries: the files that a partner sends, and what each of them is by its content.

A name promises, the content decides: a workbook called `.csv` is read as the workbook it is.
"""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from loader import rule
from loader.finding import Finding, Place
from loader.language import Text

_HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OLE = "EncryptedPackage".encode("utf-16-le")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = "META-INF/manifest.xml"
_HTML = re.compile(rb"\s*<(!doctype html|html)", re.IGNORECASE)
_TURTLE = re.compile(rb"(@prefix|@base|PREFIX|BASE)\s")
_XML = re.compile(rb"<\?xml|<rdf:RDF")
_JSON = re.compile(rb"[\[{]\s*[\"{\[]")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
TABLES = ("csv", "tsv", "xlsx", "ods", "json", "geojson")
RDF = ("ttl", "jsonld", "rdf", "nt", "nq", "trig")
_NAMES = {
    "csv": Text("eine Tabelle als Text (CSV)", "a table as text (CSV)"),
    "xlsx": Text("eine Excel-Arbeitsmappe", "an Excel workbook"),
    "ods": Text("eine Arbeitsmappe (ODS)", "a workbook (ODS)"),
    "json": Text("JSON", "JSON"),
    "rdf": Text("RDF/XML", "RDF/XML"),
    "ttl": Text("Turtle", "Turtle"),
    "jsonld": Text("JSON-LD", "JSON-LD"),
}
_ENDINGS = {"txt": "csv", "tab": "tsv", "xlsm": "xlsx", "owl": "rdf", "xml": "rdf"}
# What we do not read, by the first bytes.
_FOREIGN = (
    (b"%PDF", Text("ein PDF", "a PDF")),
    (b"\x89PNG", Text("ein Bild", "an image")),
    (b"\xff\xd8\xff", Text("ein Bild", "an image")),
    (b"GIF8", Text("ein Bild", "an image")),
    (b"\x1f\x8b", Text("ein gepacktes Archiv (gzip)", "a compressed archive (gzip)")),
    (b"7z\xbc\xaf", Text("ein gepacktes Archiv (7z)", "a compressed archive (7z)")),
    (b"Rar!", Text("ein gepacktes Archiv (RAR)", "a compressed archive (RAR)")),
    (b"PAR1", Text("eine Parquet-Datei", "a Parquet file")),
    (b"SQLite", Text("eine Datenbank", "a database")),
)
_BINARY = Text("keine Tabelle und kein Text", "neither a table nor text")
_OLD = Text("eine alte Excel- oder Office-Datei (.xls)", "an old Excel or Office file (.xls)")
_ZIP = Text("ein Archiv oder ein anderes Dokument", "an archive or another document")
_PAGE = Text("eine Internetseite (HTML)", "a web page (HTML)")


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one file may be at most: bytes once unpacked, and how many times its packed size.

    `rows` and `cells` are those of one table.
    """

    unpacked: int = 512 * 2**20
    ratio: int = 200
    parts: int = 2_000
    rows: int = 500_000
    cells: int = 20_000_000


@dataclass(frozen=True, slots=True)
class File:
    """One file of a delivery. `kind` is one of TABLES or RDF, None where it cannot be read."""

    path: Path
    kind: str | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """Files that belong together, and the description of their tables if there is one."""

    files: tuple[Path, ...]
    metadata: Path | None = None


def look(path: Path, allowance: Allowance | None = None) -> File:
    """What the file is, and what of it stops us from reading it. Raises OSError."""
    allowance = allowance or Allowance()
    with path.open("rb") as file:
        head = file.read(_HEAD)
    promised = _promised(path)
    if head.startswith(b"PK\x03\x04"):
        return _archive(path, allowance)
    if head.startswith(_OLE):
        return _old(path)
    foreign = _foreign(head)
    if foreign:
        return _refused(path, "D-FORMAT", found=foreign)
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        return _refused(path, "D-LEER")
    if promised in {"xlsx", "ods"}:
        return _renamed(path, _text_kind(head) or "csv")
    seen = _text_kind(head) if promised in {None, "csv", "tsv"} else promised
    kind = seen or promised or "csv"
    return _renamed(path, kind) if promised and kind != promised else File(path, kind)


def _promised(path: Path) -> str | None:
    ending = path.suffix.removeprefix(".").lower()
    kind = _ENDINGS.get(ending, ending)
    return kind if kind in TABLES or kind in RDF else None


def _foreign(head: bytes) -> Text | None:
    for start, name in _FOREIGN:
        if head.startswith(start):
            return name
    if _HTML.match(head):
        return _PAGE
    return _BINARY if b"\x00" in head and not head.startswith(_WIDE) else None


def _text_kind(head: bytes) -> str | None:
    """What a text is by its beginning; None where it may be a table."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _TURTLE.match(text):
        return "ttl"
    if _XML.match(text):
        return "rdf"
    if _JSON.match(text):
        return "jsonld" if b'"@context"' in text or b'"@id"' in text else "json"
    return None


def _archive(path: Path, allowance: Allowance) -> File:
    """A workbook, if it is whole, not encrypted, and no bomb."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                return _refused(path, "D-PASSWORT")
            size = sum(part.file_size for part in parts)
            packed = max(path.stat().st_size, 1)
            too_dense = size > 10 * 2**20 and size > allowance.ratio * packed
            if size > allowance.unpacked or too_dense or len(parts) > allowance.parts:
                return _bomb(path, size, len(parts), allowance)
            return _workbook(path, archive)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError):
        return _refused(path, "D-KAPUTT")


def _workbook(path: Path, archive: zipfile.ZipFile) -> File:
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return _as(path, "xlsx")
    if "mimetype" in names and archive.read("mimetype").strip() == _ODS:
        manifest = archive.read(_MANIFEST) if _MANIFEST in names else b""
        return _refused(path, "D-PASSWORT") if b"encryption-data" in manifest else _as(path, "ods")
    return _refused(path, "D-FORMAT", found=_ZIP)


def _old(path: Path) -> File:
    """An OLE container: a workbook under a password, or one of before 2007."""
    if _ENCRYPTED_OLE in path.read_bytes():
        return _refused(path, "D-PASSWORT")
    return _refused(path, "D-FORMAT", found=_OLD)


def _bomb(path: Path, size: int, parts: int, allowance: Allowance) -> File:
    if parts > allowance.parts:
        found = Text(f"{parts} Teile", f"{parts} parts")
        limit = Text(f"{allowance.parts}", f"{allowance.parts}")
        return _refused(path, "D-ARCHIV", found=found, limit=limit)
    most = min(allowance.unpacked, allowance.ratio * path.stat().st_size)
    return _refused(path, "D-ARCHIV", found=f"{size // 2**20} MB", limit=f"{most // 2**20} MB")


def _as(path: Path, kind: str) -> File:
    return File(path, kind) if _promised(path) in {None, kind} else _renamed(path, kind)


def _renamed(path: Path, kind: str) -> File:
    """The file as what it is, with a word on its wrong name."""
    name = _NAMES.get(kind, Text(kind, kind))
    found = rule.finding("D-ENDUNG", name=path.name, found=name, ending=f".{kind}")
    return File(path, kind, (found.at(Place(path.name), path.name),))


def _refused(path: Path, code: str, **values: object) -> File:
    return File(path, None, (rule.finding(code, **values).at(Place(path.name), None),))
