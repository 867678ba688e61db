"""Views of a verdict for programs and spreadsheets: one list of formats, the same findings."""

import csv
import io
import json
from collections.abc import Callable

from rdflib import RDF, SH, XSD, BNode, Graph, Literal, Namespace, URIRef

from loader.csvw.builtin import STADT
from loader.deliveries import marking
from loader.deliveries.check import Verdict
from loader.finding import Finding
from loader.language import Language

_STADT = Namespace(STADT)
_SEVERITIES = {"error": SH.Violation, "warning": SH.Warning}
_COLUMNS = ("code", "severity", "file", "sheet", "row", "column", "cell", "header", "value",
            "message_de", "message_en", "hint_de", "hint_en", "suggestion")  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

View = Callable[[Verdict, Language], bytes]


def neutral(value: object) -> object:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def as_json(verdict: Verdict, _: Language) -> bytes:
    """The verdict as the contract writes it."""
    return (json.dumps(verdict.as_json(), ensure_ascii=False, indent=1) + "\n").encode()


def as_csv(verdict: Verdict, _: Language) -> bytes:
    """A table of the findings, one a row, in UTF-8 with a byte order mark for Excel."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, delimiter=";")
    writer.writeheader()
    for finding in verdict.findings:
        said = finding.as_json()
        message, hint = said["message"], said["hint"]
        said |= {"message_de": message["de"], "message_en": message["en"]}
        said |= {"hint_de": hint["de"], "hint_en": hint["en"]}
        writer.writerow({name: neutral(said[name]) for name in _COLUMNS})
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def as_turtle(verdict: Verdict, _: Language) -> bytes:
    """A SHACL validation report in Turtle; the place in the file is said in our own terms."""
    graph = Graph()
    graph.bind("stadt", _STADT)
    graph.bind("sh", SH)
    report = BNode()
    graph.add((report, RDF.type, SH.ValidationReport))
    graph.add((report, SH.conforms, Literal(verdict.conforms)))
    for finding in verdict.findings:
        graph.add((report, SH.result, _result(finding, graph)))
    return graph.serialize(format="turtle").encode()


def _result(finding: Finding, graph: Graph) -> BNode:
    node = BNode()
    sentence = finding.sentence()
    said: list[tuple[URIRef, URIRef | Literal]] = [
        (RDF.type, SH.ValidationResult),
        (SH.resultSeverity, _SEVERITIES.get(finding.severity, SH.Info)),
        (SH.resultMessage, Literal(sentence.de, lang="de")),
        (SH.resultMessage, Literal(sentence.en, lang="en")),
        (_STADT.ruleCode, Literal(finding.code)),
        (_STADT.hint, Literal(finding.hint.de, lang="de")),
        (_STADT.hint, Literal(finding.hint.en, lang="en")),
    ]
    for name, address in ((SH.focusNode, finding.focus), (SH.resultPath, finding.path),
                          (SH.sourceShape, finding.shape)):  # fmt: skip
        if address and "://" in address:
            said.append((name, URIRef(address)))
    if finding.value is not None:
        said.append((SH.value, Literal(finding.value, datatype=XSD.string)))
    for predicate, value in said:
        graph.add((node, predicate, value))
    return node


FORMATS: dict[str, View] = {
    "json": as_json,
    "csv": as_csv,
    "ttl": as_turtle,
    "xlsx": marking.as_workbook,
}
