"""The SQL of lists, which is the same for every database but for a few words."""

from collections.abc import Callable
from typing import Any

from attrs import frozen

from manchengo.ports.lists import (
    AboveZero,
    Between,
    Condition,
    Cursor,
    ListQuery,
    OneOf,
    check,
    column_of,
)
from manchengo.ports.rows import Column, Row, columns_of


@frozen(kw_only=True)
class Dialect:
    """What a database spells in its own way.

    ``mark``: the place of a parameter. ``contains``: whether ``{column}`` contains ``{mark}``.
    ``or_empty``: an optional column, with what stands for nothing in the place of NULL.
    ``unindexed``: a column, in an order for which no index is used.
    """

    mark: str
    contains: str
    or_empty: Callable[[Column], str]
    unindexed: str


@frozen
class Statement:
    """A query and its parameters, each with the column that it is compared with; None: a text."""

    sql: str
    parameters: tuple[tuple[Column | None, Any], ...]


def page_statement(
    kind: type[Row],
    query: ListQuery,
    dialect: Dialect,
    *,
    limit: int,
    beyond: Cursor | None,
    backwards: bool,
) -> Statement:
    """The statement for one page, the row next to ``beyond`` first.

    It finds the keys of the page first, in an index where one holds all that the list asks about,
    and reads no other rows.
    """
    check(kind, query)
    falls = query.descending is not backwards
    conditions = _Conditions(kind, dialect)
    conditions.add_all(query)
    if beyond is not None:
        conditions.add_beyond(query, beyond, "<" if falls else ">")
    key = ", ".join(kind.KEY)
    columns = ", ".join(column.name for column in columns_of(kind))
    found = (
        f"SELECT {key} FROM {kind.TABLE}{conditions.sql}"
        f" ORDER BY {_order(_rank_of_keys(kind, query, dialect), falls)} LIMIT {limit:d}"
    )
    return Statement(
        f"SELECT {columns} FROM {kind.TABLE} WHERE ({key}) IN ({found})"
        f" ORDER BY {_order(_rank(kind, query, dialect), falls)}",
        tuple(conditions.parameters),
    )


def count_statement(kind: type[Row], query: ListQuery, dialect: Dialect, *, most: int) -> Statement:
    """The statement that counts the rows of a list, and stops at ``most``."""
    check(kind, query)
    conditions = _Conditions(kind, dialect)
    conditions.add_all(query)
    found = f"SELECT 1 FROM {kind.TABLE}{conditions.sql} LIMIT {most:d}"
    return Statement(f"SELECT count(*) FROM ({found}) AS found", tuple(conditions.parameters))


def _rank(kind: type[Row], query: ListQuery, dialect: Dialect) -> tuple[str, ...]:
    """What sorts the list."""
    if query.sort is None:
        return kind.KEY
    column = column_of(kind, query.sort)
    return (dialect.or_empty(column) if column.optional else column.name, *kind.KEY)


def _rank_of_keys(kind: type[Row], query: ListQuery, dialect: Dialect) -> tuple[str, ...]:
    few = query.words or any(isinstance(each, AboveZero) for each in query.where)
    if query.sort is None and few:
        # In the order of the key, a database would walk through the table until it has met enough
        # such rows, though an index that is much smaller holds them all.
        return tuple(dialect.unindexed.format(column=column) for column in kind.KEY)
    return _rank(kind, query, dialect)


def _order(rank: tuple[str, ...], falls: bool) -> str:
    return ", ".join(f"{each} DESC" if falls else each for each in rank)


class _Conditions:
    """The conditions of one statement, and their parameters in the order of the marks."""

    def __init__(self, kind: type[Row], dialect: Dialect) -> None:
        self._kind, self._dialect = kind, dialect
        self._conditions: list[str] = []
        self.parameters: list[tuple[Column | None, Any]] = []

    @property
    def sql(self) -> str:
        return f" WHERE {' AND '.join(self._conditions)}" if self._conditions else ""

    def add_all(self, query: ListQuery) -> None:
        for condition in query.where:
            self._add(condition)
        for word in query.words:
            self._conditions.append(self._has_word(word))

    def add_beyond(self, query: ListQuery, cursor: Cursor, sign: str) -> None:
        named = self._kind.KEY if query.sort is None else (query.sort, *self._kind.KEY)
        values = cursor.key if query.sort is None else (cursor.value, *cursor.key)
        pairs = zip(named, values, strict=True)
        marks = [self._mark(column_of(self._kind, name), value) for name, value in pairs]
        rank = ", ".join(_rank(self._kind, query, self._dialect))
        self._conditions.append(f"({rank}) {sign} ({', '.join(marks)})")

    def _add(self, condition: Condition) -> None:
        column = column_of(self._kind, condition.column)
        match condition:
            case OneOf():
                self._conditions.append(self._one_of(column, condition))
            case Between():
                for sign, bound in ((">=", condition.first), ("<=", condition.last)):
                    if bound is not None:
                        mark = self._mark(column, bound)
                        self._conditions.append(f"{column.name} {sign} {mark}")
            case AboveZero():
                # No parameter: an index of some rows is used only where its condition is literal.
                self._conditions.append(f"{column.name} > 0")

    def _one_of(self, column: Column, condition: OneOf) -> str:
        marks = [self._mark(column, value) for value in condition.values if value is not None]
        choices = [f"{column.name} IN ({', '.join(marks)})"] if marks else []
        if None in condition.values:
            choices.append(f"{column.name} IS NULL")
        return f"({' OR '.join(choices)})" if choices else "1 = 0"

    def _has_word(self, word: str) -> str:
        places = [self._contains(word)] if self._kind.SEARCHED else []
        places += [
            f"{named.column} IN (SELECT id FROM {kind.TABLE} WHERE {self._contains(word)})"
            for named in self._kind.NAMES
            for kind in named.kinds
        ]
        return f"({' OR '.join(places)})" if places else "1 = 0"

    def _contains(self, word: str) -> str:
        return self._dialect.contains.format(column="search_text", mark=self._mark(None, word))

    def _mark(self, column: Column | None, value: Any) -> str:
        self.parameters.append((column, value))
        return self._dialect.mark
