"""The W3C suite for CSV on the Web put to other readers from PyPI, each in its own environment.

The suite is served on loopback, its addresses rewritten to that host; what a reader makes is
compared as our own test does it. The folder comes from CSVW_SUITE.
"""

import json
import re
import subprocess
import tempfile
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, parse

from tests.benchmarks import peer
from tests.loader.test_csvw_suite import BASE, PLACES, SUITE, canonical

READERS = (
    ("by_csvwlib", ("csvwlib==0.3.2", "rdflib==5.0.0")),  # it fails on every later rdflib
    ("by_pycsvw", ("pycsvw==1.0.2",)),
    ("by_csvw", ("csvw==4.1.1",)),
)
_HOST = "http://www.w3.org/"
Entry = dict[str, Any]


def main() -> None:
    """Prints for each reader how many of the conversion tests it passes and answers."""
    tests = json.loads((SUITE / "manifest-rdf.jsonld").read_text("utf-8"))["entries"]
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(tests))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"http://127.0.0.1:{server.server_port}/"
    for name, packages in READERS:
        with tempfile.TemporaryDirectory() as folder:
            try:
                said = _run(name, packages, tests, host, Path(folder))
            except (OSError, subprocess.CalledProcessError) as error:
                _print(f"{name} is missing: {error}")
                continue
            refusals = [test for test in tests if test["type"] == "csvt:NegativeRdfTest"]
            others = [test for test in tests if test not in refusals]
            right = sum(_passes(test, host, Path(folder)) for test in others)
            refused = sum(_passes(test, host, Path(folder)) for test in refusals)
            answers = len(list(Path(folder).iterdir()))
            _print(
                f"{name:12} right {right} of {len(others)}, refuses {refused} of {len(refusals)}"
                f" that it must, answers {answers} of all {len(tests)}"
            )
            for why, number in Counter(re.findall(r": (\w+\(.{0,60})", said)).most_common(3):
                _print(f"    {number} × {why}")
    server.shutdown()


def _run(name: str, packages: tuple[str, ...], tests: list[Entry], host: str, out: Path) -> str:
    """Converts all tests; returns what the reader said of those it could not."""
    python = peer.python(name, *packages)
    here = BASE.replace(_HOST, host)
    lines = []
    for test in tests:
        given = test["option"].get("metadata")
        task = {
            "id": test["id"],
            "table": here + test["action"],
            "metadata": here + given if given else None,
            "minimal": test["option"].get("minimal", False),
            "output": str(out / _file(test)),
        }
        lines.append(json.dumps(task))
    done = subprocess.run(
        [python, "-m", f"tests.benchmarks.readers.{name}"],
        input="\n".join(lines),
        text=True,
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
        timeout=1800,
    )
    return done.stderr


def _passes(test: Entry, host: str, out: Path) -> bool:
    made = out / _file(test)
    if test["type"] == "csvt:NegativeRdfTest":
        return not made.exists()
    if not made.exists():
        return False
    text = made.read_text("utf-8").replace(host, _HOST)
    wanted = parse(
        path=SUITE / test["result"], format=RdfFormat.TURTLE, base_iri=BASE + test["result"]
    )
    try:
        found = list(parse(text, format=RdfFormat.N_TRIPLES))
    except SyntaxError:
        return False
    return canonical(found) == canonical(list(wanted))


def _file(test: Entry) -> str:
    return str(test["id"]).rpartition("#")[2] + ".nt"


def _handler(tests: list[Entry]) -> type[BaseHTTPRequestHandler]:
    links = {test["action"]: test["httpLink"] for test in tests if "httpLink" in test}

    class Handler(BaseHTTPRequestHandler):
        """The suite's files as the W3C's server gives them."""

        def do_GET(self) -> None:
            host = f"http://{self.headers['Host']}/"
            name = self.path.removeprefix("/2013/csvw/tests/")
            file = SUITE / name.partition("?")[0]
            if self.path == "/.well-known/csvm":
                self._send(PLACES.encode(), "text/plain")
            elif file.is_file():
                data = file.read_bytes().replace(_HOST.encode() + b"2013", host.encode() + b"2013")
                kind = "application/csvm+json" if file.suffix == ".json" else "text/csv"
                self._send(data, kind, links.get(name))
            else:
                self.send_error(404)

        def _send(self, data: bytes, kind: str, link: str | None = None) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            if link:
                self.send_header("Link", link)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler


def _print(text: str) -> None:
    print(text, flush=True)  # noqa: T201
