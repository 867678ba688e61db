"""Tasks: one a line, as JSON; the answer is a file of N-Triples, or none."""

import contextlib
import io
import json
import signal
import sys
from collections.abc import Callable

PATIENCE = 20  # seconds for one table


def run(convert: Callable[[str, str | None, bool], str]) -> None:
    """Converts each task: the table's address, its metadata's or none, whether minimal."""
    signal.signal(signal.SIGALRM, _late)
    for line in sys.stdin:
        task = json.loads(line)
        signal.alarm(PATIENCE)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                made = convert(task["table"], task["metadata"], task["minimal"])
        except (Exception, SystemExit) as error:  # whatever a reader does is its answer
            print(f"{task['id']}: {error!r}"[:200], file=sys.stderr)  # noqa: T201
            continue
        finally:
            signal.alarm(0)
        with open(task["output"], "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(made)


def _late(*_: object) -> None:
    raise TimeoutError
