"""Annotations: what our descriptions say of columns and tables beyond the standard.

Each is documented in `ontology/table.ttl`; other readers of CSV on the Web pass them by.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of another column's text: what the pattern's first group matches."""

    of: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Years:
    """Years that another column's text lists or spans: the first, the last, or all of them."""

    of: str
    take: Literal["first", "last", "all"]


@dataclass(frozen=True, slots=True)
class Condition:
    """What another column must hold; `is_negated` turns it round.

    With neither `values` nor `pattern` it must hold anything at all.
    """

    column: str
    values: tuple[str, ...] = ()
    pattern: str | None = None
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class PlaceLookup:
    """How cells name places; `state` is a state's key, the others are columns that say more."""

    by: Literal["name", "key", "postcode"]
    state: str | None = None
    district: str | None = None
    postcode: str | None = None


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way in which a column writes dates (a pattern) or numbers (its signs)."""

    form: str | None = None
    point: str = "."
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Annotations:
    """What one column is annotated with.

    `key_of` names the column whose text, in small letters and hyphens, is a virtual column's;
    `is_unbroken` says that line breaks and hyphens at them only came with the paper; `synonyms`
    are texts of cells and what is read instead.
    """

    part: Part | None = None
    years: Years | None = None
    key_of: str | None = None
    is_unbroken: bool = False
    synonyms: tuple[tuple[str, str], ...] = ()
    condition: Condition | None = None
    place: PlaceLookup | None = None
    spellings: tuple[Spelling, ...] = ()

    @property
    def source(self) -> str | None:
        """The column from whose text a virtual column's is made."""
        made = self.part or self.years
        return made.of if made else self.key_of

    @property
    def origin(self) -> str | None:
        """The column from whose text a virtual column's is made, or on which it depends."""
        return self.source or (self.condition.column if self.condition else None)

    @property
    def mentions(self) -> tuple[str, ...]:
        """The names of all other columns that the annotations mention."""
        beside = (self.place.district, self.place.postcode) if self.place else ()
        condition = self.condition.column if self.condition else None
        return tuple(name for name in (self.origin, condition, *beside) if name)


NONE = Annotations()


@dataclass(frozen=True, slots=True)
class Persons:
    """The column with names of which those of natural persons are left out: row or value."""

    column: str
    leave_out: Literal["row", "value"]
