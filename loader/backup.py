"""The backup: what cannot be rebuilt, which is the live release's masters and the keys.

Store, statistics, index and dumps come from the masters again. A backup is a folder per release,
which appears whole, and the database beside them.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from loader import store
from loader.dumps.packing import appearing, checksum
from loader.errors import UsageError
from loader.language import Text
from loader.releases import derived
from loader.releases.release import Home, Release

_MANIFEST, _REPORT = "manifest.json", "report.json"


class BackupDamaged(UsageError):
    """A backup lacks a file, or one is not what its manifest says; nothing was restored."""


def save(release: Release, database: Path, folder: Path) -> Path:
    """Copies a release's masters and the database into a folder; returns the release's place.

    What is there of the same release stays, for a release never changes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / release.id
    with release.hold():
        if not place.exists():
            _copy(release.path, release.manifest, folder / f"{release.id}.new").replace(place)
    if database.is_file():
        with appearing(folder / database.name) as draft:
            _copy_database(database, draft)
    return place


def restore(folder: Path, database: Path, home: Home) -> tuple[Release, bool]:
    """Makes the newest release of a backup the live one under a new id, after its checksums.

    The database is restored where there is none; whether it was is told. Raises BackupDamaged.
    """
    saved = _newest(folder)
    manifest = saved.manifest
    for facts in _graphs(manifest).values():
        _check(saved.path / facts["file"], facts["sha256"])
    with home.building() as candidate:
        _copy(saved.path, manifest, candidate.path)
        (candidate.path / _MANIFEST).unlink()  # the last thing that a release gets
        files = {name: candidate.path / x["file"] for name, x in _graphs(manifest).items()}
        filled = store.load(candidate.path / "store", list(files.values()))
        filled.flush()
        filled.optimize()
        del filled
        numbers = derived.derive(candidate.path, files)
        facts = {**manifest, "id": candidate.id, "numbers": numbers, "restored": saved.id}
        release = home.commit(candidate, facts)
    is_missing = not database.is_file() and (folder / database.name).is_file()
    if is_missing:
        with appearing(database) as draft:
            _copy_database(folder / database.name, draft)
    return release, is_missing


def _newest(folder: Path) -> Release:
    found = sorted(path.parent for path in folder.glob(f"*/{_MANIFEST}"))
    finished = [path for path in found if path.suffix != ".new"]
    if not finished:
        raise BackupDamaged(
            Text(
                f"{folder} enthält keine Sicherung. Eine macht: stadtwissen backup DIR",
                f"{folder} holds no backup. One is made by: stadtwissen backup DIR",
            )
        )
    return Release(finished[-1].name, finished[-1])


def _graphs(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    default = {"": manifest["default"]} if "default" in manifest else {}
    return {**manifest["graphs"], **default}


def _copy(source: Path, manifest: dict[str, Any], target: Path) -> Path:
    """Copies what a release is made from; what a killed process left of it goes."""
    if target.suffix == ".new":
        shutil.rmtree(target, ignore_errors=True)
    (target / "graphs").mkdir(parents=True)
    for name in (_MANIFEST, _REPORT, *(facts["file"] for facts in _graphs(manifest).values())):
        shutil.copyfile(source / name, target / name)
    return target


def _check(path: Path, expected: str) -> None:
    if not path.is_file() or checksum(path) != expected:
        raise BackupDamaged(
            Text(
                f"Die Sicherung ist beschädigt: {path} fehlt oder ist verändert. "
                "Es wurde nichts wiederhergestellt.",
                f"The backup is damaged: {path} is missing or was changed. Nothing was restored.",
            )
        )


def _copy_database(source: Path, target: Path) -> None:
    """A copy of an SQLite file that is whole, even while somebody writes."""
    with closing(sqlite3.connect(source)) as said, closing(sqlite3.connect(target)) as copy:
        said.backup(copy)
