"""What all tests share: the command as a stranger runs it, and one release of all sources."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from loader.releases.release import Home, Release

SHARED = Path(__file__).parent.parent.parent / "shared"


def stadtwissen(
    *arguments: str | Path, home: Path, stdin: str = "", lang: str = "de", **settings: str
) -> subprocess.CompletedProcess[str]:
    """Runs the command in a process of its own, with its own home; settings in lower case."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("STADTWISSEN_")}
    given = {f"STADTWISSEN_{name.upper()}": value for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "loader.command", "--lang", lang, *map(str, arguments)],
        env={**clean, "STADTWISSEN_HOME": str(home), **given},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> Path:
    """A home with one release of the bundled sources. Tests that change it copy it first.

    The processes that share the tests share it too: the first builds, the others wait.
    """
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    path = place / f"home-{testrun_uid}"
    with (place / "home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if Home(path).current() is None:
            done = stadtwissen("build", home=path)
            assert done.returncode == 0, done.stderr[-3000:]
    return path


@pytest.fixture(scope="session")
def release(home: Path) -> Release:
    """The release of the bundled sources."""
    current = Home(home).current()
    assert current is not None
    return current
