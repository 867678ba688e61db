"""Fixed width: lines that are cut at agreed characters, with nothing between them."""

from collections.abc import Iterator

from loader.csvw.schema import Table
from loader.errors import unreadable
from loader.formats.record import Record


def rows(table: Table, comments: list[str] | None = None) -> Iterator[Record]:  # noqa: ARG001  # a line is a record
    """Each line cut by its columns' characters, without the blanks that fill them up.

    Raises UnreadableTable.
    """
    spans = [column.characters for column in table.real_columns]
    cuts = [slice(first - 1, last) for first, last in (span for span in spans if span)]
    try:
        with table.path.open(encoding=table.dialect.encoding, errors="strict") as file:
            for row, line in enumerate(file, start=1):
                text = line.removeprefix("\ufeff").rstrip("\n")
                yield row, [text[cut].strip() for cut in cuts]
    except UnicodeDecodeError as error:
        raise unreadable(table.path.name, f"({error.encoding}: {error.reason})") from error
    except (OSError, LookupError) as error:
        raise unreadable(table.path.name, f"({error})") from error
