"""A view row to the columns of its table and back.

Ids are BLOBs of 16 bytes, dates ISO text (which sorts), booleans 0 or 1; the rest is as it is.
"""

from collections.abc import Callable
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar
from uuid import UUID

from attrs import field, frozen

from manchengo.ports.rows import Column, Row, columns_of
from manchengo_sqlite.ids import repeated_id, unique_id

R = TypeVar("R", bound=Row)

INTO: dict[type, Callable[[Any], Any]] = {
    UUID: attrgetter("bytes"),
    date: date.isoformat,
    bool: int,
}
OUT: dict[type, Callable[[Any], Any]] = {
    UUID: repeated_id,
    date: date.fromisoformat,
    bool: bool,
}


@frozen
class Mapping(Generic[R]):
    """One table: its statements, and the two ways between a row and a tuple of columns.

    Every look-up of every command asks for a statement, so each is put together once.
    """

    kind: type[R]
    columns: tuple[Column, ...]
    _selects: dict[tuple[tuple[str, bool], ...], str] = field(init=False, factory=dict, eq=False)

    @property
    def table(self) -> str:
        """The name of the table."""
        return self.kind.TABLE

    @cached_property
    def upsert(self) -> str:
        """The row, or what may have changed of it: an index on nothing else is left alone."""
        marks = ", ".join("?" for _ in self.columns)
        kept = {*self.kind.KEY, *self.kind.FIXED}
        changes = ", ".join(
            f"{column.name} = excluded.{column.name}"
            for column in self.columns
            if column.name not in kept
        )
        return (
            f"INSERT INTO {self.table} ({self.names}) VALUES ({marks})"
            f" ON CONFLICT ({', '.join(self.kind.KEY)}) DO UPDATE SET {changes}"
        )

    @cached_property
    def names(self) -> str:
        """The names of the columns, for SQL."""
        return ", ".join(column.name for column in self.columns)

    @cached_property
    def delete(self) -> str:
        """The statement that deletes one row by its key."""
        return f"DELETE FROM {self.table} WHERE {self._equal(self.kind.KEY)}"

    def select(self, equal: tuple[tuple[str, bool], ...]) -> str:
        """The statement that finds the rows in which these columns have given values, or, where so
        marked, are empty. What may be empty is compared by ``=``: an index of what is not empty
        serves that alone.
        """
        known = self._selects.get(equal)
        if known is None:
            same = " AND ".join(f"{name} {'IS' if empty else '='} ?" for name, empty in equal)
            where = f" WHERE {same}" if equal else ""
            order = ", ".join(self.kind.KEY)
            known = f"SELECT {self.names} FROM {self.table}{where} ORDER BY {order}"
            self._selects[equal] = known
        return known

    def select_ids(self, count: int) -> str:
        """The statement that finds the rows with so many ids."""
        marks = ", ".join("?" for _ in range(count))
        return f"SELECT {self.names} FROM {self.table} WHERE {self.kind.KEY[0]} IN ({marks})"

    @cached_property
    def to_columns(self) -> Callable[[R], tuple[Any, ...]]:
        """What gives the values of a row as SQLite stores them: one expression for all columns,
        compiled, which takes half the time of a loop. Every row that is written passes here.
        """
        values = ", ".join(map(_into, self.columns))
        names = {kind.__name__: into for kind, into in INTO.items()}
        read: Callable[[R], tuple[Any, ...]] = eval(f"lambda row: ({values},)", names)
        return read

    def from_columns(self, stored: tuple[Any, ...]) -> R:
        """The row of these stored values.

        Raises ``ValueError`` or ``TypeError`` where they are of no such row.
        """
        values = list(stored)
        for place, out in self._converted:
            if values[place] is not None:
                values[place] = out(values[place])
        return self.kind(**dict(zip(self._by_name, values, strict=True)))

    @cached_property
    def _converted(self) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
        """The columns that are not stored as they are: their place, and the way out."""
        return tuple(
            (place, self._out(column))
            for place, column in enumerate(self.columns)
            if column.type in OUT
        )

    def _out(self, column: Column) -> Callable[[Any], Any]:
        is_unique = (column.name,) == self.kind.KEY and column.type is UUID
        return unique_id if is_unique else OUT[column.type]

    def parameters(self, equal: dict[str, Any]) -> tuple[Any, ...]:
        """The values to compare with, as SQLite stores them."""
        return tuple([self.into(self._by_name[name], value) for name, value in equal.items()])

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def key_parameters(self, row: Row) -> tuple[Any, ...]:
        """The key of the row, as SQLite stores it."""
        return self.parameters(dict(zip(self.kind.KEY, row.key(), strict=True)))

    @staticmethod
    def into(column: Column, value: Any) -> Any:
        """One value as SQLite stores it in that column."""
        if value is None or column.type not in INTO:
            return value
        return INTO[column.type](value)

    @staticmethod
    def _equal(names: tuple[str, ...]) -> str:
        return " AND ".join(f"{name} IS ?" for name in names)


def _into(column: Column) -> str:
    """The expression that gives what is stored of that column of ``row``."""
    value = f"row.{column.name}"
    if column.type not in INTO:
        return value
    stored = f"{column.type.__name__}({value})"
    return f"None if {value} is None else {stored}" if column.optional else stored


_KNOWN: dict[str, Mapping[Any]] = {}


def mapping(kind: type[R]) -> Mapping[R]:
    """The mapping of that kind of row, made once."""
    known = _KNOWN.get(kind.TABLE)
    if known is None:
        known = _KNOWN[kind.TABLE] = Mapping(kind, columns_of(kind))
    return known
