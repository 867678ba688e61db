"""The shelf of a release: its dumps, each whole, and the list of them that is written last.

The rest of a finished release never changes; dumps are added to it, under `dumps/`.
"""

import json
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from fcntl import LOCK_EX, flock
from functools import partial
from importlib import import_module
from pathlib import Path

from loader.dumps import form, graph, package, table
from loader.dumps.packing import CODINGS, appearing, checksum, pack
from loader.releases.release import Release

STEM = "stadtwissen"
_LIST = "dumps.json"


@dataclass(frozen=True, slots=True)
class Dump:
    """A file: its name, form, coding, bytes, SHA-256 in hex.

    `omitted` are the statements or values that its form cannot carry.
    """

    file: str
    form: str
    coding: str
    size: int
    sha256: str
    omitted: int = 0

    @property
    def media(self) -> str:
        """The media type of the file as it is, packed or not."""
        packed = {"gzip": "application/gzip", "zstd": "application/zstd"}
        known = form.FORMS[self.form]
        return packed.get(self.coding) or ("application/zip" if known.package else known.media)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of dumps of one release, and their list."""

    folder: Path
    release: Release

    @classmethod
    def of(cls, release: Release) -> "Shelf":
        """Where the dumps of a release lie."""
        return cls(release.path / "dumps", release)

    def dumps(self) -> tuple[Dump, ...]:
        """The finished dumps in the order of their forms; none before they were made."""
        try:
            said = json.loads((self.folder / _LIST).read_text("utf-8"))
        except FileNotFoundError:
            return ()
        if said["release"] != self.release.id:  # the folder is used again
            return ()
        return tuple(Dump(**entry) for entry in said["dumps"])

    def path(self, dump: Dump) -> Path:
        """The file of a dump."""
        return self.folder / dump.file

    def make(self, forms: Iterable[str], coding: str) -> Generator[Dump, None, None]:
        """Makes dumps, one by one; one that was there in the same form is replaced.

        What was made stays when a later one fails. The lock of a killed process dies with it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock, self.release.hold():
            flock(lock.fileno(), LOCK_EX)
            with self._workshop() as folder:
                tables = _Tables(self.release, folder)
                for name in forms:
                    tabular = name in form.TABLES
                    dump = self._tabular(tables, name) if tabular else self._rdf(name, coding)
                    self._list(dump)
                    yield dump

    @contextmanager
    def _workshop(self) -> Iterator[Path]:
        """A folder for what is needed meanwhile; what a killed process left is cleared."""
        for draft in self.folder.glob("*.new"):
            draft.unlink()
        folder = self.folder / "making"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder)

    def _tabular(self, tables: "_Tables", name: str) -> Dump:
        parts = (STEM, name, form.FORMS[name].package)
        path = self.folder / ".".join(filter(None, parts))
        with appearing(path) as draft:
            omitted = _TABULAR[name](tables.made(), draft)
        return Dump(path.name, name, "none", path.stat().st_size, checksum(path), omitted)

    def _rdf(self, name: str, coding: str) -> Dump:
        path = self.folder / f"{STEM}.{name}{CODINGS[coding]}"
        writer = form.writer(name)
        pack(path, writer.pieces(graph.of(self.release)), coding)
        return Dump(path.name, name, coding, path.stat().st_size, checksum(path), writer.omitted)

    def _list(self, made: Dump) -> None:
        others = [dump for dump in self.dumps() if dump.form != made.form]
        known = sorted([*others, made], key=lambda dump: _ORDER.index(dump.form))
        said = {"release": self.release.id, "dumps": [asdict(dump) for dump in known]}
        with appearing(self.folder / _LIST) as draft:
            draft.write_text(json.dumps(said, indent=1), "utf-8")


@dataclass(slots=True)
class _Tables:
    """The tables that several forms are made from, made once."""

    release: Release
    folder: Path
    _made: table.Tables | None = None

    def made(self) -> table.Tables:
        self._made = self._made or table.write(self.release, self.folder)
        return self._made


def _late(module: str, tables: table.Tables, path: Path) -> int:
    """Writes by a module whose libraries are large: a server that names dumps needs none."""
    written: int = import_module(f"loader.dumps.{module}").write(tables, path)
    return written


_TABULAR: dict[str, Callable[[table.Tables, Path], int]] = {
    "csv": package.csv,
    "xlsx": partial(_late, "workbook"),
    "parquet": package.parquet,
    "geojson": partial(_late, "geojson"),
    "gpkg": partial(_late, "geopackage"),
}
_ORDER = list(form.FORMS)
