"""The library: where the documents with given addresses stand on this machine.

Nothing is fetched: an address is a file's own, or lies under one that the caller maps to a folder.
"""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from loader.address import normal
from loader.errors import UnreadableMetadata
from loader.language import Text

_FILES = {"file:///": Path("/")}


@dataclass(slots=True)
class Library:
    """Folders by the beginning of an address, single files by their whole address.

    Of several folders the first that has the file counts.

    `links` are the `Link` headers that a server gave with a table, by the table's address.
    `read_documents` are the metadata documents read so far.
    """

    folders: dict[str, Path] = field(default_factory=lambda: dict(_FILES))
    files: dict[str, Path] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    read_documents: list[str] = field(default_factory=list)

    def path(self, address: str) -> Path | None:
        """The file with that address, or None where it has none or does not exist."""
        document = normal(address.partition("#")[0])
        if document in self.files:
            places = [self.files[document]]
        elif "?" in document:  # a query asks a server, and a folder is none
            places = []
        else:
            places = [
                folder / unquote(document.removeprefix(start))
                for start, folder in self.folders.items()
                if document.startswith(start)
            ]
        return next((place for place in places if place.is_file()), None)

    def text(self, address: str) -> str:
        """The text of a metadata document. Raises UnreadableMetadata where there is none."""
        path = self.path(address)
        if path is None:
            raise UnreadableMetadata(
                Text(
                    f"Die Beschreibung {address} gibt es nicht.",
                    f"There is no description {address}.",
                )
            )
        self.read_documents.append(address)
        return path.read_text("utf-8-sig")
