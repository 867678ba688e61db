"""The catalogue before CKAN's harvester, which most open-data portals run.

It is installed apart from us: `make test` makes its environment, pinned by `.ci/peers/ckan.txt`.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from loader.catalog.dcat import NAMES
from loader.dumps.form import FORMS
from loader.releases.release import Release
from tests.benchmarks import peer
from tests.loader.test_catalogue import written

READER = Path(__file__).parents[1] / "benchmarks" / "readers" / "by_ckan.py"
needs_ckan = pytest.mark.skipif(
    not peer.is_there("ckan"),
    reason="CKAN's harvester is not set up: the package index did not answer, or not by make test",
)


@needs_ckan
def test_the_harvester_finds_every_dataset_with_every_resource(release: Release) -> None:
    text = written(release)
    done = subprocess.run(
        [peer.python("ckan"), str(READER)],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    harvested = {each["uri"]: {way["uri"] for way in each["resources"]} for each in found}
    store = Store()
    store.load(text.encode(), format=RdfFormat.N_TRIPLES)
    ways: dict[str, set[str]] = {}
    for quad in store.quads_for_pattern(None, NamedNode(NAMES["dcat"] + "distribution"), None):
        ways.setdefault(str(quad.subject)[1:-1], set()).add(str(quad.object)[1:-1])
    assert harvested == ways
    assert len(ways) == len(release.manifest["graphs"]) + 1
    sized = [way for each in found for way in each["resources"] if way["size"]]
    assert len(sized) == len(release.manifest["graphs"]) + len(FORMS)
    assert all(way["hash"] and way["license"] for way in sized)
