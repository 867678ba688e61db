"""The schema of a source: dialects, datatypes, columns, tables, groups.

Source: W3C Recommendations *Metadata Vocabulary for Tabular Data* and *Model for Tabular Data*;
everything keeps the name that it has there.
"""

from dataclasses import dataclass
from pathlib import Path

from loader.csvw import annotation
from loader.csvw.annotation import Annotations, Condition, Persons
from loader.csvw.correction import Correction
from loader.csvw.fact import Fact
from loader.finding import Finding, Place, column_letter


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the characters of a file become cells; the defaults are the standard's."""

    comment_prefix: str | None = "#"
    delimiter: str = ","
    double_quote: bool = True
    encoding: str = "utf-8"
    header: bool = True
    header_row_count: int = 1
    line_terminators: tuple[str, ...] = ("\r\n", "\n")
    quote_char: str | None = '"'
    skip_blank_rows: bool = False
    skip_columns: int = 0
    skip_initial_space: bool = False
    skip_rows: int = 0
    trim: bool | str = False


@dataclass(frozen=True, slots=True)
class Datatype:
    """A built-in datatype with its format and its bounds, as the metadata writes them.

    `address` is that of a datatype derived from it.
    """

    base: str = "string"
    format: str | None = None
    decimal_char: str = "."
    group_char: str | None = None
    minimum: str | None = None
    maximum: str | None = None
    above: str | None = None
    below: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column, real or virtual; `ignored` is the reason why a real one is not mapped.

    `titles` are as a person reads them, `headers` the same with their languages; `is_named` is
    false where the metadata gives no name, only perhaps titles. `characters` are the first and
    the last, counted from 1, that the column has in each line of a file of fixed width.
    `by_item`: the items of a list are trimmed and addressed one by one, as our own sources mean
    them; the standard keeps the blanks of texts and makes one address of the whole list.
    """

    name: str
    titles: tuple[str, ...]
    datatype: Datatype = Datatype()
    virtual: bool = False
    about_url: str | None = None
    property_url: str | None = None
    value_url: str | None = None
    lang: str = "und"
    null: tuple[str, ...] = ("",)
    default: str = ""
    required: bool = False
    separator: str | None = None
    ordered: bool = False
    suppress_output: bool = False
    lookup: str | None = None
    ignored: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    is_named: bool = True
    characters: tuple[int, int] | None = None
    by_item: bool = False
    annotations: Annotations = annotation.NONE

    @property
    def is_made(self) -> bool:
        """Whether a virtual column's texts are made of what other columns of the row hold."""
        return self.virtual and self.annotations.origin is not None

    @property
    def is_constant(self) -> bool:
        """Whether the description gives a virtual column's value, the same in every row."""
        return self.virtual and not self.annotations.source and "{" not in (self.value_url or "")

    @property
    def names_things(self) -> bool:
        """Whether its values are addresses that were looked up."""
        return bool(self.lookup or self.annotations.place)

    @property
    def decimal_sign(self) -> str:
        """The decimal sign that its numbers have, in the first of its spellings."""
        spellings = self.annotations.spellings
        return spellings[0].point if spellings else self.datatype.decimal_char

    @property
    def date_form(self) -> str | None:
        """The form of its dates, the first of its spellings; None for that of XML Schema."""
        forms = [spelling.form for spelling in self.annotations.spellings if spelling.form]
        return forms[0] if forms else self.datatype.format

    @property
    def title(self) -> str:
        """The column's header as a person reads it."""
        return self.titles[0] if self.titles else self.name


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns whose values must occur in columns of another table of the group.

    `resource` is that table's `url`.
    """

    columns: tuple[str, ...]
    resource: str
    reference: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a group, with everything needed to read its file.

    `file` is how findings name it: `source/table.csv`; `url` is the address that relative
    addresses in it start from. `sheet` is the name of a workbook's sheet, or its number from 1.
    `undescribed` is the model of columns that only the file names, `is_described` false where
    all of them are. `examples` are rows of a template that are no records while untouched.
    """

    path: Path
    file: str
    dialect: Dialect
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    minimum_rows: int = 0
    maximum_rows: int | None = None
    url: str = ""
    address: str | None = None
    facts: tuple[Fact, ...] = ()
    notes: tuple[Fact, ...] = ()
    row_titles: tuple[str, ...] = ()
    suppress_output: bool = False
    undescribed: Column | None = None
    is_described: bool = True
    sheet: str | int | None = None
    examples: frozenset[tuple[str, ...]] = frozenset()
    persons: Persons | None = None
    records: Condition | None = None
    corrections: tuple[Correction, ...] = ()

    @property
    def name(self) -> str:
        """How manifests name it: its file, and its sheet where the metadata tells sheets apart."""
        return self.file if self.sheet is None else f"{self.file}#{self.sheet}"

    @property
    def real_columns(self) -> tuple[Column, ...]:
        """The columns that stand in the file, in its order."""
        return tuple(column for column in self.columns if not column.virtual)

    @property
    def read_columns(self) -> tuple[Column, ...]:
        """The columns with texts to read: those of the file, and those made of them."""
        return tuple(column for column in self.columns if not column.virtual or column.is_made)

    @property
    def is_annotated(self) -> bool:
        """Whether anything of ours is to happen to the texts before they are read."""
        own = any(column.annotations != annotation.NONE for column in self.columns)
        return own or bool(self.persons or self.records or self.corrections)

    def origin(self, column: Column) -> Column:
        """The column of the file that a column's texts come from."""
        by_name = {each.name: each for each in self.columns} if column.virtual else {}
        while column.virtual and column.annotations.origin in by_name:
            column = by_name[column.annotations.origin]
        return column

    def place(
        self, row: int | None = None, column: Column | int | None = None, header: str | None = None
    ) -> Place:
        """A place in the file as a spreadsheet shows it; a column by itself or by its index."""
        sheet = None if self.sheet is None else str(self.sheet)
        if column is None:
            return Place(self.file, sheet, row)
        real = self.real_columns
        if isinstance(column, int):
            index = column
        else:
            index = [each.name for each in real].index(self.origin(column).name)
        if header is None and index < len(real):
            header = real[index].title
        letter = column_letter(index + self.dialect.skip_columns)
        return Place(self.file, sheet, row, letter, header)


@dataclass(frozen=True, slots=True)
class Group:
    """The tables of one source; `graph` is the named graph that its statements go to."""

    graph: str
    tables: tuple[Table, ...]
    language: str = "de"
    facts: tuple[Fact, ...] = ()
    maximum_shrinkage: float = 0.2
    notes: tuple[Fact, ...] = ()
    warnings: tuple[Finding, ...] = ()
