"""Releases: commit or abort, and a pointer that never points at half a thing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from loader.errors import BuildRunning, PointerLost, ReleaseDamaged, UnknownRelease
from loader.releases.release import Home, Release
from tests.conftest import stadtwissen


def made(home: Home, **facts: object) -> Release:
    with home.building() as candidate:
        (candidate.path / "x").write_text("x")
        manifest = {"triples": 1, "created": "2026-11-24T10:00:00Z", "graphs": {}, **facts}
        return home.commit(candidate, manifest)


def test_a_committed_candidate_is_the_live_release(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert home.current() is None
    release = made(home)
    assert home.current() == release
    assert release.manifest["triples"] == 1


def test_a_build_that_fails_leaves_no_folder_and_the_old_release_live(tmp_path: Path) -> None:
    home = Home(tmp_path)
    release = made(home)
    with pytest.raises(ZeroDivisionError), home.building():
        raise ZeroDivisionError
    assert home.current() == release
    assert [p.name for p in (tmp_path / "releases").iterdir()] == [release.id]


def test_what_a_killed_build_left_behind_is_cleared_by_the_next(tmp_path: Path) -> None:
    home = Home(tmp_path)
    left = tmp_path / "releases" / "2020-01-01T000000Z"
    left.mkdir(parents=True)
    (left / "store").mkdir()
    made(home)
    assert not left.exists()


def test_two_builds_in_one_second_get_ids_in_order(tmp_path: Path) -> None:
    home = Home(tmp_path)
    ids = [made(home).id for _ in range(4)]
    assert ids == sorted(set(ids))
    assert [r.id for r in home.releases()] == ids


def test_a_second_build_at_the_same_time_is_refused(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from loader.releases.release import Home\n"
        "with Home(Path(sys.argv[1])).building(): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(BuildRunning), Home(tmp_path).building():
            pass
        other.kill()
    made(Home(tmp_path))  # the lock died with its process


def test_going_back_is_moving_the_pointer(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first, _second = made(home), made(home)
    home.use(first)
    assert home.current() == first


def test_pruning_never_deletes_the_live_release(tmp_path: Path) -> None:
    home = Home(tmp_path)
    releases = [made(home) for _ in range(4)]
    home.use(releases[0])
    assert home.prune(keep=1) == ([r.id for r in releases[1:3]], [])
    assert home.releases() == [releases[0], releases[3]]


def test_pruning_leaves_a_release_to_its_reader_until_it_has_finished(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first, _second = made(home), made(home)
    with first.hold():
        assert home.prune(keep=1) == ([], [first.id])
        assert first.manifest["triples"] == 1
    assert home.prune(keep=1) == ([first.id], [])
    with pytest.raises(UnknownRelease):
        first.hold()


def test_a_reader_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first, _second = made(home), made(home)
    code = (
        "import sys; from pathlib import Path; from loader.releases.release import Home\n"
        "hold = Home(Path(sys.argv[1])).release(sys.argv[2]).hold()\n"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path), first.id],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as reader:  # fmt: skip
        assert reader.stdout is not None
        reader.stdout.readline()
        assert home.prune(keep=1) == ([], [first.id])
        reader.kill()
        reader.wait()
    assert home.prune(keep=1) == ([first.id], [])


@pytest.mark.parametrize("pointer", [None, "", "2020-01-01T000000Z\n"])
def test_a_lost_pointer_is_said_with_the_way_out(tmp_path: Path, pointer: str | None) -> None:
    home = Home(tmp_path)
    release = made(home)
    if pointer is None:
        (tmp_path / "current").unlink()
    else:
        (tmp_path / "current").write_text(pointer)
    with pytest.raises(PointerLost, match=f"releases use {release.id}"):
        home.current()
    home.use(release)
    assert home.current() == release


def test_a_damaged_live_release_can_be_discarded(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first, second = made(home), made(home)
    (second.path / "manifest.json").write_text("{")
    with pytest.raises(ReleaseDamaged, match=f"releases discard {second.id}"):
        _ = home.release(second.id).manifest
    assert home.discard(second)
    with pytest.raises(PointerLost):
        home.current()
    assert home.discard(first)
    assert home.current() is None


def test_a_release_that_somebody_reads_is_not_discarded(tmp_path: Path) -> None:
    home = Home(tmp_path)
    release = made(home)
    with release.hold():
        assert not home.discard(release)
    assert home.current() == release


def test_the_list_marks_a_damaged_release_and_names_the_rest(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first, second = made(home), made(home)
    (first.path / "manifest.json").write_text("{")
    (tmp_path / "current").unlink()
    done = stadtwissen("releases", "list", home=tmp_path)
    assert done.stdout == f"! {first.id}\n  {second.id} 1\n"
    assert "releases use" in done.stderr


def test_an_unknown_id_is_said_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(UnknownRelease, match="releases list"):
        Home(tmp_path).release("2020")


def test_a_manifest_cut_short_is_said_to_be_damaged(tmp_path: Path) -> None:
    release = made(Home(tmp_path))
    path = release.path / "manifest.json"
    path.write_text(path.read_text("utf-8")[:5])
    with pytest.raises(ReleaseDamaged):
        _ = Home(tmp_path).release(release.id).manifest


def test_the_manifest_is_readable_by_people(tmp_path: Path) -> None:
    release = made(Home(tmp_path), title="Köln")
    text = (release.path / "manifest.json").read_text("utf-8")
    assert "Köln" in text
    assert json.loads(text)["title"] == "Köln"


def test_ids_stay_in_order_after_pruning(tmp_path: Path) -> None:
    home = Home(tmp_path)
    ids = [made(home).id for _ in range(4)]
    home.prune(keep=1)
    assert made(home).id > ids[-1]
    assert made(home).id > ids[-1]


def test_what_is_no_release_is_left_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    made(home)
    (tmp_path / "releases" / "backup").mkdir()
    (tmp_path / "releases" / ".DS_Store").write_text("")
    made(home)
    assert (tmp_path / "releases" / "backup").is_dir()
    assert len(home.releases()) == 2
