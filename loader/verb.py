"""Verbs: the tasks of the command, found through the entry points `stadtwissen.verbs`."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points

from loader.language import Language, Text
from loader.settings import Settings
from loader.talk import Talk

Options = Callable[[argparse.ArgumentParser, Language], None]
Run = Callable[[argparse.Namespace, Settings, Talk], int]


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb's sentence, its options, and its function, which returns the exit code."""

    help: Text
    options: Options
    run: Run


def installed(arguments: Sequence[str]) -> dict[str, Verb]:
    """The verb that the arguments name, or all: loading every one would slow each call down.

    `pyproject.toml` lists them, so that `serve` can live with the server.
    """
    points = {point.name: point for point in sorted(entry_points(group="stadtwissen.verbs"))}
    named = [name for name in arguments if name in points][:1]
    return {name: points[name].load() for name in named or points}
