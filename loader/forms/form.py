"""Forms: the classes that partners deliver, each with its fields, as shapes and ontology say.

Nothing about a class or a property stands here; whoever adds a property adds it to the shapes.
"""

from dataclasses import dataclass
from typing import Literal

from loader.language import Text

Requirement = Literal["required", "recommended", "optional"]
Owner = Literal["thing", "record", "amount"]

KEY = "key"

Example = dict[str, str]  # a cell's text by the name of its field


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a form.

    `name` is the column's, `path` the property (empty for the key); `base` is the datatype of the
    values, `scheme` the code list that they come from, `kinds` those of the things that they
    name, `pattern` the form of the keys. `is_address` is true for web addresses that stand for
    things, `is_place` for municipality keys. `owner` says whether the row's thing, its record or
    an amount of money of it has the property.
    """

    name: str
    path: str
    label: Text
    help: Text
    requirement: Requirement = "optional"
    synonyms: tuple[str, ...] = ()
    base: str = "string"
    scheme: str | None = None
    kinds: tuple[str, ...] = ()
    pattern: str | None = None
    language: str | None = None
    is_address: bool = False
    is_place: bool = False
    is_list: bool = False
    owner: Owner = "thing"


@dataclass(frozen=True, slots=True)
class Form:
    """A class as a table: `kind` is what its addresses begin with; the first field is the key.

    `examples` are rows that show how it is filled in.
    """

    iri: str
    kind: str
    label: Text
    definition: Text
    fields: tuple[Field, ...]
    examples: tuple[Example, ...] = ()

    @property
    def key(self) -> Field:
        """The field that tells one thing from another."""
        return self.fields[0]
