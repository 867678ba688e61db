"""What can go wrong, as types that carry their data and a sentence in both languages.

LoaderError
├── UsageError              the call or its input is wrong (exit 2)
│   ├── StoreRefused        the remote store does not do what it is asked
│   ├── StoreUnreachable    the remote store does not answer
│   ├── UnknownKey
│   ├── UnknownRelease
│   ├── UnknownSource
│   ├── UnreadableMetadata
│   └── UnreadableTable
│       ├── TableEncrypted
│       └── TableTooLarge
├── BuildRunning            another build or change holds the lock (exit 2)
├── LiteralsAltered         the remote store does not keep what it is given (exit 1)
├── PointerLost             there are releases, and nothing says which is live (exit 2)
└── ReleaseDamaged          a finished release lost a file (exit 3)
"""

from typing import ClassVar

from loader.language import Language, Text


class LoaderError(Exception):
    """Something the loader knows how to say; `exit_code` is what the command returns."""

    exit_code: ClassVar[int] = 3

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text

    def say(self, language: Language) -> str:
        """The sentence in the asked language."""
        return self.text.say(language)


class UsageError(LoaderError):
    """The call or its input is wrong; nothing was changed."""

    exit_code = 2


class StoreRefused(UsageError):
    """The remote store refuses what it is asked, or does not let us in."""


class StoreUnreachable(UsageError):
    """The remote store does not answer, or not to its end."""


class LiteralsAltered(LoaderError):
    """The remote store says otherwise what it was given; it goes on with what it held before."""

    exit_code = 1


class UnknownKey(UsageError):
    """No key has this id."""


class UnknownRelease(UsageError):
    """No finished release has this id."""


class UnknownSource(UsageError):
    """A folder that is no source: it has no metadata file."""


class UnreadableMetadata(UsageError):
    """A metadata file that is no CSV on the Web description."""


class UnreadableTable(UsageError):
    """A table that the metadata names and that cannot be opened."""


class TableEncrypted(UnreadableTable):
    """A workbook that asks for a password."""


class TableTooLarge(UnreadableTable):
    """A workbook that would unpack to more than is allowed."""


class BuildRunning(UsageError):
    """Another build or change holds the lock on the same home."""


class PointerLost(UsageError):
    """There are finished releases, but `current` names none of them."""


class ReleaseDamaged(LoaderError):
    """A finished release lacks a file that its manifest names."""


def unreadable(file: str, why: str) -> UnreadableTable:
    """The error for a table in a file, with the reason in brackets."""
    return UnreadableTable(
        Text(
            f"Die Tabelle {file} ist nicht lesbar {why}.",
            f"The table {file} cannot be read {why}.",
        )
    )


def absent(file: str) -> UnreadableTable:
    """The error for a table that is no file."""
    return UnreadableTable(Text(f"{file} ist keine Datei.", f"{file} is no file."))


def empty(file: str) -> UnreadableTable:
    """The error for a table without a single cell."""
    return UnreadableTable(Text(f"Die Tabelle {file} ist leer.", f"The table {file} is empty."))
