"""Examples: rows that show how a form is filled in, made of the ontology's examples."""

import re
from dataclasses import replace

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import FOAF
from rdflib.term import Node

from loader.csvw.metadata import STADT
from loader.forms.drafting import SEPARATOR
from loader.forms.form import KEY, Example, Field, Form
from loader.vocabulary import Vocabulary

# No key has a capital or a blank, so that a changed example can never be published by mistake.
KEYS = ("Beispiel 1", "Beispiel 2")
_NUMBER = re.compile(r"(-?[0-9]+)\.0*")


def with_examples(form: Form, graph: Graph, vocabulary: Vocabulary) -> Form:
    """The form with one row of all that the ontology's example says, and one of what is required.

    A class without an example of its own has none.
    """
    things = sorted(graph.subjects(RDF.type, URIRef(form.iri)), key=str)
    if not things:
        return form
    labels = {
        concept: label.de
        for scheme in vocabulary.schemes
        for concept, label in vocabulary.entries(scheme).items()
    }
    whole = {f.name: _cell(graph, things[0], f, labels) for f in form.fields}
    short = {f.name: whole[f.name] if f.requirement == "required" else "" for f in form.fields}
    short |= {
        f.name: f"{short[f.name]} (nur Pflichtangaben)"
        for f in form.fields
        if f.requirement == "required" and f.language == "de"
    }
    rows: tuple[Example, ...] = (whole | {KEY: KEYS[0]}, short | {KEY: KEYS[1]})
    return replace(form, examples=rows)


def _cell(graph: Graph, thing: Node, field: Field, labels: dict[str, str]) -> str:
    owners: list[Node] = [thing]
    if field.owner == "record":
        owners = sorted(graph.subjects(FOAF.primaryTopic, thing), key=str)
    path = URIRef(field.path)
    if field.owner == "amount":
        owners, path = sorted(graph.objects(thing, path), key=str), URIRef(STADT + "value")
    found = sorted((v for owner in owners for v in graph.objects(owner, path)), key=str)
    texts = [text for value in found if (text := _text(value, field, labels))]
    return f"{SEPARATOR} ".join(texts if field.is_list else texts[:1])


def _text(value: Node, field: Field, labels: dict[str, str]) -> str:
    """A value as a person writes it into the cell."""
    text = str(value)
    if isinstance(value, Literal):
        if field.language and value.language and value.language != field.language:
            return ""
        number = _NUMBER.fullmatch(text)
        return number[1] if number else text
    if field.scheme:
        return labels.get(text, "")
    if field.kinds:
        kind, _, key = text.partition("/id/")[2].partition("/")
        return "" if kind not in field.kinds else key if len(field.kinds) == 1 else f"{kind}/{key}"
    return text
