"""Runs every benchmark, or those named on the command line."""

import signal
import sys
from importlib import import_module

ALL = (
    *("build", "change", "checking", "dumps", "serving", "suite", "switching", "tables"),
    "validation",
)


def main(names: list[str]) -> None:
    """Runs the benchmarks one after another, each under its name."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that no server stays behind
    for name in names or ALL:
        print(f"== {name}")  # noqa: T201
        import_module(f"tests.benchmarks.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
