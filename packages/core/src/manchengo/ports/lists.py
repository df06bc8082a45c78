"""A list of view rows as a screen shows it: filtered, searched, sorted, one page at a time.

A page begins behind the last row of the page before, at that row's own values (*keyset paging*):
whoever writes meanwhile shifts nothing, and the last page costs as much as the first.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from attrs import frozen

from manchengo.domain.names import search_words
from manchengo.ports.rows import Column, Key, Row, columns_of

Value = UUID | str | int | date | bool


@frozen
class OneOf:
    """The rows in which ``column`` has one of these values; None: in which it is empty."""

    column: str
    values: tuple[Value | None, ...]


@frozen
class Between:
    """The rows in which ``column`` is between ``first`` and ``last``, both included; None: without
    that bound. A row in which it is empty is in no range.
    """

    column: str
    first: Value | None = None
    last: Value | None = None

    def __attrs_post_init__(self) -> None:
        if self.first is None and self.last is None:
            raise ValueError("a range has a bound")


@frozen
class AboveZero:
    """The rows in which the quantity or amount in ``column`` is greater than zero."""

    column: str


Condition = OneOf | Between | AboveZero


@frozen(kw_only=True)
class ListQuery:
    """What a list shows, and in which order.

    ``where``: all of these hold. ``search``: each of its words stands in a ``SEARCHED`` column of
    the row, or of a row that it names (``NAMES``). ``sort``: one of the ``SORTED`` columns of the
    row; None: the key, which is the order in which things were recorded. Rows with the same value
    come in the order of their keys. An empty day comes after all days, an empty text before all
    texts.
    """

    where: tuple[Condition, ...] = ()
    search: str = ""
    sort: str | None = None
    descending: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the search, spelt as ``search_text`` holds them."""
        return search_words(self.search)


@frozen(kw_only=True)
class Cursor:
    """The place of a row in a list. ``value``: what it has in the column that sorts the list; None
    where the key sorts it.
    """

    value: Value | None
    key: Key


def cursor_of(row: Row, query: ListQuery) -> Cursor:
    """The place of ``row`` in that list."""
    return Cursor(value=_sort_value(row, query.sort), key=row.key())


def rank(row: Row, query: ListQuery) -> tuple[Any, ...]:
    """What sorts the list, of one row."""
    return _rank(cursor_of(row, query))


def is_beyond(row: Row, query: ListQuery, cursor: Cursor, *, backwards: bool) -> bool:
    """Whether the row comes after that place in the list; ``backwards``: before it."""
    here, place = rank(row, query), _rank(cursor)
    return here > place if query.descending is backwards else here < place


def _rank(cursor: Cursor) -> tuple[Any, ...]:
    return cursor.key if cursor.value is None else (cursor.value, *cursor.key)


def _sort_value(row: Row, sort: str | None) -> Value | None:
    if sort is None:
        return None
    value: Value | None = getattr(row, sort)
    return empty_value(column_of(type(row), sort)) if value is None else value


def empty_value(column: Column) -> date | str:
    """The value with which a row is sorted where that column of it is empty."""
    return date.max if column.type is date else ""


def column_of(kind: type[Row], name: str) -> Column:
    """That column of that kind of row. Raises ``ValueError`` where it has none of that name."""
    for column in columns_of(kind):
        if column.name == name:
            return column
    raise ValueError(f"{kind.__name__} has no column {name}")


def check(kind: type[Row], query: ListQuery) -> None:
    """Raises ``ValueError`` where rows of that kind cannot be listed like that."""
    if query.sort is not None and query.sort not in kind.SORTED:
        raise ValueError(f"{kind.__name__} is not sorted by {query.sort}")
    for condition in query.where:
        column_of(kind, condition.column)


def columns_read(kind: type[Row], query: ListQuery) -> Iterator[tuple[type[Row], str]]:
    """The columns, each with its kind of row, that decide what the list shows in which order."""
    for condition in query.where:
        yield kind, condition.column
    if query.sort is not None:
        yield kind, query.sort
    if query.words:
        for searched in (kind, *(each for named in kind.NAMES for each in named.kinds)):
            if searched.SEARCHED:
                yield searched, "search_text"
