"""Demands: what the rules of one property, taken together, ask of whoever fills in its column."""

from dataclasses import dataclass

from rdflib import SH, SKOS, XSD, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from loader.csvw import metadata
from loader.csvw.builtin import PARTIAL_DATE
from loader.forms.form import Requirement
from loader.language import Text

STADT = Namespace(metadata.STADT)
SHAPES = Namespace("https://w3id.org/stadtwissen/shapes/")
_LANGUAGES = {SHAPES["In-German"]: "de", SHAPES["In-English"]: "en"}
_REQUIREMENTS: dict[Node | None, Requirement] = {
    SH.Violation: "required",
    SH.Warning: "recommended",
}
_ANY_TEXT = r"[^\s]"  # the rule that texts have no blanks at their ends


@dataclass(frozen=True, slots=True)
class Demand:
    """The rules of a property, which are property shapes of `graph`."""

    graph: Graph
    rules: list[Node]

    @property
    def requirement(self) -> Requirement:
        """The strictest requirement of a value."""
        found = [self._severity(rule) for rule in self.rules if self._says(rule, SH.minCount)]
        return min(found, key=("required", "recommended", "optional").index, default="optional")

    @property
    def languages(self) -> dict[str, Requirement]:
        """The languages that are asked for by name, and how much."""
        return {
            _LANGUAGES[node]: self._severity(rule)
            for rule in self.rules
            for node in self.graph[rule : SH.qualifiedValueShape]
            if node in _LANGUAGES
        }

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """Sorts properties: texts that name and describe a thing come first."""
        orders = [int(str(self._says(rule, SH.order) or 99)) for rule in self.rules]
        languages = self.languages
        return not languages, "required" not in languages.values(), min(orders)

    @property
    def classes(self) -> list[URIRef]:
        """The classes of the things that are wanted, alternatives one by one."""
        graph = self.graph
        found = [cls for rule in self.rules for cls in graph[rule : SH["class"]]]
        for node in self._nodes():
            for choice in graph[node : SH["or"]]:
                for each in Collection(graph, choice):
                    found += graph[each : SH["class"]]
        return [cls for cls in found if isinstance(cls, URIRef)]

    @property
    def scheme(self) -> str | None:
        """The code list that values are taken from."""
        for node in self._nodes():
            for member in self.graph[node : SH.property]:
                if self._says(member, SH.path) == SKOS.inScheme:
                    return str(self._says(member, SH.hasValue))
        return None

    @property
    def pattern(self) -> str | None:
        """The form of the texts, where it is more than that they have no blanks at their ends."""
        patterns = [str(each) for rule in self.rules for each in self.graph[rule : SH.pattern]]
        pattern = next((p.removeprefix("^").removesuffix("$") for p in patterns), None)
        return None if self.is_date or (pattern and pattern.startswith(_ANY_TEXT)) else pattern

    @property
    def datatype(self) -> str:
        """The name of the values' datatype, `string` where none is asked for."""
        if self.is_date:
            return PARTIAL_DATE
        kinds = [str(kind) for rule in self.rules for kind in self.graph[rule : SH.datatype]]
        return kinds[0].removeprefix(str(XSD)) if kinds else "string"

    @property
    def is_date(self) -> bool:
        """Whether values are dates that may lack day or month."""
        return SHAPES["Partial-date"] in self._nodes()

    @property
    def is_list(self) -> bool:
        """Whether there may be several values."""
        return not any(self._says(rule, SH.maxCount) for rule in self.rules)

    @property
    def name(self) -> Text | None:
        """What the rules call the property."""
        named = next((rule for rule in self.rules if self._says(rule, SH.name)), None)
        return None if named is None else text(self.graph, named, SH.name)

    @property
    def advice(self) -> Text:
        """What the rules say of mending, without saying anything twice."""
        hints = [text(self.graph, rule, STADT.hint) for rule in self.rules]
        found = list(dict.fromkeys(hints))[:2]
        return Text(" ".join(hint.de for hint in found), " ".join(hint.en for hint in found))

    def _nodes(self) -> list[Node]:
        return [node for rule in self.rules for node in self.graph[rule : SH.node]]

    def _says(self, subject: Node, predicate: URIRef) -> Node | None:
        return self.graph.value(subject, predicate)

    def _severity(self, rule: Node) -> Requirement:
        return _REQUIREMENTS.get(self._says(rule, SH.severity), "optional")


def text(graph: Graph, node: Node | None, predicate: URIRef) -> Text:
    """The texts of a node in both languages; one stands in for the other."""
    texts = {getattr(o, "language", None): str(o) for o in graph.objects(node, predicate)}
    fallback = next(iter(texts.values()), "")
    return Text(texts.get("de", fallback), texts.get("en", fallback))
