"""Archives: workbooks are zip files, looked at before anything in them is unpacked."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Literal
from zipfile import BadZipFile, ZipFile

from loader.errors import TableEncrypted, TableTooLarge, UnreadableTable, unreadable
from loader.language import Text

Kind = Literal["xlsx", "ods"]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may at most unpack to: bytes in all, and times its packed size."""

    unpacked: int = 2 * 2**30
    ratio: int = 1000
    members: int = 10_000


LIMITS = Limits()


def kind(path: Path) -> Kind | None:
    """Which workbook a file is by what it holds, whatever its name; None for no archive.

    Raises TableEncrypted, UnreadableTable for archives and old workbooks that are no table.
    """
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError:
        return None
    if start == _OLE:
        raise _old(path)
    if not start.startswith(_ZIP):
        return None
    with opened(path) as archive:
        names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise UnreadableTable(
        Text(
            f"{path.name} ist ein Archiv, aber keine Arbeitsmappe (XLSX, ODS). Packen Sie es aus.",
            f"{path.name} is an archive but no workbook (XLSX, ODS). Unpack it.",
        )
    )


def reader(kind: Kind) -> ModuleType:
    """What reads such a workbook (`sheets`, `rows`), imported for the first: openpyxl is large."""
    return import_module(f"loader.formats.{'workbook' if kind == 'xlsx' else 'opendocument'}")


def opened(path: Path, limits: Limits = LIMITS) -> ZipFile:
    """The archive, once its own list of contents keeps within the limits.

    Python unpacks no more of a member than the list says. Raises TableTooLarge, UnreadableTable.
    """
    try:
        archive = ZipFile(path)
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise unreadable(path.name, f"({error})") from error
    members = archive.infolist()
    size = sum(member.file_size for member in members)
    packed = max(path.stat().st_size, 1)
    is_bomb = size > 10 * _MEBIBYTE and size > packed * limits.ratio
    if size > limits.unpacked or is_bomb or len(members) > limits.members:
        archive.close()
        raise TableTooLarge(
            Text(
                f"{path.name} ist ausgepackt zu groß: {size // _MEBIBYTE} MiB, "
                f"{size // packed}-mal so groß wie die Datei.",
                f"{path.name} is too large when unpacked: {size // _MEBIBYTE} MiB, "
                f"{size // packed} times the size of the file.",
            )
        )
    if any(member.flag_bits & 1 for member in members):
        archive.close()
        raise _encrypted(path)
    return archive


def _encrypted(path: Path) -> TableEncrypted:
    return TableEncrypted(
        Text(
            f"{path.name} ist mit einem Kennwort geschützt. Speichern Sie die Datei ohne Kennwort.",
            f"{path.name} is protected by a password. Save the file without one.",
        )
    )


def _old(path: Path) -> UnreadableTable:
    """The container of Excel until 2003 also wraps workbooks with a password."""
    if _ENCRYPTED in path.read_bytes():
        return _encrypted(path)
    return UnreadableTable(
        Text(
            f"{path.name} hat das Format von Excel bis 2003 (XLS). "
            "Speichern Sie die Datei als Excel-Arbeitsmappe (XLSX).",
            f"{path.name} has the format of Excel until 2003 (XLS). "
            "Save the file as an Excel workbook (XLSX).",
        )
    )
