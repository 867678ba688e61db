"""The difference: what a store holds now, against the lines of the masters it was filled from.

Lines that the store still says keep their forms; what is new is spelled as it was written.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Quad, RdfFormat, parse

from loader import store
from loader.changes.draft import DEFAULT, Draft
from loader.changes.lexical import LexicalForms, rewritten, said
from loader.releases import master


@dataclass(frozen=True, slots=True)
class Difference:
    """Of one graph: the master's lines that stay, and what is new as the store's N-Triples."""

    graph: str
    kept: list[str]
    added: list[str]


def find(draft: Draft, graph: str) -> Difference:
    """Compares a graph of the draft's store with its master."""
    now = _dump(draft, graph)
    kept: list[str] = []
    rest: list[str] = []
    known: set[str] = set()
    for line in draft.lines(graph):
        bare = _bare(line, graph)
        if bare in now and not store.blank(line):
            kept.append(line)
            known.add(bare)
        else:
            rest.append(line)
    for line, bare in zip(rest, said(rewritten(_quads(rest, graph))), strict=True):
        if bare in now:
            kept.append(line)
            known.add(bare)
    return Difference(graph, kept, sorted(now - known))


def carry_over(draft: Draft, differences: list[Difference], written: LexicalForms) -> None:
    """Gives the masters what the store says; `written` is how the new statements were written."""
    added = {line for each in differences for line in each.added}
    forms = _existing(draft, added - written.statements.keys())
    forms.statements |= written.statements
    forms.literals |= written.literals
    for each in differences:
        new = [_line(forms.of(line), each.graph) for line in each.added]
        lines = [*each.kept, *new]
        if any(map(store.blank, {*lines} ^ {*draft.lines(each.graph)})):
            draft.replace(each.graph, lines)
        else:
            draft.note(each.graph, lines)


def _existing(draft: Draft, added: set[str]) -> LexicalForms:
    """How the masters spell statements that were copied or moved from one graph to another."""
    forms = LexicalForms()
    wanted = {_start(line) for line in added if '"' in line}
    subjects = sorted({start[1:].partition("> ")[0] for start in wanted if start[0] == "<"})
    for graph in (DEFAULT, *draft.live.manifest["graphs"]) if wanted else ():
        path, blank = draft.master(graph), draft.blank_lines(graph)
        found = master.statements_of(path, subjects) if path else ()
        ground = [line for _, line in found if _start(line) in wanted and not store.blank(line)]
        forms.add(_quads(ground, graph), [_bare(line, graph) for line in ground])
        labelled = [q for q in _quads(blank, graph) if _start(str(q)) in wanted]
        forms.add(labelled, said(labelled))
    return forms


def _dump(draft: Draft, graph: str) -> set[str]:
    data = draft.store.dump(format=RdfFormat.N_TRIPLES, from_graph=store.named(graph)) or b""
    return set(filter(None, data.decode().split("\n")))


def _quads(lines: Iterable[str], graph: str) -> list[Quad]:
    """Lines of a master as the store holds them."""
    return list(_read(lines, graph))


def _read(lines: Iterable[str], graph: str) -> Iterator[Quad]:
    ground: list[str] = []
    for line in lines:
        if store.blank(line):
            yield from parse("\n".join(ground), format=RdfFormat.N_QUADS)
            ground.clear()
            yield store.labelled(line, graph)
        else:
            ground.append(line)
    yield from parse("\n".join(ground), format=RdfFormat.N_QUADS)


def _start(line: str) -> str:
    """Subject and predicate of a line."""
    return " ".join(line.split(" ", 2)[:2])


def _bare(line: str, graph: str) -> str:
    return line.removesuffix(f" <{graph}> .") + " ." if graph else line


def _line(bare: str, graph: str) -> str:
    """A store's N-Triples line as one of the graph's master."""
    line = store.unmarked(bare, graph)
    return line.removesuffix(" .") + f" <{graph}> ." if graph else line
