"""The remote store: what a release says is there to the letter, or the store is told on.

Real stores: another Stadtwissen, which keeps letters, `oxigraph serve`, which keeps values, and
Virtuoso, which damages some and asks for a digest.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from string import Template
from urllib.error import URLError

import pytest

from loader import bundle
from loader.changes.keys import Keys
from loader.dumps.graph import blocks, masters
from loader.errors import LiteralsAltered, StoreRefused
from loader.releases.release import Home, Release
from loader.remote import notation
from loader.remote.comparison import Difference, compare
from loader.remote.endpoint import Endpoint
from loader.remote.mirror import Mirror
from tests.benchmarks import peer
from tests.conftest import stadtwissen
from tests.loader.test_dumps import NASTY, ONE, TWO, XSD, graph
from tests.sparql_api.conftest import Start, publish

needs_oxigraph = pytest.mark.skipif(
    not peer.is_there("oxigraph"),
    reason="oxigraph is not set up: the package index did not answer, or not by make test",
)
STAGED = "urn:stadtwissen:staging:"
# What Oxigraph makes of literals: it keeps numbers and times as values, and tags in small letters.
REWRITTEN = {
    f'"1.50"^^<{XSD}decimal>': f'"1.5"^^<{XSD}decimal>',
    f'"007"^^<{XSD}nonNegativeInteger>': f'"7"^^<{XSD}integer>',
    f'"+1"^^<{XSD}integer>': f'"1"^^<{XSD}integer>',
    f'"1E0"^^<{XSD}double>': f'"1"^^<{XSD}double>',
    f'"1"^^<{XSD}boolean>': f'"true"^^<{XSD}boolean>',
    f'"2026-11-24T24:00:00"^^<{XSD}dateTime>': f'"2026-11-25T00:00:00"^^<{XSD}dateTime>',
    f'"2026-11-24T12:00:00.500+00:00"^^<{XSD}dateTime>': (
        f'"2026-11-24T12:00:00.5Z"^^<{XSD}dateTime>'
    ),
    '"Grüß Gott"@de-AT': '"Grüß Gott"@de-at',
    '"colour"@EN-gb': '"colour"@en-gb',
}


@dataclass
class Oxigraph:
    """A running `oxigraph serve`, in memory."""

    process: subprocess.Popen[bytes]
    endpoint: Endpoint


def started() -> Oxigraph:
    program = str(Path(peer.python("oxigraph")).parent / "oxigraph")
    for _ in range(5):  # another may take the port before it does
        port = free_port()
        process = listening([program, "serve", "--bind", f"127.0.0.1:{port}"], port)
        if process:
            here = f"http://127.0.0.1:{port}"
            endpoint = Endpoint(f"{here}/query", f"{here}/update", f"{here}/store")
            return Oxigraph(process, endpoint)
    raise URLError("oxigraph does not start")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def listening(command: list[str], port: int) -> subprocess.Popen[bytes] | None:
    """A server as soon as it listens; None when it ended instead, or does not come to it."""
    end = time.monotonic() + 120
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet)
    while process.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return process
    process.kill()
    process.wait()
    return None


@pytest.fixture
def oxigraph() -> Iterator[Endpoint]:
    store = started()
    yield store.endpoint
    store.process.kill()
    store.process.wait()


@pytest.fixture
def virtuoso(tmp_path: Path) -> Iterator[Endpoint]:
    place = tmp_path / "virtuoso"
    place.mkdir()
    whole = Path(__file__).parents[1] / "benchmarks" / "virtuoso.ini"
    text = Template(whole.read_text("utf-8")).substitute(place=place, source=place)
    text = text.replace("= 170000", "= 10000").replace("= 130000", "= 7500")
    for _ in range(5):
        web, port = free_port(), free_port()
        ports = text.replace(":7884", f":{web}").replace(":7885", f":{port}")
        (place / "virtuoso.ini").write_text(ports)
        command = ["virtuoso-t", "+foreground", "+configfile", str(place / "virtuoso.ini")]
        process = listening(command, web)
        if process:
            break
    else:
        raise URLError("virtuoso does not start")
    here = f"http://127.0.0.1:{web}/sparql"
    yield Endpoint(f"{here}-auth", f"{here}-auth", f"{here}-graph-crud-auth", "dba", "dba")
    process.kill()
    process.wait()


def said(endpoint: Endpoint, name: str) -> list[str]:
    """What the store says is in a graph, one form for all stores."""
    lines = list(notation.lines(endpoint.statements(name)))
    blank = [line for line in lines if "_:" in line.replace("_:keiner", "")]
    return sorted(set(lines) - set(blank)) + sorted(notation.settled(blank))


def written(release: Release, name: str) -> list[str]:
    text = b"".join(blocks(masters(release)[name], name)).decode().split("\n")[:-1]
    blank = [line for line in text if "_:" in line.replace("_:keiner", "")]
    return sorted(set(text) - set(blank)) + sorted(notation.settled(blank))


@pytest.fixture
def nasty(tmp_path: Path) -> Release:
    return publish(tmp_path / "home", {ONE: graph(ONE, NASTY), TWO: graph(TWO, NASTY[:2])})


@pytest.fixture(scope="module")
def elsewhere(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Endpoint:
    """Another Stadtwissen, and the key of an operator there."""
    home = tmp_path_factory.mktemp("elsewhere")
    other = "https://w3id.org/stadtwissen/graph/of-others"
    publish(home, {other: graph(other, NASTY[:1])})
    key = Keys(home / "stadtwissen.sqlite").add("kts", "operator")
    url = start(home, rate=0, lang="en").url
    return Endpoint(f"{url}/sparql", f"{url}/sparql/update", f"{url}/graphs", "", key)


def test_a_store_that_keeps_letters_says_every_literal_as_delivered(
    nasty: Release, elsewhere: Endpoint
) -> None:
    made = Mirror(elsewhere).take(nasty)
    assert (made.sent, made.dropped, made.differences.first) == (2, 0, [])
    for name in (ONE, TWO):
        assert said(elsewhere, name) == written(nasty, name)
        assert said(elsewhere, f"{STAGED}{name}") == []
    again = Mirror(elsewhere).take(nasty)
    assert (again.sent, again.dropped) == (0, 0)


def test_a_wrong_key_is_told_and_nothing_is_sent(nasty: Release, elsewhere: Endpoint) -> None:
    stranger = replace(elsewhere, password="wrong")
    with pytest.raises(StoreRefused) as refused:
        Mirror(stranger).take(publish(nasty.path.parents[1], {ONE: graph(ONE, NASTY[:3])}))
    assert "STADTWISSEN_STORE_PASSWORD" in refused.value.text.de
    assert "does not let us in (401)" in refused.value.text.en


@needs_oxigraph
def test_a_store_that_rewrites_values_is_told_on_and_keeps_what_it_said(
    nasty: Release, oxigraph: Endpoint
) -> None:
    plain = [x for x in NASTY if x not in REWRITTEN]
    first = publish(nasty.path.parents[1], {ONE: graph(ONE, plain)})
    Mirror(oxigraph).take(first)
    with pytest.raises(LiteralsAltered) as altered:
        Mirror(oxigraph).take(nasty)
    assert altered.value.exit_code == 1
    assert "decimal → decimal (2)" in altered.value.text.en
    assert '"1.50"^^' in altered.value.text.de
    assert said(oxigraph, ONE) == written(first, ONE)
    assert said(oxigraph, TWO) == []
    assert graphs(oxigraph) == {ONE, "urn:stadtwissen:mirror"}


@needs_oxigraph
@pytest.mark.parametrize("way", ["graph store protocol", "update"])
def test_where_it_is_accepted_only_the_values_we_know_are_rewritten(
    nasty: Release, oxigraph: Endpoint, way: str
) -> None:
    endpoint = replace(oxigraph, graphs="") if way == "update" else oxigraph
    made = Mirror(endpoint, exact=False).take(nasty)
    assert {each.said: each.found for each in made.differences.first} == REWRITTEN
    assert not made.differences.damaged
    lines = written(nasty, ONE)
    for before, after in REWRITTEN.items():
        lines = [line.replace(f" {before} .", f" {after} .") for line in lines]
    assert said(endpoint, ONE) == sorted(lines[:-2]) + lines[-2:]
    assert Mirror(endpoint, exact=False).take(nasty).sent == 0
    with pytest.raises(LiteralsAltered):  # what was accepted once is told on again
        Mirror(endpoint).take(nasty)


@pytest.mark.skipif(not shutil.which("virtuoso-t"), reason="virtuoso-opensource is not installed")
def test_a_store_that_damages_a_literal_is_told_on_even_where_it_may_rewrite(
    nasty: Release, virtuoso: Endpoint
) -> None:
    with pytest.raises(LiteralsAltered) as damaged:
        Mirror(virtuoso, exact=False).take(nasty)
    assert f'"abc"^^<{XSD}integer> → "0"^^<{XSD}integer>' in damaged.value.text.en
    assert said(virtuoso, ONE) == []
    good = [x for x in NASTY if "abc" not in x]
    later = publish(nasty.path.parents[1], {ONE: graph(ONE, good)})
    made = Mirror(virtuoso, exact=False).take(later)
    assert (made.sent, made.differences.damaged.total()) == (1, 0)
    assert len(said(virtuoso, ONE)) == len(written(later, ONE))
    with pytest.raises(StoreRefused, match="does not let us in"):
        Mirror(replace(virtuoso, password="wrong")).take(nasty)


@needs_oxigraph
def test_only_what_changed_is_sent_and_what_is_gone_goes(
    tmp_path: Path, oxigraph: Endpoint
) -> None:
    kept = [x for x in NASTY if x not in REWRITTEN]
    oxigraph.update("INSERT DATA { GRAPH <urn:others> { <urn:a> <urn:b> <urn:c> } }")
    Mirror(oxigraph).take(publish(tmp_path, {ONE: graph(ONE, kept), TWO: graph(TWO, kept[:2])}))
    three = "https://w3id.org/stadtwissen/graph/three"
    later = publish(tmp_path, {ONE: graph(ONE, kept), three: graph(three, kept[1:4])})
    made = Mirror(oxigraph).take(later)
    assert (made.sent, made.dropped) == (1, 1)
    assert graphs(oxigraph) == {ONE, three, "urn:others", "urn:stadtwissen:mirror"}
    assert said(oxigraph, three) == written(later, three)


@needs_oxigraph
def test_what_a_killed_run_left_does_not_get_in(tmp_path: Path, oxigraph: Endpoint) -> None:
    release = publish(tmp_path, {ONE: graph(ONE, NASTY[11:])})
    Mirror(oxigraph).take(publish(tmp_path, {ONE: graph(ONE, NASTY[12:])}))
    left = f"{STAGED}https%3A%2F%2Fw3id.org%2Fstadtwissen%2Fgraph%2Fone"
    oxigraph.update(f"INSERT DATA {{ GRAPH <{left}> {{ <urn:a> <urn:b> <urn:c> }} }}")
    Mirror(oxigraph).take(release)
    assert said(oxigraph, ONE) == written(release, ONE)
    assert graphs(oxigraph) == {ONE, "urn:stadtwissen:mirror"}


@needs_oxigraph
def test_every_literal_of_the_sources_comes_back_but_for_numbers_of_a_derived_type(
    release: Release, oxigraph: Endpoint, tmp_path: Path
) -> None:
    once = {name: with_each_literal(path) for name, path in masters(release).items()}
    assert sum(map(len, once.values())) > 40_000
    made = Mirror(oxigraph, exact=False).take(publish(tmp_path, once))
    assert set(made.differences.rewritten) == {"nonNegativeInteger → integer"}
    assert not made.differences.damaged
    assert made.sent == len(release.manifest["graphs"])


def with_each_literal(path: Path) -> list[str]:
    """A master's statements with literals, one for each literal."""
    lines = path.read_text("utf-8").split("\n")
    return list({line.split(" ", 2)[2]: line for line in lines if ' "' in line}.values())


def graphs(endpoint: Endpoint) -> set[str]:
    """The names of all graphs of a store, asked through what is public of it."""
    query = "INSERT { GRAPH <urn:names> { ?g a <urn:graph> } } WHERE { GRAPH ?g { ?s ?p ?o } }"
    endpoint.update(query)
    names = {line.split(" ")[0][1:-1] for line in said(endpoint, "urn:names")}
    endpoint.update("DROP GRAPH <urn:names>")
    return names


@pytest.mark.parametrize(
    ("settings", "lang", "words"),
    [
        ({"store": "http://127.0.0.1:9/query"}, "de", "antwortet nicht"),
        ({"store": "http://127.0.0.1:9/query"}, "en", "does not answer"),
        ({"store": "localhost"}, "de", "keine Adresse eines Speichers"),
        ({"store": "http://127.0.0.1:9/", "store_literals": "x"}, "en", "exact, rewritten"),
        ({}, "de", "STADTWISSEN_STORE"),
    ],
)
def test_what_is_wrong_with_the_store_is_said(
    nasty: Release, settings: dict[str, str], lang: str, words: str
) -> None:
    home = nasty.path.parents[1]
    done = stadtwissen("mirror", home=home, lang=lang, **settings)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    live = Home(home).current()
    assert live is not None
    assert live.id == nasty.id


def test_a_build_is_live_here_whatever_the_store_says(tmp_path: Path) -> None:
    source = bundle.sources() / "kts"
    done = stadtwissen("build", source, home=tmp_path, lang="en", store="http://127.0.0.1:9/")
    live = Home(tmp_path).current()
    assert live is not None
    assert (done.returncode, done.stdout) == (2, f"{live.id}\n")
    assert "does not answer" in done.stderr
    assert "stadtwissen mirror" in done.stderr


LINE = "<urn:s> <urn:p> {} ."


@pytest.mark.parametrize(
    ("ours", "theirs", "differing", "keeps"),
    [
        (['"1.50"'], ['"1.5"'], [('"1.50"', '"1.5"')], ""),
        (['"a\u030a"'], ['"å"'], [('"a\u030a"', '"å"')], ""),
        (['"a"'], [], [('"a"', "")], ""),
        ([], ['"a"'], [("", '"a"')], ""),
        (['"a"@de', '"b"@en'], ['"a"@de'], [('"b"@en', "")], ""),
        ([f'"1"^^<{XSD}byte>', f'"1"^^<{XSD}int>'], [f'"1"^^<{XSD}integer>'], None, "keeps"),
        (['"\\u0041\\t"'], ['"A\\t"'], [], "keeps"),
        (['"a"'], [f'"a"^^<{XSD}string>'], [], "keeps"),
    ],
)
def test_a_difference_is_told_with_what_was_said_and_what_was_found(
    tmp_path: Path,
    ours: list[str],
    theirs: list[str],
    differing: list[tuple[str, str]] | None,
    keeps: str,
) -> None:
    wanted, held = ([LINE.format(x).encode() for x in terms] for terms in (ours, theirs))
    found = list(compare(wanted, held, tmp_path))
    if differing is not None:
        assert found == [Difference("<urn:s>", "<urn:p>", *pair) for pair in differing]
    assert all(each.keeps_value == bool(keeps) for each in found)


def test_blank_nodes_are_compared_by_what_is_said_of_them(tmp_path: Path) -> None:
    one = [b'_:a <urn:p> "1" .', b"_:a <urn:q> _:b .", b'_:b <urn:p> "2" .']
    other = [b'_:y <urn:p> "2" .', b'_:x <urn:p> "1" .', b"_:x <urn:q> _:y ."]
    assert list(compare(one, other, tmp_path)) == []
    merged = [line.replace(b"_:y", b"_:x") for line in other]
    assert list(compare(one, merged, tmp_path))
