"""The reference engine, pySHACL: slow, and right where nothing faster is proven to be."""

from collections.abc import Iterable

import pyshacl
from pyoxigraph import Quad
from pyshacl.errors import ReportableRuntimeError, ShapeLoadError
from rdflib import SH, BNode, Graph, URIRef
from rdflib.term import Node

from loader import graph
from loader.language import Text
from loader.shacl.constraint import UnsupportedConstraint, path_text
from loader.shacl.result import Result


def results(shapes: Graph, statements: Iterable[Quad]) -> list[Result]:
    """All results of a shapes graph over statements, their literals as they are written.

    Raises UnsupportedConstraint when a constraint is not allowed or not known.
    """
    try:
        _, report, text = pyshacl.validate(
            graph.of(statements), shacl_graph=shapes, advanced=False, inplace=True, allow_infos=True
        )
    except (NotImplementedError, ReportableRuntimeError, ShapeLoadError) as error:
        raise _refused(str(error)) from error
    if not isinstance(report, Graph):
        raise _refused(str(text))
    # What led to a result hangs on it as `sh:detail`, and is none itself.
    return [_result(report, shapes, each) for each in report.objects(None, SH.result)]


def _result(report: Graph, shapes: Graph, node: Node) -> Result:
    said = dict(report.predicate_objects(node))
    path, constraint = said.get(SH.resultPath), said.get(SH.sourceConstraint)
    place = str(path) if path is not None else None
    if isinstance(path, BNode):
        place = path_text(report if (path, None, None) in report else shapes, path)
    return Result(
        str(constraint if isinstance(constraint, URIRef) else said[SH.sourceShape]),
        str(said[SH.resultSeverity]),
        _plain(said[SH.focusNode]),
        place,
        _plain(said[SH.value]) if SH.value in said else None,
        str(said[SH.sourceConstraintComponent]),
    )


def _plain(term: Node) -> str:
    return term.n3() if isinstance(term, BNode) else str(term)


def _refused(why: str) -> UnsupportedConstraint:
    return UnsupportedConstraint(
        Text(f"Eine Regel lässt sich nicht prüfen: {why}", f"A rule cannot be checked: {why}")
    )
