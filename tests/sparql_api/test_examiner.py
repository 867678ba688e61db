"""The examiner: what it does between its tasks."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from loader.deliveries import check
from loader.releases.release import Home
from sparql_api.submission import examiner


@pytest.fixture
def control() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        yield ours, theirs


def test_a_task_that_waits_goes_before_what_can_be_made_ready_meanwhile(
    control: tuple[socket.socket, socket.socket], tmp_path: Path
) -> None:
    ours, theirs = control
    checker, done = check.ready(Home(tmp_path)), list[int]()
    steps = (done.append(number) for number in range(3))
    ours.send(b"task")
    assert examiner._meanwhile(theirs, checker, steps) is steps
    assert done == []
    theirs.recv(16)
    assert examiner._meanwhile(theirs, checker, steps) is not steps
    assert done == [0, 1, 2]
