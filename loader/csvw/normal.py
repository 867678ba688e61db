"""Normal form: a metadata document with its values checked, and what is not allowed left out.

Source: *Metadata Vocabulary for Tabular Data*, sections 5 and 6. What the standard calls an error
raises ValueError; what it tells processors to pass over becomes a warning.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from loader import address, rule
from loader.csvw import facet, member
from loader.csvw.builtin import STADT
from loader.csvw.fact import Facts, is_common
from loader.csvw.library import Library
from loader.csvw.member import Checks
from loader.finding import Finding
from loader.language_tag import is_language

CONTEXT = "http://www.w3.org/ns/csvw"
FACTS = "facts"  # no member of the standard, whose values are already read

Json = dict[str, Any]


@dataclass(slots=True)
class Reader:
    """Reads the objects of one document; `where` is its address."""

    library: Library
    where: str
    warnings: list[Finding]
    base: str = ""
    language: str = "und"
    facts: Facts = field(init=False)

    def document(self, description: Any, *, needs_context: bool = True) -> Json:
        """The description after its `@context` was understood."""
        if not isinstance(description, dict):
            raise ValueError(description)
        self.base = self.where
        context = description.get("@context")
        if context is not None or needs_context:
            self._context(context)
        self.facts = Facts(self.base, self.language, f"n{len(self.library.read_documents)}d")
        return description

    def members(self, description: Json, checks: Checks, kind: str) -> Json:
        """The members that an object may have, with the values that they may have."""
        if description.get("@type", kind) != kind:
            raise ValueError(description["@type"])
        kept: Json = {}
        for name, given in description.items():
            value = self._texts(name, given) if name in member.LISTS else given
            if name.startswith(STADT):
                kept[name] = value
            elif name == "@id":
                kept[name] = self._identifier(value)
            elif name in checks and checks[name](value):
                kept[name] = value
            elif not name.startswith("@") and not (is_common(name) and name not in checks):
                self.warn(name, value)
                if name in member.TEMPLATES:
                    kept[name] = ""
        kept[FACTS] = self.facts.read(description)
        return kept

    def objects(self, name: str, value: Any) -> Iterator[Json]:
        """The objects of an array; anything else in it is passed over."""
        if not isinstance(value, list):
            self.warn(name, value)
            return
        for item in value:
            if isinstance(item, dict):
                yield item
            else:
                self.warn(name, item)

    def referred(self, name: str, value: Any) -> tuple["Reader", Json]:
        """An object, or the one in the document that a text names, with the reader for it."""
        if isinstance(value, dict):
            return self, value
        if not isinstance(value, str):
            self.warn(name, value)
            return self, {}
        where = address.resolve(value, self.base)
        reader = Reader(self.library, where, self.warnings)
        description = reader.document(json.loads(self.library.text(where)), needs_context=False)
        return reader, {"@id": where, **description}

    def titles(self, value: Any) -> tuple[tuple[str, str], ...]:
        """Language and text of each title."""
        by_language = value if isinstance(value, dict) else {self.language: value}
        found = []
        for language, texts in by_language.items():
            if not is_language(language):
                self.warn("titles", language)
                continue
            for text in texts if isinstance(texts, list) else [texts]:
                if isinstance(text, str):
                    found.append((language, text))
                else:
                    self.warn("titles", text)
        return tuple(found)

    def inherited(self, kept: Json) -> Json:
        """The properties that a description hands down, its datatype understood."""
        found = {name: kept[name] for name in member.INHERITED if name in kept}
        if "datatype" in found:
            understood = facet.datatype(found.pop("datatype"), self)
            if understood:
                found["datatype"] = understood
        return found

    def warn(self, name: str, value: Any) -> None:
        """Notes a value that was passed over."""
        text = json.dumps(value, ensure_ascii=False)[:80]
        self.warnings.append(rule.finding("M-WERT", member=name, value=text))

    def _texts(self, name: str, value: Any) -> Any:
        """An array without the items that are no texts."""
        if not isinstance(value, list):
            return value
        for item in value:
            if not isinstance(item, str):
                self.warn(name, item)
        return [item for item in value if isinstance(item, str)]

    def _identifier(self, value: Any) -> str:
        if not isinstance(value, str):
            self.warn("@id", value)
            return self.base
        if value.startswith("_:"):
            raise ValueError(value)
        return address.safe(address.resolve(value, self.base))

    def _context(self, context: Any) -> None:
        parts = context if isinstance(context, list) else [context]
        options = parts[1] if len(parts) == 2 else {}
        if not parts or parts[0] != CONTEXT or len(parts) > 2 or not isinstance(options, dict):
            raise ValueError(context)
        if options.keys() - {"@base", "@language"}:
            raise ValueError(context)
        base, language = options.get("@base"), options.get("@language", "und")
        if base is not None and not isinstance(base, str):
            self.warn("@base", base)
        elif base:
            self.base = address.resolve(base, self.where)
        if is_language(language):
            self.language = language
        else:
            self.warn("@language", language)
