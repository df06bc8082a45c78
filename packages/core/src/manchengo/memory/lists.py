"""Lists in memory: what they show of the rows, in their order."""

from collections.abc import Mapping
from typing import TypeVar

from manchengo.memory.tables import Table
from manchengo.ports.lists import (
    AboveZero,
    Between,
    Condition,
    ListQuery,
    OneOf,
    check,
    rank,
)
from manchengo.ports.rows import Row

R = TypeVar("R", bound=Row)


def listed(tables: Mapping[type[Row], Table], kind: type[R], query: ListQuery) -> list[R]:
    """Every row of the list, in its order. Raises ``ValueError`` as ``check`` does."""
    check(kind, query)
    found = [
        row
        for row in tables[kind].rows.values()
        if isinstance(row, kind) and all(_holds(each, row) for each in query.where)
    ]
    for word in query.words:
        found = _with_word(tables, kind, found, word)
    return sorted(found, key=lambda row: rank(row, query), reverse=query.descending)


def _holds(condition: Condition, row: Row) -> bool:
    value = getattr(row, condition.column)
    match condition:
        case OneOf():
            return value in condition.values
        case Between(first=first, last=last):
            if value is None:
                return False
            return (first is None or first <= value) and (last is None or value <= last)
        case AboveZero():
            return bool(value > 0)


def _with_word(
    tables: Mapping[type[Row], Table], kind: type[R], rows: list[R], word: str
) -> list[R]:
    """Those of the rows that contain the word, or name something that does."""
    named = {
        each.column: {
            key[0]
            for named_kind in each.kinds
            for key, row in tables[named_kind].rows.items()
            if _contains(row, word)
        }
        for each in kind.NAMES
    }
    return [
        row
        for row in rows
        if _contains(row, word) or any(getattr(row, column) in ids for column, ids in named.items())
    ]


def _contains(row: Row, word: str) -> bool:
    return word in getattr(row, "search_text", "")
