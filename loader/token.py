"""Tokens of a query, as far as the gate must tell them apart.

The pattern runs in the server itself, so its time is linear in the query's length: what it repeats
it never gives back (`*+`), a string that is not closed reaches to its end, and a prefix is short.
"""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
      (?P<space>\s+|\#[^\n\r]*)
    | (?P<string>"{3}(?:[^"\\]|\\.?|"(?!""))*+(?:"{3})? | '{3}(?:[^'\\]|\\.?|'(?!''))*+(?:'{3})?
               | "(?:[^"\\\n\r]|\\.?)*+"? | '(?:[^'\\\n\r]|\\.?)*+'?)
    | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\[uU])*+>)
    | (?P<language>@[A-Za-z]+(?:-+[A-Za-z0-9]+)*)
    | (?P<variable>[?$]\w+)
    | (?P<name>(?:[^\W\d][\w.\-]{0,99}+)?:(?:[\w.\-:%]|\\.)*)
    | (?P<word>[^\W\d]\w*)
    | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<open>[{(\[])
    | (?P<close>[})\]])
    | (?P<operator>&&|\|\||\^\^|[!<>]=|[-+*/|^!=<>])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


def tokens(query: str) -> Iterator[tuple[str, str, int]]:
    """Kind, text and place of each token; white space and comments are left out."""
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup or ""
        if kind != "space":
            yield kind, match.group(), match.start()
