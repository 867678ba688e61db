"""The main job: the bundled sources become a release, or a refusal that changes nothing."""

import contextlib
import csv
import fcntl
import json
import os
import pty
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Store

from loader import bundle
from loader.releases.release import Home, Release
from loader.store import select
from tests.conftest import stadtwissen

STADT = "PREFIX stadt: <https://w3id.org/stadtwissen/ontology/>\n"
DCT = "PREFIX dct: <http://purl.org/dc/terms/>\n"


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return Store.read_only(str(release.store))


def count(store: Store, pattern: str) -> int:
    (row,) = select(store, f"{STADT}{DCT}SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}")
    return int(row["n"].value)


def things(store: Store, pattern: str) -> set[str]:
    query = f"{STADT}{DCT}SELECT DISTINCT ?x WHERE {{ {pattern} }}"
    return {row["x"].value for row in select(store, query)}


@pytest.fixture(scope="module")
def recorded(store: Store) -> set[str]:
    topic = "?r <http://xmlns.com/foaf/0.1/primaryTopic> ?x"
    return things(store, f"{topic} ; dct:source ?s ; stadt:dateOfStatement ?d")


def rows_of(file: str) -> int:
    with (bundle.sources() / file).open(encoding="utf-8", newline="") as table:
        return sum(1 for _ in csv.DictReader(table))


@pytest.mark.parametrize(
    ("kind", "number"),
    [("ModelProject", 73), ("Municipality", 10_981), ("District", 400), ("FederalState", 16)],
)
def test_everything_the_sources_list_is_found(store: Store, kind: str, number: int) -> None:
    assert count(store, f"?x a stadt:{kind}") == number


def test_every_bundled_measure_is_found(store: Store) -> None:
    assert count(store, "?x a stadt:Measure") == rows_of("massnahmen/massnahmen.csv") > 400


def test_no_statement_is_outside_a_graph(release: Release) -> None:
    store = Store.read_only(str(release.store))
    assert not store.query("ASK { ?s ?p ?o }")


def test_every_graph_has_a_source_a_date_and_a_licence(store: Store) -> None:
    described = things(store, "?x dct:source ?s ; dct:license ?l ; dct:modified ?d")
    graphs = {name.value for name in store.named_graphs() if isinstance(name, NamedNode)}
    assert len(graphs) == 8
    assert graphs - described == set()


@pytest.mark.parametrize(
    "kind",
    ["Project", "Measure", "Solution", "Organisation", "AdministrativeArea", "Grant",
     "LessonLearned", "Event", "Publication", "TransferRelation", "IndicatorObservation"],
)  # fmt: skip
def test_every_described_thing_has_a_record_with_source_and_date(
    store: Store, recorded: set[str], kind: str
) -> None:
    described = things(store, f"?x a stadt:{kind}")
    assert described
    assert described - recorded == set()


def test_a_build_says_what_it_did_and_prints_the_id_last(tmp_path: Path, home: Path) -> None:
    shutil.copytree(home, tmp_path / "h")
    done = stadtwissen("build", home=tmp_path / "h", lang="en")
    assert (done.returncode, done.stdout.strip()) == (0, Home(home).current().id)  # type: ignore[union-attr]
    assert "Nothing new" in done.stderr


def test_a_terminal_gets_a_progress_bar(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home, tmp_path / "h")
    reader, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    command = [sys.executable, "-m", "loader.command", "build", "--lang", "en"]
    environment = {**os.environ, "STADTWISSEN_HOME": str(tmp_path / "h")}
    with subprocess.Popen(command, env=environment, stderr=terminal, stdout=subprocess.PIPE):
        os.close(terminal)
        shown = b""
        with contextlib.suppress(OSError):  # the end of a terminal is an error
            while part := os.read(reader, 4096):
                shown += part
    assert re.search(rb"Reading massnahmen +\d+% \|", shown)
    assert b"Nothing new" in shown


def test_a_rehearsal_publishes_nothing(tmp_path: Path) -> None:
    done = stadtwissen("build", "--dry-run", bundle.sources() / "kts", home=tmp_path, lang="en")
    assert (done.returncode, done.stdout) == (0, "")
    assert "Rehearsal passed" in done.stderr
    assert Home(tmp_path).releases() == []


def change(file: Path, edit: Callable[[list[dict[str, str]]], None]) -> None:
    """Edits the rows of a table as a person would in a spreadsheet."""
    with file.open(encoding="utf-8", newline="") as table:
        reader = csv.DictReader(table)
        rows, names = list(reader), reader.fieldnames or []
    edit(rows)
    with file.open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def refused(home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One build of sources with three wrong cells, on a home that has a live release."""
    folder = tmp_path_factory.mktemp("broken")
    shutil.copytree(bundle.sources(), folder / "sources")
    shutil.copytree(home, folder / "home")

    def spoil_measures(rows: list[dict[str, str]]) -> None:
        rows[4]["titel"] = ""
        rows[7] |= {"beginn": "2023-05", "ende": "2021"}

    def spoil_areas(rows: list[dict[str, str]]) -> None:
        rows[12]["schluessel"] = "05999999"  # the third of five areas of one project

    change(folder / "sources/massnahmen/massnahmen.csv", spoil_measures)
    change(folder / "sources/mpsc/gebiete.csv", spoil_areas)
    done = stadtwissen("build", folder / "sources", home=folder / "home")
    report = json.loads((folder / "home/refused.json").read_text("utf-8"))
    errors = [finding for finding in report if finding["severity"] == "error"]
    return {"done": done, "home": folder / "home", "errors": errors}


@pytest.mark.parametrize(
    ("file", "row", "header", "value"),
    [
        ("massnahmen/massnahmen.csv", 6, "titel", None),
        ("massnahmen/massnahmen.csv", 9, "ende", "2021"),
        ("mpsc/gebiete.csv", 14, "schluessel", "05999999"),
    ],
)
def test_a_wrong_cell_is_found_with_file_row_column_and_value(
    refused: dict[str, Any], file: str, row: int, header: str, value: str | None
) -> None:
    (found,) = [f for f in refused["errors"] if (f["file"], f["row"]) == (file, row)]
    assert (found["header"], found["value"]) == (header, value)
    assert found["cell"].endswith(str(row))
    for language, word in (("de", f"Zeile {row}, Spalte"), ("en", f"Row {row}, column")):
        assert found["message"][language].startswith(word)
        assert found["hint"][language]
        assert (value or "") in found["message"][language]


def test_three_wrong_cells_are_three_errors(refused: dict[str, Any]) -> None:
    assert len(refused["errors"]) == 3


def test_a_refusal_exits_with_1_and_leaves_the_live_release(
    refused: dict[str, Any], home: Path
) -> None:
    assert refused["done"].returncode == 1
    assert refused["done"].stdout == ""
    assert "Es wurde nichts veröffentlicht" in refused["done"].stderr
    assert Home(refused["home"]).current().id == Home(home).current().id  # type: ignore[union-attr]
    assert len(Home(refused["home"]).releases()) == 1


def test_a_source_that_lost_half_its_rows_is_refused(home: Path, tmp_path: Path) -> None:
    shutil.copytree(bundle.sources(), tmp_path / "sources")
    shutil.copytree(home, tmp_path / "home")
    file = tmp_path / "sources/massnahmen/massnahmen.csv"

    def halve(rows: list[dict[str, str]]) -> None:
        del rows[len(rows) // 2 :]

    change(file, halve)
    done = stadtwissen("build", tmp_path / "sources", home=tmp_path / "home", lang="en")
    assert done.returncode == 1
    assert "massnahmen/massnahmen.csv: The table has 21" in done.stderr
    assert len(Home(tmp_path / "home").releases()) == 1


def test_a_build_killed_at_any_moment_leaves_the_live_release(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home, tmp_path / "home")
    shutil.copytree(bundle.sources(), tmp_path / "sources")
    live = Home(tmp_path / "home").current()

    def add(rows: list[dict[str, str]]) -> None:
        rows[0]["titel"] += " (neu)"

    change(tmp_path / "sources/massnahmen/massnahmen.csv", add)
    environment = {**os.environ, "STADTWISSEN_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "loader.command", "build", str(tmp_path / "sources")]
    chance = random.Random(7)
    for _ in range(5):
        with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as build:
            time.sleep(chance.uniform(0.5, 6))
            build.send_signal(signal.SIGKILL)
        current = Home(tmp_path / "home").current()
        assert current is not None
        store = Store.read_only(str(current.store))
        assert count(store, "?x a stadt:ModelProject") == 73
        del store
    done = stadtwissen("build", tmp_path / "sources", home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    assert Home(tmp_path / "home").current() != live


@pytest.fixture
def kts(tmp_path: Path) -> Path:
    """A small source of its own with a live release in a home beside it."""
    shutil.copytree(bundle.sources() / "kts", tmp_path / "sources" / "kts")
    return tmp_path / "sources" / "kts"


def build(folder: Path, *more: str | Path) -> subprocess.CompletedProcess[str]:
    return stadtwissen("build", folder, *more, home=folder.parents[1] / "home", lang="en")


def test_two_sources_of_one_graph_are_refused(kts: Path) -> None:
    shutil.copytree(kts, kts.with_name("other"))
    done = build(kts.parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert "https://w3id.org/stadtwissen/graph/kts is taken" in done.stderr


def test_a_table_that_is_gone_is_not_read_from_elsewhere(kts: Path, tmp_path: Path) -> None:
    (kts / "aufgaben.csv").rename(tmp_path / "aufgaben.csv")
    done = subprocess.run(
        [sys.executable, "-m", "loader.command", "build", str(kts)],
        env={**os.environ, "STADTWISSEN_HOME": str(tmp_path / "home")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "aufgaben.csv" in done.stderr


def test_tables_that_nobody_describes_are_not_passed_over(kts: Path) -> None:
    (kts.parent / "new").mkdir()
    (kts.parent / "new" / "t.csv").write_text("a\n1\n")
    done = build(kts.parent)
    assert done.returncode == 2
    assert "no file metadata.json" in done.stderr


def test_a_row_given_twice_is_refused_although_it_says_nothing_new(
    home: Path, tmp_path: Path
) -> None:
    shutil.copytree(home, tmp_path / "home")
    shutil.copytree(bundle.sources(), tmp_path / "sources")
    table = tmp_path / "sources/kts/aufgaben.csv"
    text = table.read_text("utf-8")
    table.write_text(text + text.splitlines()[1] + "\n", "utf-8")
    done = stadtwissen("build", tmp_path / "sources", home=tmp_path / "home", lang="en")
    assert done.returncode == 1
    assert "S-DOPPELT" in done.stderr
