"""Talk: what a command says to a person, on stderr; progress bars only on a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tqdm import tqdm

from loader.language import Language, Text


@dataclass(frozen=True, slots=True)
class Talk:
    """Speaks one language to stderr; stdout stays free for data."""

    language: Language

    def say(self, text: Text) -> None:
        """One line."""
        sys.stderr.write(text.say(self.language) + "\n")

    @contextmanager
    def progress(self, text: Text, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """A bar while a stage lasts; yields the function that moves it on."""
        label = text.say(self.language)
        with tqdm(total=total, desc=label, unit="", file=sys.stderr, disable=None) as bar:

            def advance(number: int) -> None:
                bar.update(number)

            yield advance
