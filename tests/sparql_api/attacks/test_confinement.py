"""The second wall: what got past the gate still reaches nobody."""

import subprocess
import sys

import pytest

from tests.sparql_api.attacks.conftest import Trap

ENGINE = """
import sys
from pyoxigraph import Store
from sparql_api.workers.confinement import confine
if "confined" in sys.argv:
    assert confine()
try:
    print(list(Store().query("SELECT * { SERVICE <" + sys.argv[1] + "> { ?s ?p ?o } }")))
except (RuntimeError, OSError) as error:
    print(error)
"""
INHERITED = """
import socket, threading
from sparql_api.workers.confinement import confine
ours, theirs = socket.socketpair()
assert confine()
ours.sendall(b"still here")
print(theirs.recv(20).decode())
def late():
    try:
        socket.socket()
    except PermissionError:
        print("refused")
thread = threading.Thread(target=late)
thread.start()
thread.join()
"""


def _run(program: str, *arguments: str) -> str:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout


def test_the_engine_alone_does_ask_loopback(trap: Trap) -> None:
    _run(ENGINE, f"http://127.0.0.1:{trap.port}/")
    assert trap.visits > 0


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "example.org"])
def test_a_confined_engine_asks_nobody(trap: Trap, host: str) -> None:
    said = _run(ENGINE, f"http://{host}:{trap.port}/", "confined")
    assert trap.visits == 0
    assert said


def test_what_a_process_was_given_stays_open_and_its_threads_are_confined() -> None:
    assert _run(INHERITED).split("\n")[:2] == ["still here", "refused"]
