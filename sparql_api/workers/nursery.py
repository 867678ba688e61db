"""The nursery: a single-threaded process that holds one release and forks workers off itself.

It loads the release once; the workers share its pages. Only here is forking safe: the server has
threads, and a fork copies locks that other threads hold.

Run by the server as `python -m sparql_api.workers.nursery CONTROL TERMS FOLDER KIND PATH…`: CONTROL
is the number of a socket, TERMS are those of `workers.enquiry`, FOLDER is the release's, KIND
`memory` (N-Quads files follow) or `disk` (the store's folder follows).
Messages: `fork` with a worker's socket and slate → its process id; `end ID` → how it ended.
"""

import gc
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Protocol

from pyoxigraph import RdfFormat, Store

from loader.queries import geometry
from loader.releases import statistics
from sparql_api.workers.confinement import confine
from sparql_api.workers.enquiry import Terms
from sparql_api.workers.holdings import Holdings
from sparql_api.workers.slate import Slate
from sparql_api.workers.worker import work

_POSITION = geometry.GEO + "asWKT"
_YOUNG = 20_000  # objects between two looks for cycles, of which a worker makes few


class Opener(Protocol):
    """Gives a worker what it answers from."""

    def __call__(self) -> Holdings:
        """The release, for reading."""
        ...


def run(control: socket.socket, opener: Opener, terms: Terms) -> None:
    """Forks and buries workers until the server closes the control socket."""
    children: set[int] = set()
    try:
        while True:
            message, descriptors, _, _ = socket.recv_fds(control, 64, 4)
            if not message:
                return
            if message == b"fork":
                child = _fork(control, descriptors, opener, terms)
                children.add(child)
                control.send(str(child).encode())
            else:
                child = int(message.split()[1])
                control.send(str(_end(child)).encode())
                children.discard(child)
    finally:
        for child in children:
            _end(child)


def _fork(control: socket.socket, descriptors: list[int], opener: Opener, terms: Terms) -> int:
    child = os.fork()
    if child:
        for descriptor in descriptors:
            os.close(descriptor)
        return child
    try:
        control.close()
        channel, memory, taking, laying = descriptors
        slate = Slate.of((memory, taking, laying))
        work(socket.socket(fileno=channel), slate, opener(), terms)
    finally:
        os._exit(0)


def _end(child: int) -> int:
    """Kills a worker, or finds it dead; the negative number of the signal that ended it."""
    os.kill(child, signal.SIGKILL)  # not yet waited for, so the id cannot be anybody else's
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _load(masters: list[str]) -> Store:
    store = Store()
    for path in masters:
        store.bulk_load(path=path, format=RdfFormat.N_QUADS)
    return store


def main(arguments: list[str]) -> None:
    """Loads, says `ready`, and serves the control socket."""
    number, terms, folder, kind, *paths = arguments
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's to handle
    control = socket.socket(fileno=int(number))
    if not confine():
        sys.stderr.write("This system cannot keep queries off the network; only the gate does.\n")
    counts = statistics.read(Path(folder))
    # RocksDB has threads, which a fork would lose: each worker opens a store on disk itself.
    loaded = _load(paths) if kind == "memory" else None
    if counts and _POSITION in counts["properties"]:
        geometry.warm()

    def opener() -> Holdings:
        return Holdings(loaded or Store.read_only(paths[0]), Path(folder), counts)

    gc.freeze()
    gc.set_threshold(_YOUNG)
    control.send(b"ready")
    run(control, opener, Terms.decode(terms))


if __name__ == "__main__":
    main(sys.argv[1:])
