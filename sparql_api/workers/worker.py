"""A worker: a forked process in which a clerk answers, on a stack that no query fills."""

import os
import socket
import threading

from sparql_api.workers.clerk import Clerk
from sparql_api.workers.enquiry import Terms
from sparql_api.workers.holdings import Holdings
from sparql_api.workers.slate import Slate

_STACK = 256 * 2**20  # what the gate lets pass stays far below; this is the second wall


def work(channel: socket.socket, slate: Slate, holdings: Holdings, terms: Terms) -> None:
    """Answers until the server closes the socket; the process grows by no more than the terms."""
    threading.stack_size(_STACK)
    thread = threading.Thread(target=_serve, args=(channel, slate, holdings, terms))
    thread.start()
    thread.join()


def _serve(channel: socket.socket, slate: Slate, holdings: Holdings, terms: Terms) -> None:
    try:
        Clerk(channel, slate, holdings, terms).serve()
    except OSError:  # the server hung up; nobody waits for the rest
        return
    except MemoryError:  # too little was left even to say so; this is how Rust's part dies too
        os.abort()
