"""Keys: given out once, kept as a hash, good for one partner's graphs until they are revoked."""

import sqlite3
from pathlib import Path

import pytest

from loader.changes.keys import Keys
from loader.errors import UnknownKey, UsageError
from tests.conftest import stadtwissen

BASE = "https://w3id.org/stadtwissen/"


def test_a_key_leads_to_its_holder(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys.sqlite")
    key = keys.add("stadt-koeln", "partner")
    holder = keys.holder(key)
    assert holder is not None
    assert (holder.partner, holder.role) == ("stadt-koeln", "partner")


def test_the_file_holds_no_key_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "keys.sqlite"
    key = Keys(path).add("koeln", "operator")
    with sqlite3.connect(path) as connection:
        dump = "\n".join(connection.iterdump())
    assert key not in dump
    assert key.rpartition("_")[2] not in dump
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("spoilt", ["", "sw_", "sw_00000000_" + "a" * 43, "{}x", "x{}"])
def test_any_other_text_is_no_key(tmp_path: Path, spoilt: str) -> None:
    keys = Keys(tmp_path / "keys.sqlite")
    assert keys.holder(spoilt.format(keys.add("koeln", "partner"))) is None


def test_a_key_with_one_sign_changed_is_no_key(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys.sqlite")
    key = keys.add("koeln", "partner")
    assert keys.holder(key[:-1] + ("a" if key[-1] != "a" else "b")) is None


def test_a_revoked_key_is_worthless_and_stays_in_the_list(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys.sqlite")
    key, other = keys.add("koeln", "partner"), keys.add("ulm", "partner")
    keys.revoke(key.split("_")[1])
    keys.revoke(key.split("_")[1])
    assert keys.holder(key) is None
    assert keys.holder(other) is not None
    assert [(h.partner, h.revoked is None) for h in keys.all()] == [("koeln", False), ("ulm", True)]


def test_revoking_an_unknown_key_says_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(UnknownKey, match="keys list"):
        Keys(tmp_path / "keys.sqlite").revoke("00000000")


@pytest.mark.parametrize("name", ["", "Köln", "a/b", "-a", "a--b", "a\n", "a" * 66])
def test_a_name_that_is_no_part_of_an_address_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        Keys(tmp_path / "keys.sqlite").add(name, "partner")


@pytest.mark.parametrize(
    ("role", "graph", "allowed"),
    [
        ("partner", "graph/koeln", True),
        ("partner", "graph/koeln/2026", True),
        ("partner", "graph/koeln2", False),
        ("partner", "graph/provenance", False),
        ("partner", "ontology/", False),
        ("reviewer", "graph/koeln", False),
        ("operator", "ontology/", True),
    ],
)
def test_a_key_is_good_for_these_graphs(
    tmp_path: Path, role: str, graph: str, *, allowed: bool
) -> None:
    keys = Keys(tmp_path / "keys.sqlite")
    holder = keys.holder(keys.add("koeln", role))  # type: ignore[arg-type]
    assert holder is not None
    assert holder.may_write(BASE + graph, BASE) is allowed


def test_a_partner_named_like_one_of_our_graphs_cannot_write_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        Keys(tmp_path / "keys.sqlite").add("provenance", "partner")


def test_the_command_prints_the_key_alone_as_the_last_line(tmp_path: Path) -> None:
    done = stadtwissen("keys", "add", "koeln", "--role", "operator", home=tmp_path)
    assert done.returncode == 0, done.stderr
    key = done.stdout.splitlines()[-1]
    assert Keys(tmp_path / "stadtwissen.sqlite").holder(key) is not None
    listed = stadtwissen("keys", "list", home=tmp_path).stdout
    assert listed.split()[:3] == [key.split("_")[1], "koeln", "operator"]
    assert stadtwissen("keys", "revoke", listed.split()[0], home=tmp_path).returncode == 0
    assert Keys(tmp_path / "stadtwissen.sqlite").holder(key) is None


def test_an_unknown_key_is_wrong_usage(tmp_path: Path) -> None:
    done = stadtwissen("keys", "revoke", "nichts", home=tmp_path)
    assert done.returncode == 2
    assert "keys list" in done.stderr
