"""A view row to the columns of its table and back.

What the driver gives back is what a row holds, but for texts (``texts``).
"""

from collections.abc import Iterable
from functools import cache, cached_property
from typing import Any, Generic, TypeVar

from attrs import frozen

from manchengo.ports.rows import Column, Row, columns_of, values_of
from manchengo_postgres import texts
from manchengo_postgres.statements import Insert
from manchengo_postgres.tables import TYPES

R = TypeVar("R", bound=Row)


@frozen
class Mapping(Generic[R]):
    """One table: its statements, and the two ways between a row and a tuple of columns."""

    kind: type[R]
    columns: tuple[Column, ...]

    @property
    def table(self) -> str:
        """The name of the table."""
        return self.kind.TABLE

    @cached_property
    def names(self) -> str:
        """Its columns, as a statement lists them."""
        return ", ".join(column.name for column in self.columns)

    @cached_property
    def key(self) -> str:
        """The columns of its primary key, as a statement lists them."""
        return ", ".join(self.kind.KEY)

    @cached_property
    def key_types(self) -> tuple[str, ...]:
        """The PostgreSQL type of each column of the key."""
        types = {column.name: TYPES[column.type] for column in self.columns}
        return tuple(types[name] for name in self.kind.KEY)

    @cached_property
    def upsert(self) -> Insert:
        """The statement that inserts a row, or replaces the one with the same key."""
        others = [column.name for column in self.columns if column.name not in self.kind.KEY]
        changed = ", ".join(f"{name} = excluded.{name}" for name in others)
        return Insert(
            self.table,
            tuple((column.name, TYPES[column.type]) for column in self.columns),
            f" ON CONFLICT ({self.key}) DO UPDATE SET {changed}",
        )

    @cached_property
    def delete(self) -> str:
        """Takes a list for each column of the key."""
        lists = ", ".join(f"%b::{type_}[]" for type_ in self.key_types)
        return (
            f"DELETE FROM {self.table} USING unnest({lists}) AS gone ({self.key})"
            f" WHERE {' AND '.join(f'{self.table}.{name} = gone.{name}' for name in self.kind.KEY)}"
        )

    def select(self, equal: Iterable[tuple[str, bool]], *, further: bool) -> str:
        """One page of the rows whose columns equal what is given, or, where so marked, are empty.

        ``further``: those beyond a key. Takes the values that are not empty, the key, the limit.
        """
        return _select(self, tuple(equal), further)

    @cached_property
    def select_ids(self) -> str:
        """Takes a list of ids."""
        (key,) = self.kind.KEY
        return f"SELECT {self.names} FROM {self.table} WHERE {key} = ANY(%s::uuid[])"

    def to_columns(self, row: Row) -> tuple[Any, ...]:
        """The row as the driver stores it, in the order of ``columns``."""
        values = list(values_of(row))
        for place in self._texts:
            if values[place] is not None:
                values[place] = texts.spelt(values[place])
        return tuple(values)

    def from_columns(self, stored: tuple[Any, ...]) -> R:
        """The row that is stored so. Raises ``ValueError`` where a text is not spelt as this
        package spells it.
        """
        values = list(stored)
        for place in self._texts:
            if values[place] is not None:
                values[place] = texts.read(values[place])
        return self.kind(**dict(zip(self._names, values, strict=True)))

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @cached_property
    def _texts(self) -> tuple[int, ...]:
        return tuple(place for place, column in enumerate(self.columns) if column.type is str)


_KNOWN: dict[type[Row], Mapping[Any]] = {}


def mapping(kind: type[R]) -> Mapping[R]:
    """The mapping of that kind of row, made once."""
    known = _KNOWN.get(kind)
    if known is None:
        known = _KNOWN[kind] = Mapping(kind, columns_of(kind))
    return known


@cache
def _select(table: Mapping[Any], equal: tuple[tuple[str, bool], ...], further: bool) -> str:
    # "IS NOT DISTINCT FROM" would say both in one, and use no index.
    where = [f"{name} IS NULL" if empty else f"{name} = %s" for name, empty in equal]
    if further:
        where.append(f"({table.key}) > ({', '.join('%s' for _ in table.kind.KEY)})")
    found = f"SELECT {table.names} FROM {table.table}"
    if where:
        found += f" WHERE {' AND '.join(where)}"
    if equal:
        # Without the fence, PostgreSQL may walk through the whole table in the order of its key,
        # in the hope of meeting such a row soon.
        found = f"SELECT {table.names} FROM ({found} OFFSET 0) AS found"
    return f"{found} ORDER BY {table.key} LIMIT %s"
