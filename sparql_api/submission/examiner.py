"""The examiner: a process that holds shapes and vocabulary ready and forks a worker a check.

Run by the server as `python -m sparql_api.submission.examiner CONTROL HOME SECONDS MEMORY`: CONTROL
is the number of a socket on which each message is a task (JSON) with the socket of whoever waits
for it. The worker writes what it found into the task's folder. Beside it a minder waits: it kills
the worker when its time is over or nobody waits any more, and says in one word how it ended.
"""

import contextlib
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from loader.deliveries import check, view
from loader.deliveries.check import Checker, Verdict
from loader.deliveries.delivery import Delivery
from loader.deliveries.excerpt import Excerpt, excerpts
from loader.errors import LoaderError
from loader.finding import Finding
from loader.language import Language
from loader.releases.release import Home
from sparql_api.workers.confinement import confine

DONE, REFUSED, TIME, MEMORY, CRASH = b"done", b"refused", b"time", b"memory", b"crash"
_FILE_SIZE = 512 * 2**20  # what one file of a report may be
_SHOWN = 3  # places of a rule that are shown with the rows around
_CYCLES = 1_000_000  # new objects, some hundred MB, after which cycles among them are looked for
_REFUSED, _MEMORY = 2, 9  # exit codes of a worker
_HELD = object()
VERDICT, REFUSAL = "verdict.json", "refusal.json"


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker is to do: check the files in `folder`/in, and write each of `forms` to /out."""

    folder: str
    files: tuple[str, ...]
    metadata: str | None
    forms: tuple[str, ...]
    language: Language

    def encoded(self) -> bytes:
        """The task as one message."""
        return json.dumps(asdict(self)).encode()


def serve(control: socket.socket, checker: Checker, seconds: float, memory: int) -> None:
    """Forks a minder for each task until the server closes the control socket."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # minders need nobody to wait for them
    steps = checker.hold()
    while True:
        steps = _meanwhile(control, checker, steps)
        message, descriptors, _, _ = socket.recv_fds(control, 2**16, 1)
        if not message:
            return
        with socket.socket(fileno=descriptors[0]) as client:
            if os.fork() == 0:
                control.close()
                _mind(client, checker, json.loads(message), seconds, memory)


def _meanwhile(control: socket.socket, checker: Checker, steps: Iterator[None]) -> Iterator[None]:
    """Takes hold of the live release while no task waits; the steps that are left."""
    # A release that went meanwhile, or a pointer that is lost, is for the next worker to tell.
    with contextlib.suppress(OSError, LoaderError):
        while not select.select([control], [], [], 0)[0]:
            if next(steps, _HELD) is _HELD:
                break
        else:
            return steps
    return checker.hold()


def _mind(
    client: socket.socket, checker: Checker, task: object, seconds: float, memory: int
) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child == 0:
        client.close()
        _work(checker, task, seconds, memory)
    word = _end(child, client, seconds)
    try:
        client.sendall(word)
    except OSError:
        pass  # nobody waits any more
    finally:
        os._exit(0)


def _end(child: int, client: socket.socket, seconds: float) -> bytes:
    """Waits for the worker, its time, or the client's leaving; how it ended."""
    process = os.pidfd_open(child)
    ready, _, _ = select.select([process, client.fileno()], [], [], seconds)
    ended = process in ready
    if not ended:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not ended:
        return TIME
    code = os.waitstatus_to_exitcode(status)
    known = {0: DONE, _REFUSED: REFUSED, _MEMORY: MEMORY, -signal.SIGABRT: MEMORY}
    return {**known, -signal.SIGXCPU: TIME, -signal.SIGKILL: MEMORY}.get(code, CRASH)


def _work(checker: Checker, task: object, seconds: float, memory: int) -> None:
    code = 1
    try:
        # A worker is short-lived: looking for cycles in all it makes took a fifth of its time.
        gc.set_threshold(_CYCLES)
        _limit(seconds, memory)
        code = _examine(checker, task)
    except MemoryError:
        code = _MEMORY
    except BaseException:  # whatever it is, this process ends here, and the log says why
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _limit(seconds: float, memory: int) -> None:
    start = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (start + memory, start + memory))
    resource.setrlimit(resource.RLIMIT_CPU, (int(2 * seconds) + 2, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_SIZE, _FILE_SIZE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _examine(checker: Checker, given: object) -> int:
    task = Task(**given)  # type: ignore[arg-type]  # as `encoded` wrote it
    folder = Path(task.folder)
    tempfile.tempdir = task.folder  # what a killed worker leaves behind goes with its task
    inside, out = folder / "in", folder / "out"
    metadata = inside / task.metadata if task.metadata else None
    try:
        verdict = checker.check(Delivery(tuple(inside / f for f in task.files), metadata))
    except LoaderError as error:
        (out / REFUSAL).write_text(json.dumps(error.text.as_json()), "utf-8")
        return _REFUSED
    (out / VERDICT).write_text(json.dumps(_report(verdict), ensure_ascii=False), "utf-8")
    for form in task.forms:
        (out / f"report.{form}").write_bytes(view.FORMATS[form](verdict, task.language))
    return 0


def _report(verdict: Verdict) -> dict[str, object]:
    """The verdict, and with the first places of each rule the rows around them."""
    seen: Counter[tuple[str, str | None]] = Counter()
    shown = []
    for finding in verdict.findings:
        key = (finding.code, finding.shape)
        seen[key] += 1
        if seen[key] <= _SHOWN:
            shown.append(finding.place)
    found = excerpts(shown, verdict.tables)
    said = verdict.as_json()
    pieces = [_piece(finding, found.get(finding.place)) for finding in verdict.findings]
    return {**said, "excerpts": pieces}


def _piece(finding: Finding, excerpt: Excerpt | None) -> dict[str, object] | None:
    """The rows around a finding; of a cell that names a person only what the finding shows."""
    if excerpt is None:
        return None
    place = finding.place
    if finding.privacy and place.column in excerpt.letters:
        index = excerpt.letters.index(place.column)
        for row, texts in excerpt.rows:
            texts[index] = (finding.value or "…") if row == place.row else texts[index]
    return asdict(excerpt)


def main(arguments: list[str]) -> None:
    """Makes ready, says so, and serves the control socket."""
    number, home, seconds, memory = arguments
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's to handle
    control = socket.socket(fileno=int(number))
    confine()
    checker = check.ready(Home(Path(home)))
    checker.warm()
    gc.freeze()
    control.send(b"ready")
    serve(control, checker, float(seconds), int(memory))


if __name__ == "__main__":
    main(sys.argv[1:])
