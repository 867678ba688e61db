"""The mirror: a release in a remote store, graph by graph, which it takes over at once.

Graphs that changed go into graphs beside the others, are read back and compared with their masters,
and one update then puts them into their places. Until it the store says what it said before, and
what dies half-way is cleared by the next run. The masters stay the truth.
"""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from loader.dumps.graph import blocks, masters
from loader.errors import LiteralsAltered, StoreRefused
from loader.language import Text
from loader.prefix import PREFIXES
from loader.releases.release import Release
from loader.remote import comparison, notation
from loader.remote.comparison import Differences
from loader.remote.endpoint import Endpoint
from loader.store import blank
from loader.term import iri, literal, text_of

_STAGE = "urn:stadtwissen:staging:"
_LEDGER = "urn:stadtwissen:mirror"  # the graph in which a store keeps what it holds of ours
_DEFAULT = "urn:stadtwissen:unnamed"
_IDENTIFIER, _VERSION = PREFIXES["dc"] + "identifier", PREFIXES["dcat"] + "version"
_REQUEST = 8 * 2**20  # bytes of N-Triples in one request
_REWRITTEN = " rewritten"  # behind the checksum of a graph whose values came back otherwise
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What a store now holds: how many graphs were sent, how many dropped, what it rewrote."""

    release: Release
    sent: int
    dropped: int
    differences: Differences


@dataclass(slots=True)
class Mirror:
    """A remote store as the place of a release.

    `exact` refuses a store that writes the same values otherwise; other changes are always refused.
    """

    endpoint: Endpoint
    exact: bool = True
    _differences: Differences = field(default_factory=Differences)

    def take(self, release: Release) -> Mirrored:
        """Brings the store to a release. Nothing is sent when it holds it.

        Raises StoreUnreachable, StoreRefused, LiteralsAltered and UnknownRelease; then the store
        says what it said before.
        """
        with release.hold(), tempfile.TemporaryDirectory() as folder:
            (version, held), wanted = self._held(), _checksums(release)
            gone = [graph for graph in held if graph not in wanted]
            kept = {
                graph: said
                for graph, said in held.items()
                if self._is_kept(said, wanted.get(graph))
            }
            changed = [graph for graph in wanted if graph not in kept]
            if changed or gone or version != release.id:
                self._clear([*changed, *gone])
                for graph in changed:
                    if self._stage(graph, masters(release)[graph], Path(folder)):
                        wanted[graph] += _REWRITTEN
                self._judge(changed)
                wanted |= kept
                self.endpoint.update(_switch(release, changed, gone, wanted))
                self._confirm(release.id, wanted)
            return Mirrored(release, len(changed), len(gone), self._differences)

    def _held(self) -> tuple[str, dict[str, str]]:
        """The release that the store holds, and its graphs with the checksums of their masters."""
        version, graphs = "", {}
        for line in notation.lines(self.endpoint.statements(_LEDGER)):
            subject, predicate, value = line.split(" ", 2)
            if predicate == iri(_VERSION):
                version = text_of(value)
            else:
                graphs[subject[1:-1].replace(_DEFAULT, "")] = text_of(value)
        return version, graphs

    def _is_kept(self, held: str, wanted: str | None) -> bool:
        """Whether what the store wrote down of a graph is what it is to hold."""
        return held == wanted or (not self.exact and held.removesuffix(_REWRITTEN) == wanted)

    def _stage(self, graph: str, path: Path, folder: Path) -> bool:
        """Puts a graph beside the others and reads it back; whether it came back otherwise."""
        before = self._differences.rewritten.total()
        stage = _stage(graph)
        for request in _requests(blocks(path, graph)):
            self.endpoint.add(stage, request)
        written = (line for block in blocks(path, graph) for line in block.split(b"\n"))
        try:
            for each in comparison.compare(written, self.endpoint.statements(stage), folder):
                self._differences.add(each)
        except ValueError as error:
            raise StoreRefused(
                Text(
                    f"Der Speicher antwortet nicht mit N-Triples: {error}",
                    f"The store does not answer in N-Triples: {error}",
                )
            ) from error
        return self._differences.rewritten.total() > before

    def _judge(self, changed: Iterable[str]) -> None:
        found = self._differences
        if found.damaged or (self.exact and found.rewritten):
            self._clear(changed)
            raise LiteralsAltered(_said(found))

    def _clear(self, graphs: Iterable[str]) -> None:
        """Drops what lies beside the graphs, of this run or of one that died."""
        text = " ;\n".join(f"DROP SILENT GRAPH <{_stage(graph)}>" for graph in graphs)
        if text:
            self.endpoint.update(text)

    def _confirm(self, version: str, wanted: dict[str, str]) -> None:
        if self._held() != (version, wanted):
            raise StoreRefused(
                Text(
                    "Der Speicher hat das Umschalten angenommen, aber nicht ausgeführt.",
                    "The store accepted the switch and did not carry it out.",
                )
            )


def _checksums(release: Release) -> dict[str, str]:
    default = {"": release.manifest["default"]} if "default" in release.manifest else {}
    entries = {**release.manifest["graphs"], **default}
    return {graph: facts["sha256"] for graph, facts in entries.items() if facts["triples"]}


def _requests(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines in requests; all that have a blank node go in one, so that each stays one node."""
    ground: list[bytes] = []
    blanks: list[bytes] = []
    size = 0
    for block in lines:
        for line in block.splitlines(keepends=True):
            (blanks if b"_:" in line and blank(line.decode()) else ground).append(line)
        size += len(block)
        if size > _REQUEST:
            yield b"".join(ground)
            ground, size = [], 0
    yield from filter(None, (b"".join(ground), b"".join(blanks)))


def _switch(
    release: Release, changed: Iterable[str], gone: Iterable[str], wanted: dict[str, str]
) -> str:
    """One update that puts graphs into their places, drops others, and writes down what it did."""
    steps = [f"MOVE GRAPH <{_stage(graph)}> TO {_place(graph)}" for graph in changed]
    steps += [f"DROP SILENT {_place(graph)}" for graph in gone]
    steps.append(f"DROP SILENT GRAPH <{_LEDGER}>")
    said = [f"<{_LEDGER}> <{_VERSION}> {literal(release.id)} ."]
    for graph, checksum in wanted.items():
        said.append(f"<{graph or _DEFAULT}> <{_IDENTIFIER}> {literal(checksum)} .")
    steps.append("INSERT DATA { GRAPH <%s> {\n%s\n} }" % (_LEDGER, "\n".join(said)))  # noqa: UP031
    return " ;\n".join(steps)


def _place(graph: str) -> str:
    return f"GRAPH <{graph}>" if graph else "DEFAULT"


def _stage(graph: str) -> str:
    return _STAGE + quote(graph or _DEFAULT, safe="")


def _said(found: Differences) -> Text:
    """What a store made of literals: how many of which kind, and the first of them."""
    kinds = found.damaged or found.rewritten
    most = ", ".join(f"{kind} ({number})" for kind, number in kinds.most_common(_SHOWN))
    first = found.first[0]
    told = f"{first.subject} {first.predicate}: {_short(first.said)} → {_short(first.found)}"
    if found.damaged:
        return Text(
            f"Der Speicher gibt nicht wieder, was er bekommen hat: {most}. Zuerst: {told}. "
            "Er sagt weiter, was er vorher sagte.",
            f"The store does not say what it was given: {most}. First: {told}. "
            "It goes on saying what it said before.",
        )
    return Text(
        f"Der Speicher schreibt Werte um: {most}. Zuerst: {told}. "
        "Er sagt weiter, was er vorher sagte. Wenn Sie das hinnehmen: "
        "STADTWISSEN_STORE_LITERALS=rewritten. Dateien und Dokumente bleiben im Wortlaut.",
        f"The store writes values otherwise: {most}. First: {told}. "
        "It goes on saying what it said before. If you accept that: "
        "STADTWISSEN_STORE_LITERALS=rewritten. Files and documents stay to the letter.",
    )


def _short(term: str) -> str:
    return term if len(term) < 100 else f"{term[:97]}…"
