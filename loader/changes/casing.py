"""Casing: capitals of language tags, kept through a parser that writes tags in small letters.

A tag with capitals gets a private-use part that says its number, and in what the parser made of
the text each such part becomes the tag again. What only looks like a tag comes back the same way.
"""

import re
from dataclasses import dataclass, field
from hashlib import sha256

_TAGGED = re.compile(
    rb"""(@|lang=["']|"@language"\s*:\s*")([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)(?![A-Za-z0-9-])"""
)
_LENGTH = 8  # of a part of a tag, at most


@dataclass(slots=True)
class Casing:
    """The tags of one text; `mark` is a part of a tag that the text does not have."""

    mark: str
    tags: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, text: bytes) -> "Casing":
        """The same text always gets the same mark."""
        digest = sha256(text).hexdigest()
        while digest[:_LENGTH].encode() in text:
            digest = sha256(digest.encode()).hexdigest()
        return cls(digest[:_LENGTH])

    def sheltered(self, text: bytes) -> bytes:
        """The text with its tags marked."""
        return _TAGGED.sub(self._marked, text)

    def restored(self, line: str) -> str:
        """A line that a parser made, with the tags as they were written."""
        if self.mark not in line:
            return line
        pattern = rf"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*?-x-{self.mark}-(\d+)"
        return re.sub(pattern, lambda found: self.tags[int(found[1])], line)

    def _marked(self, found: re.Match[bytes]) -> bytes:
        tag = found[2]
        if tag.islower():
            return found[0]
        self.tags.append(tag.decode())
        return found[0] + f"-x-{self.mark}-{len(self.tags) - 1}".encode()
