"""Peers that are Python packages, each in a virtual environment of its own beside the data.

`python -m tests.benchmarks.peer` sets up those that tests need, pinned by the lists in `.ci/peers`.
"""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from loader.settings import default_home

PINS = Path(__file__).parents[2] / ".ci" / "peers"
_PATIENCE = 600  # seconds for the package index


def python(name: str, *packages: str) -> str:
    """The interpreter of a peer's environment, made when it is missing or its pins have changed.

    Raises CalledProcessError and TimeoutExpired where the packages cannot be had.
    """
    program = place(name) / "bin" / "python"
    if not is_there(name):
        pins = ["--no-deps", "--requirement", str(_pins(name))] if _pins(name).exists() else []
        subprocess.run([sys.executable, "-m", "venv", "--clear", place(name)], check=True)
        pip = [str(program), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run(
            [*pip, "--retries", "1", *pins, *packages],
            check=True,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
        )
        _mark(name).write_text(_wanted(name))
    return str(program)


def is_there(name: str) -> bool:
    """Whether a peer's environment is complete, with the versions that its list asks for."""
    return _mark(name).is_file() and _mark(name).read_text() == _wanted(name)


def place(name: str) -> Path:
    """The folder of a peer's environment."""
    return default_home() / "bench" / "environments" / name


def _mark(name: str) -> Path:
    return place(name) / "complete"


def _wanted(name: str) -> str:
    return _pins(name).read_text() if _pins(name).exists() else ""


def _pins(name: str) -> Path:
    return PINS / f"{name}.txt"


def _set_up(name: str) -> str:
    """What is to be said of a peer that tests need; nothing when it is there."""
    try:
        python(name)
    except subprocess.CalledProcessError as error:
        return f"{name} is not set up: {(error.stderr or str(error)).strip().splitlines()[-1]}"
    except subprocess.TimeoutExpired:
        return f"{name} is not set up: the package index took more than {_PATIENCE} s"
    return ""


def _main() -> None:
    """Sets up what is missing, side by side; what fails is said, and its tests are skipped."""
    missing = [path.stem for path in sorted(PINS.glob("*.txt")) if not is_there(path.stem)]
    if missing:
        sys.stderr.write(f"Setting up {', '.join(missing)} for the tests, once\n")
    with ThreadPoolExecutor(2) as hands:
        for said in filter(None, hands.map(_set_up, missing)):
            sys.stderr.write(f"{said}; its tests are skipped\n")


if __name__ == "__main__":
    _main()
