"""What every view row is: a table, a key, and nothing but plain columns."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from attrs import Factory, frozen

from manchengo.domain.names import comparison_key, search_key
from manchengo.ports.rows.table import Index, Named

KeyValue = UUID | int | str | date
"""A value in the key of a row."""

Key = tuple[KeyValue, ...]
"""The values of the primary key of a row, in its order."""

CODE_KEY: str = Factory(lambda row: comparison_key(row.code), takes_self=True)
"""Of a row with a code, the default of ``code_key``: the column by which it is found, however its
code is typed.
"""

NUMBER_KEY: str | None = Factory(
    lambda row: None if row.number is None else comparison_key(row.number), takes_self=True
)
"""As ``CODE_KEY``, of a bill, which has a number once it is issued."""

REFERENCE_KEY: str | None = Factory(
    # str: as for SEARCH_TEXT
    lambda row: comparison_key(str(row.supplier_reference or "")) or None,
    takes_self=True,
)
"""As ``CODE_KEY``, of what a supplier calls their lot, if they call it anything."""

SEARCH_TEXT: str = Factory(
    # str: an older program recorded what it was given, of any type.
    lambda row: " ".join([search_key(str(getattr(row, each) or "")) for each in row.SEARCHED]),
    takes_self=True,
)
"""Of a row that is searched, the default of ``search_text``: what its ``SEARCHED`` columns say, as
a search compares it.
"""

FOLLOWING: frozenset[str] = frozenset({"code_key", "number_key", "reference_key", "search_text"})
"""The columns that follow from other columns of their row, and say nothing new to people."""


@frozen(kw_only=True)
class Row:
    """One row of a view. Its attributes are the columns of the table; the class declares the rest.

    Every database makes its tables from these classes, and makes a table anew from the log where
    its class changed since. So a new attribute needs no migration.
    """

    TABLE: ClassVar[str]
    """The name of the table."""

    AGGREGATE: ClassVar[str]
    """What kind of aggregate it shows."""

    KEY: ClassVar[tuple[str, ...]] = ("id",)
    """The primary key, in whose order the rows are kept."""

    OWNER: ClassVar[str] = ""
    """The column with the id of the aggregate that owns the row; "": the first of the key."""

    FIXED: ClassVar[tuple[str, ...]] = ()
    """Columns that stay what they are for as long as the row stands, as its key does. Where one
    changes all the same (a corrected expiry), the row is dropped and written anew.
    """

    LOOK_UPS: ClassVar[tuple[str, ...]] = ()
    """Columns by which rows are looked up, beside the key: each is indexed."""

    WORDS: ClassVar[tuple[str, ...]] = ()
    """Of these, the texts that are always one of a few words of this program."""

    INDEXES: ClassVar[tuple[Index, ...]] = ()
    """Indexes that hold some of the rows, in an order of their own."""

    COVERING: ClassVar[tuple[str, ...]] = ()
    """``FIXED`` columns that SQLite keeps in the index of the first look-up as well: lists of all
    rows are then searched and sorted in an index, which is smaller than the table.
    """

    SEARCHED: ClassVar[tuple[str, ...]] = ()
    """Texts in which a list looks for the words of a search; the row then has a ``search_text``."""

    SORTED: ClassVar[tuple[str, ...]] = ()
    """Columns by which a list can be sorted, beside the key."""

    NAMES: ClassVar[tuple[Named, ...]] = ()
    """What else the row is about: a list shows its name beside the row, and searches in it."""

    EDITION: ClassVar[int] = 1
    """Raised where the same events give other rows than before in the same columns: the table is
    then made anew in every database.
    """

    @classmethod
    def owned_by(cls) -> str:
        """The column with the id of the aggregate that owns the row."""
        return cls.OWNER or cls.KEY[0]

    def key(self) -> Key:
        """The values of the primary key, in its order."""
        return tuple([getattr(self, column) for column in self.KEY])
