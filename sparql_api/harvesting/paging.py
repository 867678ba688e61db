"""Pages of a collection, as *Hydra Core Vocabulary* tells them.

In its present words, and in those that CKAN's harvester reads (`PagedCollection`, `nextPage`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from fastapi import Request

from loader.catalog.dcat import about, node, said, typed
from loader.language import Text
from sparql_api import locality
from sparql_api.errors import BadRequest
from sparql_api.problems import unknown

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Page:
    """The page that a request asks for by `page=`, counted from 1, of so many items."""

    request: Request
    number: int
    total: int
    size: int

    @classmethod
    def asked(cls, request: Request, total: int, size: int) -> "Page | None":
        """The page asked for; None for the whole. The first may be empty.

        Raises BadRequest for what is no number, Unknown behind the last page.
        """
        text = request.query_params.get("page", "").strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text)):
            raise BadRequest(
                Text(
                    f"page={text[:40]} ist keine Seitenzahl. Die erste Seite ist page=1.",
                    f"page={text[:40]} is no number of a page. The first page is page=1.",
                )
            )
        page = cls(request, int(text), total, size)
        if page.number > page.last:
            raise unknown(request.url.path)
        return page

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // self.size))

    def of(self, items: Sequence[_Item]) -> Sequence[_Item]:
        """The page's items."""
        return items[(self.number - 1) * self.size : self.number * self.size]

    def statements(self, collection: str) -> Iterator[str]:
        """The page's place among the others."""
        pages = {"first": 1, "last": self.last}
        if self.number > 1:
            pages["previous"] = self.number - 1
        if self.number < self.last:
            pages["next"] = self.number + 1
        here = self._address(self.number)
        yield said(node(collection), "hydra:view", node(here))
        yield from about(
            here,
            "hydra:PartialCollectionView",
            ("rdf:type", node("hydra:PagedCollection")),
            ("hydra:totalItems", typed(self.total, "integer")),
            ("hydra:itemsPerPage", typed(self.size, "integer")),
            *((f"hydra:{name}", node(self._address(n))) for name, n in pages.items()),
            *((f"hydra:{name}Page", node(self._address(n))) for name, n in pages.items()),
        )

    def _address(self, number: int) -> str:
        """The address of a page, with all else that was asked for."""
        kept = {k: v for k, v in self.request.query_params.items() if k != "page"}
        path = self.request.url.path
        return f"{locality.origin(self.request)}{path}?{urlencode({**kept, 'page': number})}"
