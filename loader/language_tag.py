"""Language tags: `de`, `de-AT`, `zh-Hans-CN`; `und` stands for no language.

Source: BCP 47, the syntax of section 2.1 without its irregular old tags.
"""

import re

_TAG = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})"
    r"(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    r"(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?|x(?:-[a-z0-9]{1,8})+",
    re.IGNORECASE,
)


def is_language(value: object) -> bool:
    """Whether the value is a language tag."""
    return isinstance(value, str) and bool(_TAG.fullmatch(value))


def match(one: str, other: str) -> bool:
    """Whether the shorter of two tags is the beginning of the other; `und` matches any."""
    if "und" in {one, other}:
        return True
    parts, others = one.lower().split("-"), other.lower().split("-")
    shortest = min(len(parts), len(others))
    return parts[:shortest] == others[:shortest]
