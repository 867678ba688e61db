"""The native parser reads what the careful one reads, record for record."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loader.csvw.schema import Column, Dialect, Table
from loader.errors import UnreadableTable
from loader.formats import block, delimited
from loader.formats.record import Record

NAMES = ["a", "b", "c"]
CELLS = st.sampled_from(
    ["", "x", "Köln", '"a;b"', '"a\nb"', '"a\r\nb"', '"a ""b"""', '""', '"', 'x"y', '"x"y', " ",
     '"5""', "#", "\r", '"\n\n"', "1,5", "'"]
)  # fmt: skip
ROWS = st.lists(st.lists(CELLS, max_size=4).map(";".join), max_size=12)
DIALECTS = st.sampled_from(
    [
        Dialect(delimiter=";"),
        Dialect(delimiter=";", comment_prefix=None, header_row_count=0),
        Dialect(delimiter=";", skip_rows=1),
        Dialect(delimiter=";", quote_char=None),
        Dialect(delimiter=",", quote_char="'"),
        Dialect(delimiter=";", encoding="windows-1252"),
        Dialect(delimiter=";", encoding="utf-16"),
    ]
)


def native(table: Table, size: int) -> list[Record]:
    found: list[Record] = []
    for each in block.blocks(table, NAMES, size):
        cells = each.frame.rows() if each.frame is not None else []
        found += [(row, list(texts)) for row, texts in enumerate(cells, start=each.row)]
        found += each.records
    return found


def careful(table: Table) -> list[Record]:
    above = table.dialect.skip_rows + table.dialect.header_row_count
    return [(row, texts) for row, texts in delimited.rows(table) if row > above]


def table_of(path: Path, text: str, dialect: Dialect) -> Table:
    path.write_bytes(text.encode(dialect.encoding))
    return Table(path, "t.csv", dialect, tuple(Column(name, (name,)) for name in NAMES))


@settings(deadline=None)
@given(ROWS, st.sampled_from(["\n", "\r\n", "\r"]), DIALECTS, st.integers(1, 40))
def test_any_table_has_the_same_records_and_numbers(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[str],
    end: str,
    dialect: Dialect,
    size: int,
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    table = table_of(path, end.join(rows), dialect)
    assert native(table, size) == careful(table)


@pytest.mark.parametrize(
    "text",
    [
        "a;b;c\n" + 'x;"y ""z""; y";1,5\r\n"a\nb";;\n' * 50,
        "\ufeffa;b;c\n" + "ä;ö;ü\n" * 50,
        "a;b;c\n" + "1;2;3\n" * 50 + "1;2;3",
    ],
)
def test_a_regular_table_is_parsed_natively(tmp_path: Path, text: str) -> None:
    table = table_of(tmp_path / "t.csv", text, Dialect(delimiter=";"))
    found = list(block.blocks(table, NAMES, 64))
    assert all(each.frame is not None for each in found)
    assert native(table, 64) == careful(table)


def test_a_comment_leaves_only_its_own_block_to_the_careful_reader(tmp_path: Path) -> None:
    text = "a;b;c\n" + "1;2;3\n" * 50 + "# Stand 2026\n" + "1;2;3\n" * 50
    table = table_of(tmp_path / "t.csv", text, Dialect(delimiter=";"))
    found = list(block.blocks(table, NAMES, 60))
    assert sum(each.frame is None for each in found) == 1
    assert native(table, 60) == careful(table)


def test_characters_of_another_encoding_make_the_table_unreadable(tmp_path: Path) -> None:
    table = table_of(tmp_path / "t.csv", "a;b;c\n1;2;3\n", Dialect(delimiter=";"))
    table.path.write_bytes(table.path.read_bytes() + "ä;ö;ü\n".encode("cp1252"))
    with pytest.raises(UnreadableTable):
        list(block.blocks(table, NAMES))
