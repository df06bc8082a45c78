"""Lists, as SQLite spells them."""

from datetime import date
from typing import Any

from manchengo.ports.list_statements import Dialect, Statement
from manchengo.ports.rows import Column
from manchengo_sqlite.mapping import Mapping
from manchengo_sqlite.tables import NEVER


def _or_empty(column: Column) -> str:
    empty = NEVER if column.type is date else "''"
    return f"ifnull({column.name}, {empty})"


DIALECT = Dialect(
    mark="?",
    contains="instr({column}, {mark}) > 0",
    or_empty=_or_empty,
    unindexed="+{column}",
)
"""``instr`` compares bytes. ``LIKE`` looks up what each letter is in the other case."""


def stored_parameters(statement: Statement) -> list[Any]:
    """The parameters as SQLite stores such values."""
    return [
        value if column is None else Mapping.into(column, value)
        for column, value in statement.parameters
    ]
