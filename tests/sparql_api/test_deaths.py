"""Workers die between any two of their steps: what that changes for a client is nothing."""

import os
import select
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.sparql_api.attacks.conftest import family, until
from tests.sparql_api.conftest import B, Server, Start
from tests.sparql_api.lines import Reader, lines, look_up, request

# Runs in every Python of the server; only a clerk takes these steps. The deed file names the step
# at which the first that comes there dies.
DOOM = """
import os, signal
from pathlib import Path
from sparql_api.workers.slate import Slate

DEED = Path(os.environ["TEST_DEED"])

def die_at(step):
    try:
        if DEED.read_text() != step:
            return
        DEED.unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)

def doomed(name):
    step = getattr(Slate, name)
    def take(self, *arguments):
        die_at(f"before {name}")
        result = step(self, *arguments)
        die_at(f"after {name}")
        return result
    setattr(Slate, name, take)

for name in ("begin", "fill", "lay", "reply", "clear"):
    doomed(name)

write = os.write
def write_in_two(descriptor, data):
    if data.startswith(b"HTTP/1.1"):
        sent = write(descriptor, data[:100])
        die_at("amid the answer")
        return sent + write(descriptor, data[100:])
    return write(descriptor, data)
os.write = write_in_two
"""
STEPS = [
    f"{when} {what}"
    for what in ("begin", "fill", "lay", "reply", "clear")
    for when in ("before", "after")
]
# A second of work, more or less.
LONG = f"""SELECT (COUNT(*) AS ?n) {{
  ?a <{B}ontology/number> ?b FILTER(?b < 1500) ?c <{B}ontology/number> ?d
}}"""
PATIENCE = 60  # seconds; the machine may be busy


@pytest.fixture(scope="module")
def deed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that names a step."""
    return tmp_path_factory.mktemp("doom") / "deed"


@pytest.fixture(scope="module")
def doomed(start: Start, probe_home: Path, deed: Path) -> Iterator[Server]:
    """A server whose workers die as the deed says."""
    (deed.parent / "sitecustomize.py").write_text(DOOM)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(deed.parent))
        patch.setenv("TEST_DEED", str(deed))
        limits = {"query_first_row": PATIENCE, "query_timeout": PATIENCE}
        server = start(probe_home, query_workers=2, rate=0, **limits)
    yield server
    server.stop()


def _kill_workers(server: Server) -> None:
    for worker in family(server.process.pid)[2:]:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)


def _worked(process: int) -> int:
    """Hundredths of a second of the processor; 0 where the process is gone."""
    try:
        said = Path(f"/proc/{process}/stat").read_text("ascii")
    except OSError:
        return 0
    return int(said.rpartition(")")[2].split()[11])


def _busiest(server: Server) -> int:
    return max(family(server.process.pid)[2:], key=_worked)


def _look_up(reader: Reader, number: int) -> None:
    reader.connection.sendall(look_up(number))
    assert reader.read()[1] == b"n\r\n%d\r\n" % number


@pytest.mark.parametrize("step", STEPS)
def test_a_line_outlives_its_worker_at_every_step(doomed: Server, deed: Path, step: str) -> None:
    first = 100 * STEPS.index(step)  # what a worker died of is not lent again
    with lines(doomed, 3) as readers:
        deed.write_text(step)
        for number, reader in enumerate(readers, first + 10):
            reader.connection.sendall(look_up(number))
        for number, reader in enumerate(readers, first + 10):
            assert reader.read()[1] == b"n\r\n%d\r\n" % number
        until(lambda: not deed.exists(), PATIENCE)
        for number, reader in enumerate(readers, first + 20):
            _look_up(reader, number)


@pytest.mark.parametrize("step", STEPS)
def test_a_line_that_was_just_lent_outlives_its_worker(
    doomed: Server, deed: Path, step: str
) -> None:
    deed.write_text(step)
    with Reader(doomed) as reader:
        for number in range(3):
            _look_up(reader, 100 * STEPS.index(step) + 30 + number)
    until(lambda: not deed.exists(), PATIENCE)


def test_an_answer_that_was_sent_in_part_is_broken_off(doomed: Server, deed: Path) -> None:
    with lines(doomed, 2) as (broken, other):
        deed.write_text("amid the answer")
        broken.connection.sendall(look_up(2_000))
        with pytest.raises((AssertionError, ConnectionResetError)):
            broken.read()
        _look_up(other, 2_001)


def test_a_query_whose_worker_is_killed_is_asked_again(doomed: Server) -> None:
    with Reader(doomed) as reader:
        reader.connection.settimeout(PATIENCE)
        reader.connection.sendall(request(LONG))
        until(lambda: _worked(_busiest(doomed)) > 20, PATIENCE)
        os.kill(_busiest(doomed), signal.SIGKILL)
        assert reader.read()[1] == b"n\r\n4500000\r\n"


def test_a_query_whose_workers_are_killed_again_and_again_is_given_up(doomed: Server) -> None:
    with Reader(doomed) as reader:
        reader.connection.sendall(request(LONG + "#"))
        until(lambda: doomed.busy() == 1, PATIENCE)
        while not select.select([reader.connection], [], [], 0.05)[0]:
            _kill_workers(doomed)
        assert b" 500 " in reader.read()[0].split(b"\r\n")[0]
        _look_up(reader, 2_010)
