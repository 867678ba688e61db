"""Changes and builds: a build keeps what others made, and says what it replaces."""

import json
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from loader.account import GRAPH
from loader.changes.casing import Casing
from loader.changes.change import Change
from loader.changes.edit import Drop, Put, Update
from loader.changes.judgement import Rules
from loader.changes.keys import Holder
from loader.outcome import Changed
from loader.releases.release import Home, Release
from tests.conftest import stadtwissen
from tests.loader.conftest import FACTS

NEW = "https://w3id.org/stadtwissen/graph/ulm"
SOURCE = "http://example.org/graph"
QUAD = Quad(NamedNode("urn:a"), NamedNode("urn:b"), Literal("1.50", datatype=NamedNode("urn:d")))


def test_a_build_takes_over_a_new_graph_and_restores_a_source(tmp_path: Path) -> None:
    place, source = tmp_path / "home", tmp_path / "quelle"
    source.mkdir()
    (source / "t.csv").write_text("id,name\n1,eins\n")
    columns = [{"name": "id"}, {"name": "name", "propertyUrl": "rdfs:label"}]
    columns[0]["propertyUrl"] = "dc:identifier"
    schema = {"aboutUrl": "http://example.org/{id}", "columns": columns}
    table = {"url": "t.csv", "tableSchema": schema}
    context = ["http://www.w3.org/ns/csvw", {"@language": "de"}]
    group = {"@context": context, **FACTS, "@id": SOURCE, "tables": [table]}
    (source / "metadata.json").write_text(json.dumps(group))
    done = stadtwissen("build", source, home=place, lang="en")
    assert done.returncode == 0, done.stderr[-2000:]
    before = _live(place)
    change = Change(Home(place), Rules.read(), Holder("0", "ulm", "operator", ""))
    made, _ = change.run(Put(NEW, [QUAD], Casing.of(b"")))
    assert isinstance(made, Changed)
    assert (made.inserted, made.created) == (1, frozenset([NEW]))
    for graph, facts in before.manifest["graphs"].items():
        if graph != GRAPH:  # untouched masters are the same files
            assert (before.path / facts["file"]).samefile(made.release.path / facts["file"])
    text = f"INSERT DATA {{ <urn:a> <urn:b> 1.50 GRAPH <{SOURCE}> {{ <urn:c> <urn:d> 2 }} }}"
    change.run(Update([text], "urn:base"))
    assert _live(place).manifest["default"]["triples"] == 1

    done = stadtwissen("build", source, home=place, lang="en")
    assert done.returncode == 0, done.stderr[-2000:]
    assert f"{NEW} stays as it is" in done.stderr
    assert f"{SOURCE}: what somebody had changed is replaced" in done.stderr
    after = _live(place).manifest
    assert after["graphs"][NEW] == made.release.manifest["graphs"][NEW]
    assert after["graphs"][SOURCE] == before.manifest["graphs"][SOURCE]
    assert after["default"]["triples"] == 1
    assert after["triples"] == sum(g["triples"] for g in after["graphs"].values()) + 1
    assert "/id/change/" in (_live(place).path / after["graphs"][GRAPH]["file"]).read_text()
    assert "nothing" in stadtwissen("build", source, home=place, lang="en").stderr.lower()

    change.run(Drop(NEW))
    assert NEW not in _live(place).manifest["graphs"]
    assert NEW not in _live(place).manifest["changed"]


def _live(place: Path) -> Release:
    release = Home(place).current()
    assert release is not None
    return release
