"""What every view row is: a table, a key, and nothing but plain columns."""

from typing import ClassVar
from uuid import UUID

from attrs import Factory, frozen

from manchengo.domain.names import comparison_key

CODE_KEY: str = Factory(lambda row: comparison_key(row.code), takes_self=True)
"""Of a row with a code, the default of ``code_key``: the column by which it is found, however its
code is typed.
"""

NUMBER_KEY: str | None = Factory(
    lambda row: None if row.number is None else comparison_key(row.number), takes_self=True
)
"""As ``CODE_KEY``, of a bill, which has a number once it is issued."""


@frozen(kw_only=True)
class Row:
    """``FIXED``: columns that stay what they are for as long as the row stands, as its key does.

    Where one changes all the same (a corrected expiry), the row is dropped and written anew.
    """

    TABLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    FIXED: ClassVar[tuple[str, ...]] = ()

    def key(self) -> tuple[UUID | int | str, ...]:
        return tuple([getattr(self, column) for column in self.KEY])
