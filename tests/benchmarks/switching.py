"""A release every five seconds for a minute under load: not one failed or mixed answer."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.sparql_api.switching import faults, publish_turn, take_turns

TURNS = 12
DISTANCE = 5.0  # seconds


def main() -> None:
    """Runs the minute and prints how many answers came and what was wrong with any."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        first = publish_turn(home, 0)
        environment = {"STADTWISSEN_HOME": folder, "STADTWISSEN_RATE": "0"}
        environment["STADTWISSEN_DUMPS"] = "none"
        server = subprocess.Popen(
            [sys.executable, "-m", "loader.command", "serve", "--port", "0"],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert server.stdout
            url = server.stdout.readline().split()[-1].rstrip("/")
            load, released = take_turns(home, url, TURNS, DISTANCE)
        finally:
            server.terminate()
            server.wait(20)
    wrong = faults(load, {**released, first: 0})
    seen = len({release for _, release, _, _ in load.answers})
    met = "met" if not wrong and seen > TURNS // 2 else "missed"
    _print(f"{len(load.answers):,} answers of {seen} releases, {len(wrong)} wrong: {met}")
    for line in wrong[:10]:
        _print(line)


def _print(text: str) -> None:
    print(text, flush=True)  # noqa: T201
