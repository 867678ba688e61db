"""What can go wrong, as types that carry their data and a sentence in both languages.

LoaderError
├── UsageError              the call or its input is wrong (exit 2)
│   ├── UnknownRelease
│   ├── UnknownSource
│   ├── UnreadableMetadata
│   └── UnreadableTable
├── BuildRunning            another build holds the lock (exit 2)
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


class UnknownRelease(UsageError):
    """No finished release has this id."""


class UnknownSource(UsageError):
    """A folder that is no source: it has no metadata file."""


class UnreadableMetadata(UsageError):
    """A metadata file that is no CSV on the Web description."""


class UnreadableTable(UsageError):
    """A table that the metadata names and that cannot be opened."""


class BuildRunning(UsageError):
    """Another build holds the lock on the same home."""


class ReleaseDamaged(LoaderError):
    """A finished release lacks a file that its manifest names."""
