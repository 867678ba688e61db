"""Packages: the tables as CSV with their description, and as Parquet, each in one zip file."""

from collections.abc import Iterable
from pathlib import Path
from shutil import copyfileobj
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import polars as pl

from loader.dumps.column import SEPARATOR, Column
from loader.dumps.table import LINKS, REST, Table, Tables
from loader.releases import columns

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # so that the same tables make the same file


def csv(tables: Tables, path: Path) -> int:
    """Everything; what no table can say is in `rest.nt`."""
    _pack(path, tables.files, ZIP_DEFLATED)
    return 0


def parquet(tables: Tables, path: Path) -> int:
    """Everything, with lists, numbers and days where they say the same as the texts."""
    folder = tables.folder / "parquet"
    folder.mkdir()
    files = [_written(tables.path(table), table, folder) for table in tables.tables]
    files.append(_written(tables.folder / f"{LINKS}.csv", Table("", LINKS), folder))
    rest = folder / "rest.parquet"
    columns.scan(tables.folder / REST, "").sink_parquet(rest)
    _pack(path, [*files, rest], ZIP_STORED)
    return 0


def _written(path: Path, table: Table, folder: Path) -> Path:
    rows = pl.scan_csv(path, infer_schema=False)
    target = folder / f"{table.name}.parquet"
    rows.with_columns(map(_typed, table.columns.values())).sink_parquet(target)
    return target


def _typed(column: Column) -> pl.Expr:
    cells = pl.col(column.name)
    if column.is_list:
        return cells.str.split(SEPARATOR)
    if column.is_number:
        return cells.cast(pl.Int64 if column.is_whole else pl.Float64)
    if column.is_day:
        return cells.str.to_date("%Y-%m-%d")
    return cells


def _pack(path: Path, files: Iterable[Path], method: int) -> None:
    with ZipFile(path, "w") as package:
        for each in files:
            add(package, each, entry(each.name, method))


def add(package: ZipFile, path: Path, entry: ZipInfo) -> None:
    """Puts a file into a package, whatever its size."""
    with path.open("rb") as source, package.open(entry, "w", force_zip64=True) as target:
        copyfileobj(source, target, 2**20)


def entry(name: str, method: int) -> ZipInfo:
    """The head of a file in a package, without the time at which it was put there."""
    head = ZipInfo(name, _LONG_AGO)
    head.compress_type = method
    head.external_attr = 0o644 << 16
    return head
