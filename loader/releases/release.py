"""Releases: finished folders that readers open and never change."""

import contextlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

from loader.errors import (
    BuildRunning,
    LoaderError,
    PointerLost,
    ReleaseDamaged,
    UnknownRelease,
)
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
                    "ist unvollständig. Nehmen Sie eine andere: stadtwissen releases use ID. "
                    f"Oder löschen Sie sie: stadtwissen releases discard {self.id}",
                    f"Release {self.id} is damaged: {_MANIFEST} is missing or cut short. "
                    "Take another: stadtwissen releases use ID. "
                    f"Or delete it: stadtwissen releases discard {self.id}",
                )
            ) from error
        return manifest

    def hold(self) -> BinaryIO:
        """A lock against `prune`, until the file is closed or its process ends.

        Raises UnknownRelease for a release that is being deleted.
        """
        try:
            file = (self.path / _MANIFEST).open("rb")
            flock(file.fileno(), LOCK_SH)
            if os.fstat(file.fileno()).st_nlink:
                return file
            file.close()
        except FileNotFoundError:
            pass
        raise _unknown(self.id)

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
        """The live release, or None before the first build.

        Raises PointerLost when there are releases and the pointer is gone or names another.
        """
        with contextlib.suppress(FileNotFoundError, UnknownRelease):
            return self.release(self._pointer.read_text("utf-8").strip())
        finished = self.releases()
        if not finished:
            return None
        newest = finished[-1].id
        raise PointerLost(
            Text(
                f"Es steht nicht fest, welche Veröffentlichung gilt: {self._pointer} fehlt oder "
                f"nennt keine. Die neueste gilt mit: stadtwissen releases use {newest}",
                f"It is not settled which release is live: {self._pointer} is missing or names "
                f"none. The newest becomes so by: stadtwissen releases use {newest}",
            )
        )

    def release(self, release_id: str) -> Release:
        """The finished release with this id. Raises UnknownRelease."""
        for release in self.releases():
            if release.id == release_id:
                return release
        raise _unknown(release_id)

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
                    # A store that is just closing may still move files; the next build clears it.
                    shutil.rmtree(candidate.path, ignore_errors=True)

    def commit(self, candidate: Candidate, manifest: dict[str, Any]) -> Release:
        """Finishes the candidate and moves `current` to it; a reader sees the old or the new."""
        manifest = manifest | {"issued": self._issued(manifest)}
        _write_whole(candidate.path / _MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        release = Release(candidate.id, candidate.path)
        self.use(release)
        return release

    def use(self, release: Release) -> None:
        """Moves `current` to a finished release, atomically."""
        _write_whole(self._pointer, release.id + "\n")

    def prune(self, keep: int) -> tuple[list[str], list[str]]:
        """Deletes all but the newest `keep` releases and the live one.

        Returns the ids that were deleted, and those that somebody still reads.
        """
        live = self.current()
        deleted: list[str] = []
        in_use: list[str] = []
        for release in self.releases()[: -keep or None]:
            if live is None or release.id != live.id:
                (deleted if _delete(release) else in_use).append(release.id)
        return deleted, in_use

    def discard(self, release: Release) -> bool:
        """Deletes one release, damaged or not; False while somebody reads it.

        Of the live one the pointer goes too: what is live then is for `use` or a build to say.
        """
        if not _delete(release):
            return False
        with contextlib.suppress(FileNotFoundError):
            if self._pointer.read_text("utf-8").strip() == release.id:
                self._pointer.unlink()
        return True

    def _issued(self, manifest: dict[str, Any]) -> dict[str, str]:
        """When each graph was first published, and all of them together (the empty name)."""
        known: dict[str, str] = {}
        with contextlib.suppress(LoaderError):  # a restored release may find a damaged one
            live = self.current()
            if live:
                names = ("", *live.manifest["graphs"])
                since = dict.fromkeys(names, live.manifest["created"])
                known = live.manifest.get("issued", since)
        known = known | manifest.get("issued", {})
        return {g: known.get(g, manifest["created"]) for g in ("", *manifest["graphs"])}

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


def _delete(release: Release) -> bool:
    """Deletes a release unless a reader holds it."""
    manifest = release.path / _MANIFEST
    with manifest.open("rb") as file:
        try:
            flock(file.fileno(), LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return False
        manifest.unlink()  # from here on it is no release any more
    shutil.rmtree(release.path)
    return True


def _unknown(release_id: str) -> UnknownRelease:
    return UnknownRelease(
        Text(
            f"Eine Veröffentlichung {release_id} gibt es nicht. "
            "Alle zeigt: stadtwissen releases list",
            f"There is no release {release_id}. All of them: stadtwissen releases list",
        )
    )


def _seize(descriptor: int) -> None:
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        raise BuildRunning(
            Text(
                "Hier läuft schon ein Bau oder eine Änderung. Warten Sie, bis sie fertig ist.",
                "Another build or change is running here. Wait until it has finished.",
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
