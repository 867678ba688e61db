"""The catalogue of rules: what a code means, how severe it is, and its sentences.

The rules stand in `rules.toml`. Those on what a good description holds have their sentences in
`shapes/` and only a title there.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from loader.finding import Finding, Severity
from loader.language import Text

_FILE = Path(__file__).parent / "rules.toml"
_NONE = Text("", "")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; `wrong` and `right` are an example. Without a severity the shapes say the rest."""

    code: str
    title: Text
    severity: Severity | None = None
    message: Text = _NONE
    hint: Text = _NONE
    wrong: str = ""
    right: str = ""

    @property
    def address(self) -> str:
        """Where the site explains the rule."""
        return f"/regeln/{self.code}"


def finding(code: str, **values: object) -> Finding:
    """A finding of the rule, its sentences filled with the values. Raises KeyError."""
    rule = catalogue()[code]
    if rule.severity is None:
        raise KeyError(code)
    return Finding(
        code,
        rule.severity,
        rule.message.filled(**values),
        rule.hint.filled(**values),
        privacy=code.startswith("P-"),
    )


@cache
def catalogue() -> Mapping[str, Rule]:
    """All rules by their code, in the order of their codes."""
    rules = tomllib.loads(_FILE.read_text("utf-8"))
    return {code: _rule(code, rules[code]) for code in sorted(rules)}


def codes() -> tuple[str, ...]:
    """The codes of all rules."""
    return tuple(catalogue())


def _rule(code: str, entry: dict[str, Any]) -> Rule:
    names = ("title", "message", "hint")
    texts: dict[str, Any] = {name: Text(**entry[name]) for name in names if name in entry}
    return Rule(code=code, **{**entry, **texts})
