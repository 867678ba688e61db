"""RML: nested JSON and XML mapped by morph-kgc, which lives in an environment of its own.

It pins old releases of libraries that we use, and what its functions return it does not escape;
so it runs as a process, and each line that it writes is parsed before it counts as a statement.
"""

import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import polars as pl
from pyoxigraph import Quad, RdfFormat, parse

from loader import rule
from loader.errors import UsageError
from loader.finding import Finding, Place
from loader.language import Text
from loader.statement import single
from loader.tally import Tally

REQUIREMENT = "morph-kgc==2.10.0"
_BLOCK = 10_000
_RUN = """
import sys, morph_kgc
settings = f"[CONFIGURATION]\\nlogging_level: ERROR\\n[Source]\\nmappings: {sys.argv[1]}"
with open(sys.argv[2], "w", encoding="utf-8") as file:
    file.writelines(f"{triple} .\\n" for triple in morph_kgc.materialize_set(settings))
"""


@dataclass(slots=True)
class Rml:
    """One run of a mapping over a file; `findings` fill while the statements are taken.

    Sources that the mapping names are looked for beside the file. `environment` is the folder of
    the environment that holds morph-kgc.
    """

    file: Path
    mapping: Path
    environment: Path
    _tally: Tally = field(default_factory=Tally)

    @property
    def findings(self) -> list[Finding]:
        """What was found wrong so far."""
        return self._tally.findings

    def statements(self) -> Iterator[pl.DataFrame]:
        """The statements, in blocks. Raises UsageError where the mapping cannot be run."""
        self._check()
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "made.nt"
            self._run(made)
            with made.open(encoding="utf-8", newline="\n") as lines:
                while block := list(islice(lines, _BLOCK)):
                    yield single([_terms(quad) for quad in self._parsed(block)])

    def _check(self) -> None:
        for path in (self.file, self.mapping):
            if not path.is_file():
                raise UsageError(
                    Text(f"Die Datei {path} gibt es nicht.", f"There is no file {path}.")
                )
        if self.file.name not in self.mapping.read_text("utf-8", errors="replace"):
            name, file = self.mapping.name, self.file.name
            raise UsageError(
                Text(
                    f"Die Abbildung {name} nennt die Datei {file} nicht (rml:source).",
                    f"The mapping {name} does not name the file {file} (rml:source).",
                )
            )
        if not self._python.is_file():
            make = f"python3 -m venv {self.environment} && {self._python} -m pip install"
            raise UsageError(
                Text(
                    f"RML braucht morph-kgc. Richten Sie es ein: {make} {REQUIREMENT}",
                    f"RML needs morph-kgc. Set it up: {make} {REQUIREMENT}",
                )
            )

    @property
    def _python(self) -> Path:
        return self.environment / "bin" / "python"

    def _run(self, made: Path) -> None:
        command = [str(self._python), "-c", _RUN, str(self.mapping.absolute()), str(made)]
        done = subprocess.run(  # noqa: S603  # no shell, and the user's own environment
            command, cwd=self.file.absolute().parent, capture_output=True, text=True, check=False
        )
        if done.returncode:
            why = (done.stderr.strip().splitlines() or ["?"])[-1]
            raise UsageError(
                Text(
                    f"morph-kgc kann {self.mapping.name} nicht ausführen ({why}).",
                    f"morph-kgc cannot run {self.mapping.name} ({why}).",
                )
            )

    def _parsed(self, lines: list[str]) -> Iterable[Quad]:
        """The statements of the lines; what is none becomes a finding."""
        try:
            return list(parse("".join(lines), format=RdfFormat.N_TRIPLES))
        except SyntaxError:
            return [quad for line in lines for quad in self._one(line)]

    def _one(self, line: str) -> list[Quad]:
        try:
            return list(parse(line, format=RdfFormat.N_TRIPLES))
        except SyntaxError:
            found = rule.finding("M-RML", mapping=self.mapping.name, value=line.strip()[:200])
            self._tally.add([found.at(Place(self.file.name), line.strip()[:200])])
            return []


def _terms(quad: Quad) -> tuple[str, str, str]:
    return str(quad.subject), str(quad.predicate), str(quad.object)
