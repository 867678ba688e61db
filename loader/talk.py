"""Talk: what a command says to a person, on stderr; the progress bar only on a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NoReturn

from tqdm import tqdm

from loader.language import Language, Text

_BAR = "{desc:<36} {percentage:3.0f}% |{bar:24}| {elapsed} {postfix}"


@dataclass(slots=True)
class Progress:
    """The bar of a task with a known number of stages; rows show that a long stage lives."""

    language: Language
    bar: "tqdm[NoReturn]"
    _rows: int = field(default=0, init=False)
    _begun: bool = field(default=False, init=False)

    def stage(self, text: Text) -> None:
        """Ends the stage before and names the one that begins."""
        if self._begun:
            self.bar.update()
        self._begun, self._rows = True, 0
        self.bar.set_postfix_str("", refresh=False)
        self.bar.set_description_str(text.say(self.language))

    def rows(self, number: int) -> None:
        """So many rows more are done in this stage."""
        self._rows += number
        self.bar.set_postfix_str(str(self._rows))


@dataclass(frozen=True, slots=True)
class Talk:
    """Speaks one language to stderr; stdout stays free for data."""

    language: Language

    def say(self, text: Text) -> None:
        """One line, above the bar where there is one."""
        tqdm.write(text.say(self.language), file=sys.stderr)

    @contextmanager
    def progress(self, stages: int) -> Iterator[Progress]:
        """A bar over so many stages; it vanishes at the end."""
        terminal = sys.stderr.isatty()
        with tqdm(
            total=stages, file=sys.stderr, disable=not terminal, leave=False, bar_format=_BAR
        ) as bar:
            yield Progress(self.language, bar)
