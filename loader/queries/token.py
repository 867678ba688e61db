"""Tokens of a query, as far as the gate must tell them apart.

The pattern runs in the server itself, so its time is linear in the query's length: what it repeats
it never gives back (`*+`), a string that is not closed reaches to its end, and a prefix is short.
"""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
    (?:\s++|\#[^\n\r]*+)*+
    (?: (?P<variable>[?$]\w+)
    | (?P<open>[{(\[])
    | (?P<close>[})\]])
    | (?P<name>(?:[^\W\d][\w.\-]{0,99}+)?:(?:[\w.\-:%]++|\\.)*+)
    | (?P<word>[^\W\d]\w*)
    | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]++|\\[uU])*+>)
    | (?P<string>"{3}(?:[^"\\]++|\\.?|"(?!""))*+(?:"{3})? | '{3}(?:[^'\\]++|\\.?|'(?!''))*+(?:'{3})?
               | "(?:[^"\\\n\r]++|\\.?)*+"? | '(?:[^'\\\n\r]++|\\.?)*+'?)
    | (?P<language>@[A-Za-z]+(?:-+[A-Za-z0-9]+)*)
    | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<operator>&&|\|\||\^\^|[!<>]=|[-+*/|^!=<>])
    | (?P<other>.)
    | \Z)
    """,
    re.VERBOSE | re.DOTALL,
)


def tokens(query: str) -> Iterator[tuple[str, str, int]]:
    """Kind, text and place of each token; white space and comments are left out."""
    for match in _TOKEN.finditer(query):
        if kind := match.lastgroup:
            yield kind, match[kind], match.start(kind)
