"""Releases: finished folders that readers open and never change."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from functools import cached_property
from pathlib import Path
from typing import Any

from loader.errors import BuildRunning, ReleaseDamaged, UnknownRelease
from loader.language import Text

_MANIFEST = "manifest.json"
_NAME = re.compile(r"^\d{4}-\d\d-\d\dT\d{6}Z(-\d{4})?$")


@dataclass(frozen=True)
class Release:
    """A finished release. `id` sorts by the time its build began (UTC)."""

    id: str
    path: Path

    @property
    def store(self) -> Path:
        """The folder of the Oxigraph store, for `pyoxigraph.Store.read_only`."""
        return self.path / "store"

    @property
    def masters(self) -> list[Path]:
        """The canonical N-Quads files, one per named graph, lines sorted bytewise."""
        return sorted((self.path / "graphs").glob("*.nq"))

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What the build wrote last: id, times, graphs with counts and checksums, numbers.

        Raises ReleaseDamaged when the file is gone or cut short.
        """
        try:
            manifest: dict[str, Any] = json.loads((self.path / _MANIFEST).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ReleaseDamaged(
                Text(
                    f"Die Veröffentlichung {self.id} ist beschädigt: {_MANIFEST} fehlt oder "
                    "ist unvollständig. Bauen Sie neu: stadtwissen build",
                    f"Release {self.id} is damaged: {_MANIFEST} is missing or cut short. "
                    "Build again: stadtwissen build",
                )
            ) from error
        return manifest

    @property
    def report(self) -> list[dict[str, Any]]:
        """The findings of the build, as the contract writes them."""
        findings: list[dict[str, Any]] = json.loads((self.path / "report.json").read_text("utf-8"))
        return findings


@dataclass(frozen=True, slots=True)
class Candidate:
    """A folder that a build fills; without a manifest it is no release."""

    id: str
    path: Path


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds the releases and the pointer `current`."""

    path: Path

    @property
    def _releases(self) -> Path:
        return self.path / "releases"

    @property
    def _pointer(self) -> Path:
        return self.path / "current"

    def releases(self) -> list[Release]:
        """All finished releases, the oldest first."""
        if not self._releases.is_dir():
            return []
        finished = [path for path in self._folders() if (path / _MANIFEST).is_file()]
        return [Release(path.name, path) for path in sorted(finished)]

    def current(self) -> Release | None:
        """The live release, or None before the first build."""
        try:
            return self.release(self._pointer.read_text("utf-8").strip())
        except (FileNotFoundError, UnknownRelease):
            return None

    def release(self, release_id: str) -> Release:
        """The finished release with this id. Raises UnknownRelease."""
        for release in self.releases():
            if release.id == release_id:
                return release
        raise UnknownRelease(
            Text(
                f"Eine Veröffentlichung {release_id} gibt es nicht. "
                "Alle zeigt: stadtwissen releases list",
                f"There is no release {release_id}. All of them: stadtwissen releases list",
            )
        )

    @contextmanager
    def building(self) -> Iterator[Candidate]:
        """A fresh candidate under the build lock; it is cleared unless it was committed.

        The lock dies with its process, so a killed build blocks nobody; what it left behind is
        cleared here. Raises BuildRunning while another build holds the lock.
        """
        self._releases.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("w") as lock:
            _seize(lock.fileno())
            self._clear_unfinished()
            candidate = self._candidate()
            try:
                yield candidate
            finally:
                if not (candidate.path / _MANIFEST).exists():
                    shutil.rmtree(candidate.path)

    def commit(self, candidate: Candidate, manifest: dict[str, Any]) -> Release:
        """Finishes the candidate and moves `current` to it; a reader sees the old or the new."""
        _write_whole(candidate.path / _MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        release = Release(candidate.id, candidate.path)
        self.use(release)
        return release

    def use(self, release: Release) -> None:
        """Moves `current` to a finished release, atomically."""
        _write_whole(self._pointer, release.id + "\n")

    def prune(self, keep: int) -> list[str]:
        """Deletes all but the newest `keep` releases and the live one; returns the deleted ids."""
        live = self.current()
        old = [r for r in self.releases()[: -keep or None] if live is None or r.id != live.id]
        for release in old:
            (release.path / _MANIFEST).unlink()  # from here on it is no release any more
            shutil.rmtree(release.path)
        return [release.id for release in old]

    def _candidate(self) -> Candidate:
        newest = max((path.name for path in self._folders()), default="")
        now = datetime.now(UTC)
        name = now.strftime("%Y-%m-%dT%H%M%SZ")
        if name <= newest:  # two builds within a second, or a clock set back
            moment, _, number = newest.partition("Z-")
            name = f"{moment.removesuffix('Z')}Z-{int(number or 0) + 1:04d}"
        path = self._releases / name
        path.mkdir()
        return Candidate(name, path)

    def _folders(self) -> list[Path]:
        """The folders of releases, finished or not; what else lies there is not ours to touch."""
        return [path for path in self._releases.iterdir() if _NAME.match(path.name)]

    def _clear_unfinished(self) -> None:
        for folder in self._folders():
            if not (folder / _MANIFEST).exists():
                shutil.rmtree(folder)


def _seize(descriptor: int) -> None:
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        raise BuildRunning(
            Text(
                "Es läuft schon ein Bau an diesem Ort. Warten Sie, bis er fertig ist.",
                "Another build is running here. Wait until it has finished.",
            )
        ) from None


def _write_whole(path: Path, text: str) -> None:
    """Writes beside the target and renames, so that no reader ever sees half a file."""
    draft = path.with_name(path.name + ".new")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
