"""Measuring a process: wall-clock seconds and the largest resident memory."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: seconds from start to exit, MiB at its largest (the largest single process)."""

    seconds: float
    mebibytes: float


def run(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    python: str = sys.executable,
    accepted: tuple[int, ...] = (0,),
) -> Measured:
    """Runs a command of Python to its end. Raises CalledProcessError when it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [python, *command],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in accepted:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Measured(time.perf_counter() - began, usage.ru_maxrss / 1024)
