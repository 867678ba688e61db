"""Backup and restore: what comes back is to the letter what was saved, or nothing changes."""

from pathlib import Path

import pytest

from loader.changes.keys import Keys
from loader.dumps.graph import of
from loader.dumps.lines import NQuads
from loader.releases.release import Home, Release
from tests.conftest import stadtwissen
from tests.loader.test_dumps import NASTY, ONE, graph
from tests.sparql_api.conftest import publish


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a release of nasty literals and a key."""
    publish(tmp_path / "home", {ONE: graph(ONE, NASTY)})
    Keys(tmp_path / "home" / "stadtwissen.sqlite").add("koeln", "partner")
    return tmp_path / "home"


def live(home: Path) -> Release:
    found = Home(home).current()
    assert found is not None
    return found


def said(release: Release) -> bytes:
    return b"".join(NQuads().pieces(of(release)))


def test_what_was_saved_comes_back_to_the_letter_elsewhere(home: Path, tmp_path: Path) -> None:
    saved = stadtwissen("backup", tmp_path / "safe", home=home)
    assert saved.returncode == 0, saved.stderr
    again = stadtwissen("restore", tmp_path / "safe", home=tmp_path / "new")
    assert again.returncode == 0, again.stderr
    restored = live(tmp_path / "new")
    assert again.stdout == f"{restored.id}\n"
    assert said(restored) == said(live(home))
    assert [each.partner for each in Keys(tmp_path / "new" / "stadtwissen.sqlite").all()] == [
        "koeln"
    ]
    asked = stadtwissen(
        *("query", "--format", "csv"),
        home=tmp_path / "new",
        stdin="SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    )
    assert asked.stdout.split() == ["n", str(len(NASTY) + 2)]


def test_a_damaged_backup_restores_nothing(home: Path, tmp_path: Path) -> None:
    stadtwissen("backup", tmp_path / "safe", home=home)
    before = live(home).id
    (master,) = (tmp_path / "safe").glob("*/graphs/*.nq")
    master.write_bytes(master.read_bytes()[:-9])
    done = stadtwissen("restore", tmp_path / "safe", home=home, lang="en")
    assert done.returncode == 2
    assert "damaged" in done.stderr
    assert live(home).id == before
    assert len(Home(home).releases()) == 1


def test_keys_that_are_there_stay(home: Path, tmp_path: Path) -> None:
    stadtwissen("backup", tmp_path / "safe", home=home)
    Keys(home / "stadtwissen.sqlite").add("ulm", "partner")
    done = stadtwissen("restore", tmp_path / "safe", home=home, lang="en")
    assert "keys stay" in done.stderr
    assert len(Keys(home / "stadtwissen.sqlite").all()) == 2
    assert len(Home(home).releases()) == 2


def test_a_folder_without_a_backup_is_said(tmp_path: Path) -> None:
    done = stadtwissen("restore", tmp_path, home=tmp_path / "home", lang="en")
    assert done.returncode == 2
    assert "holds no backup" in done.stderr
