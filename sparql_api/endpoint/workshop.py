"""The workshop: a process that knows the rules and makes one change at a time, each in a fork.

It reads the rules once; the forks share them. What a change does wrong ends with its fork.

Run by the server as `python -m sparql_api.endpoint.workshop CHANNEL MEMORY`: CHANNEL is the
number of a socket. A job is a frame with a JSON order and one with a body; its answer is one frame.
"""

import json
import os
import re
import resource
import signal
import socket
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, parse

from loader.changes.casing import Casing
from loader.changes.change import Change
from loader.changes.edit import Add, Drop, Edit, Put, Update
from loader.changes.judgement import Rules
from loader.changes.keys import Holder
from loader.errors import BuildRunning, LoaderError
from loader.outcome import Changed, Rejected
from loader.releases.release import Home
from sparql_api.endpoint import amendment
from sparql_api.workers import wire
from sparql_api.workers.confinement import confine

Order = dict[str, Any]

_STACK = 256 * 2**20
_PLACE = re.compile(r"(?:at|line) (\d+)[: ](?:column )?(\d+)")


def run(channel: socket.socket, rules: Rules, memory: int) -> None:
    """Makes changes until the server closes the channel."""
    while (order := wire.receive(channel)) is not None:
        body = wire.receive(channel)
        if body is None:
            return
        child = os.fork()
        if child == 0:
            try:
                _work(channel, rules, json.loads(order), body, memory)
                os._exit(0)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        if status:
            number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            channel.sendall(wire.frame(wire.FAILED, json.dumps({"signal": number}).encode()))


def _work(channel: socket.socket, rules: Rules, order: Order, body: bytes, memory: int) -> None:
    """Answers in a thread whose stack is large enough for what the gate lets pass."""
    limit = _size() + memory
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.stack_size(_STACK)
    answers: list[dict[str, Any]] = []
    thread = threading.Thread(target=lambda: answers.append(_answer(rules, order, body)))
    thread.start()
    thread.join()
    if not answers:
        os._exit(1)  # the thread wrote to stderr what it died of
    channel.sendall(wire.frame(wire.BLOCK, json.dumps(answers[0]).encode()))


def _answer(rules: Rules, order: Order, body: bytes) -> dict[str, Any]:
    try:
        change = Change(Home(Path(order["home"])), rules, Holder(**order["holder"]))
        outcome, findings = change.run(_edit(order, body))
    except BuildRunning as error:
        return {"failed": "conflict", **error.text.as_json()}
    except LoaderError as error:
        return {"failed": "refused", **error.text.as_json()}
    except SyntaxError as error:
        return {"failed": "syntax", **_place(error), "message": str(error.msg)}
    except MemoryError:
        os.abort()
    except (RuntimeError, ValueError) as error:
        return {"failed": "engine", "message": str(error)}
    answer: dict[str, Any] = {
        "outcome": "unchanged",
        "release": outcome.release.id,
        "findings": [finding.as_json() for finding in findings],
    }
    if isinstance(outcome, Changed):
        answer |= {
            "outcome": "changed",
            "inserted": outcome.inserted,
            "deleted": outcome.deleted,
            "created": sorted(outcome.created),
        }
    elif isinstance(outcome, Rejected):
        answer["outcome"] = "rejected"
    return answer


def _edit(order: Order, body: bytes) -> Edit:
    match order["do"]:
        case "update":
            text = body.decode()
            forms = amendment.lexical_forms(text, order["base"])
            graphs = amendment.written(text)
            return Update(amendment.steps(text), order["base"], forms, graphs)
        case "put":
            casing = Casing.of(body)
            return Put(order["graph"], _statements(order, body, casing), casing)
        case "add":
            casing = Casing.of(body)
            return Add(order["graph"], _statements(order, body, casing), casing)
        case _:
            return Drop(order["graph"])


def _statements(order: Order, body: bytes, casing: Casing) -> list[Quad]:
    """The statements of all parts; blank nodes are those of their part alone.

    Tags are marked as `casing` has them, unless nothing can be read so.
    """
    quads: list[Quad] = []
    place = 0
    for media, size in order["parts"]:
        form = RdfFormat.from_media_type(media)
        if form is None:
            raise ValueError(media)
        part = body[place : place + size]
        several = len(order["parts"]) > 1
        read = partial(parse, format=form, base_iri=order["base"], rename_blank_nodes=several)
        try:
            quads += list(read(casing.sheltered(part)))
        except (SyntaxError, ValueError):  # told of the text as it was sent
            quads += read(part)
        place += size
    return quads


def _place(error: SyntaxError) -> dict[str, int]:
    """Line and column, which some parsers tell in their message alone."""
    match = _PLACE.search(str(error.msg))
    line, column = (int(match[1]), int(match[2])) if match else (error.lineno, error.offset)
    return {"line": line or 1, "column": column or 1}


def _size() -> int:
    pages = Path("/proc/self/statm").read_text("ascii").split()[0]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def main(arguments: list[str]) -> None:
    """Reads the rules and serves the channel."""
    number, memory = arguments
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's to handle
    confine()
    run(socket.socket(fileno=int(number)), Rules.read(), int(memory))


if __name__ == "__main__":
    main(sys.argv[1:])
