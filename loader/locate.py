"""Locating: which metadata describes a table that came without any.

Source: *Model for Tabular Data*, section 5: what the user gives, the `Link` header, the places
that the site names, and at last the file's own header.
"""

import re
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

import polars as pl

from loader import address, rule, term
from loader import table as tables
from loader.csvw import metadata
from loader.csvw.fact import Fact
from loader.csvw.library import Library
from loader.csvw.schema import Group
from loader.csvw.template import parse
from loader.finding import Finding, Place
from loader.prefix import PREFIXES

_WELL_KNOWN = "/.well-known/csvm"
_USUAL_PLACES = "{+url}-metadata.json\ncsv-metadata.json"
_LINK = re.compile(r"<([^>]*)>((?:\s*;\s*[^,;]+)*)")
_TYPES = ("application/csvm+json", "application/ld+json", "application/json")
_COMMENT = PREFIXES["rdfs"] + "comment"


@dataclass(slots=True)
class Locator:
    """Finds the description of tables; `warnings` are those passed over on the way."""

    library: Library
    warnings: list[Finding] = field(default_factory=list)

    def group(self, table: str, given: str | None = None) -> Group:
        """The group that a table belongs to; `given` is the metadata that the user names.

        Raises UnreadableMetadata, UnreadableTable.
        """
        for place in [given] if given else self._places(table):
            if given or self.library.path(place):
                found = metadata.read_address(place, self.library, table if given else None)
                if self._describes(found, table, place):
                    return found
        return self._embedded(table)

    def _places(self, table: str) -> list[str]:
        """Where metadata may stand, the first of them first."""
        places = [address.resolve(link, table) for link in self._linked(table)]
        known = self.library.path(address.resolve(_WELL_KNOWN, table))
        patterns = known.read_text("utf-8") if known else _USUAL_PLACES
        frame = pl.DataFrame({"url": [table.partition("#")[0]]})
        return places + [
            address.resolve(parse(pattern).expand(frame, "")[0], table)
            for pattern in patterns.split()
        ]

    def _linked(self, table: str) -> list[str]:
        """The metadata that the server's `Link` header names; of several the last counts."""
        found = [
            target
            for target, options in _LINK.findall(self.library.links.get(table, ""))
            if re.search(r'rel="?describedby"?', options)
            and any(kind in options for kind in _TYPES)
        ]
        return found[-1:]

    def _describes(self, group: Group, table: str, place: str) -> bool:
        wanted = address.normal(table)
        if any(address.normal(each.url) == wanted for each in group.tables):
            return True
        found = rule.finding("M-FREMD", metadata=_shown(place), table=_shown(table))
        self.warnings.append(found.at(Place(_shown(table)), None))
        return False

    def _embedded(self, address_of_table: str) -> Group:
        """A group of this table alone; the comments in its file are what it says of itself."""
        group = metadata.undescribed(address_of_table, self.library)
        comments = tables.head(group.tables[0]).comments
        facts = tuple(Fact(_COMMENT, term.literal(comment)) for comment in comments)
        return replace(group, tables=(replace(group.tables[0], facts=facts),))


def _shown(place: str) -> str:
    """An address as a report shows it: of a file on this machine its name alone."""
    return unquote(place.rpartition("/")[2]) if place.startswith("file:") else place
