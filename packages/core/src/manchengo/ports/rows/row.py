"""What every view row is: a table, a key, and nothing but plain columns."""

from typing import ClassVar
from uuid import UUID

from attrs import frozen


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
