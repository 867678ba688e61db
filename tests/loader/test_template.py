"""URI templates over whole columns."""

import polars as pl
import pytest

from loader.csvw.template import parse

FRAME = pl.DataFrame(
    {"a": ["x y", "b/ü", None], "l": [["1", "2 3"], [], None]},
    schema={"a": pl.String, "l": pl.List(pl.String)},
)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("e/{a}", ["e/x%20y", "e/b%2F%C3%BC", "e/"]),
        ("e/{+a}", ["e/x%20y", "e/b/%C3%BC", "e/"]),
        ("e{#a}", ["e#x%20y", "e#b/%C3%BC", "e"]),
        ("e{/a,l}", ["e/x%20y/1,2%203", "e/b%2F%C3%BC", "e"]),
        ("e{?a,l}", ["e?a=x%20y&l=1,2%203", "e?a=b%2F%C3%BC", "e"]),
        ("e{a:1}", ["ex", "eb", "e"]),
        ("e{l}", ["e1,2%203", "e", "e"]),
        ("schema:{a}", [f"http://schema.org/{end}" for end in ("x%20y", "b%2F%C3%BC", "")]),
    ],
)
def test_a_template_expands_as_rfc_6570_says(template: str, expected: list[str]) -> None:
    assert parse(template).expand(FRAME, missing="").to_list() == expected


def test_without_a_filler_an_empty_part_leaves_no_address() -> None:
    assert parse("e/{a}").expand(FRAME).to_list()[2] is None
