"""Contenders: SPARQL servers as processes, each with its own way to load and to be asked."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from string import Template
from urllib.parse import quote

from tests.benchmarks import release, statements

PEERS = ("oxigraph==0.5.13", "rdflib-endpoint==0.6.3", "uvicorn==0.54.0")
_LOADING = 600  # seconds

_RDFLIB = """
import sys, uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint
data = Dataset(default_union=True)
data.parse(sys.argv[1], format="nt")
uvicorn.run(SparqlEndpoint(graph=data), port=int(sys.argv[2]), log_level="error")
"""


@dataclass
class Contender:
    """A server that runs. `path` is where it takes `?query=`, `share` its part of the data."""

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]
    share: float = 1.0
    data: float = field(default=0.0)  # MiB of the data in memory, before the first query

    def address(self, query: str) -> str:
        """The path that asks a query."""
        return f"{self.path}?query={quote(query)}"

    @property
    def memory(self) -> float:
        """MiB of the process and its descendants; what they share counts once."""
        return sum(_memory(member) for member in _family(self.process.pid))

    def stop(self) -> None:
        """Ends the server."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


Start = Callable[[Path, int], Contender]


def ours(folder: Path, count: int) -> Contender:
    """This project's server, on a release of the same statements."""
    release.publish(folder / "home", count)
    home, rate = str(folder / "home"), "0"  # one client may ask as much as it likes
    settings = {"STADTWISSEN_HOME": home, "STADTWISSEN_RATE": rate, "STADTWISSEN_DUMPS": "none"}
    environment = {**os.environ, **settings}
    command = [sys.executable, "-m", "loader.command", "serve", "--port", "7881"]
    contender = _up(Contender("stadtwissen", 7881, "/sparql", _spawn(command, environment)))
    # The nursery, the largest child, holds the data and little else; its workers share them.
    children = _family(contender.process.pid)[1:]
    contender.data = max(_memory(child, "Rss:") for child in children)
    return contender


def oxigraph(folder: Path, count: int) -> Contender:
    """`oxigraph serve` on a store on disk."""
    program, store = str(_peers(folder) / "oxigraph"), str(folder / "oxigraph")
    source = _source(folder, count)
    load = [program, "load", "--location", store, "--file", str(source)]
    subprocess.run(load, check=True, capture_output=True)
    command = [program, "serve-read-only", "--location", store, "--bind", "127.0.0.1:7882"]
    return _up(Contender("oxigraph serve", 7882, "/query", _spawn(command)))


def rdflib(folder: Path, count: int) -> Contender:
    """rdflib-endpoint, in memory; it gets a tenth of the data, for it needs 1.5 kB a triple."""
    python = str(_peers(folder) / "python")
    command = [python, "-c", _RDFLIB, str(_source(folder, count // 10)), "7883"]
    return _up(Contender("rdflib-endpoint", 7883, "/", _spawn(command), share=0.1))


def virtuoso(folder: Path, count: int) -> Contender:
    """Virtuoso of Debian, with its limits raised and 1.4 GB of buffers."""
    if not shutil.which("virtuoso-t"):
        raise FileNotFoundError("virtuoso-opensource (apt-get install)")
    place = folder / "virtuoso"
    place.mkdir()
    source = _source(folder, count)
    template = Template((Path(__file__).parent / "virtuoso.ini").read_text("utf-8"))
    (place / "virtuoso.ini").write_text(template.substitute(place=place, source=source.parent))
    process = _spawn(["virtuoso-t", "+foreground", "+configfile", str(place / "virtuoso.ini")])
    contender = _up(Contender("Virtuoso", 7884, "/sparql", process))
    script = (
        f"ld_dir('{source.parent}', '{source.name}', '{statements.GRAPH}');"
        " rdf_loader_run(); checkpoint;"
    )
    load = ["isql-vt", "7885", "dba", "dba", f"exec={script}"]
    subprocess.run(load, check=True, capture_output=True, timeout=_LOADING)
    contender.data = contender.memory
    return contender


ALL: Sequence[Start] = (ours, oxigraph, virtuoso, rdflib)


def _source(folder: Path, count: int) -> Path:
    path = folder / f"{count}.nt"
    if not path.exists():
        statements.write(path, count, graph=False)
    return path


def _peers(folder: Path) -> Path:
    """The programs of a virtual environment beside the data, made when it is missing."""
    place = folder.parent / "peers"
    if not (place / "bin" / "oxigraph").exists():
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        pip = [str(place / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *PEERS], check=True, capture_output=True)
    return place / "bin"


def _spawn(
    command: Sequence[str], environment: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet)


def _up(contender: Contender) -> Contender:
    """The contender as soon as it answers. Raises TimeoutError, or OSError when it has died."""
    end = time.monotonic() + _LOADING
    while time.monotonic() < end:
        if contender.process.poll() is not None:
            raise OSError(f"{contender.name} ended with {contender.process.returncode}")
        connection = HTTPConnection("127.0.0.1", contender.port, timeout=30)
        try:
            connection.request("GET", contender.address("ASK {}"))
            if connection.getresponse().status == 200:
                contender.data = contender.memory
                return contender
        except (OSError, HTTPException):
            time.sleep(0.2)
        finally:
            connection.close()
    raise TimeoutError(contender.name)


def _family(process: int) -> list[int]:
    members = [process]
    for member in members:  # grows while it is walked
        with contextlib.suppress(OSError):  # workers come and go
            for task in Path(f"/proc/{member}/task").glob("*/children"):
                members += map(int, task.read_text("ascii").split())
    return members


def _memory(process: int, kind: str = "Pss:") -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith(kind))
