"""Peers that are Python packages, each in a virtual environment of its own beside the data."""

import subprocess
import sys
from pathlib import Path

from loader.settings import default_home


def python(name: str, *packages: str) -> str:
    """The interpreter of a peer's environment, made when it is missing.

    Raises CalledProcessError where the packages cannot be had.
    """
    place = _place(name)
    program = place / "bin" / "python"
    if not is_there(name):
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        pip = [str(program), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *packages], check=True, capture_output=True)
        Path(place / "complete").touch()
    return str(program)


def is_there(name: str) -> bool:
    """Whether a peer's environment is complete."""
    return (_place(name) / "complete").exists()


def _place(name: str) -> Path:
    return default_home() / "bench" / "environments" / name
