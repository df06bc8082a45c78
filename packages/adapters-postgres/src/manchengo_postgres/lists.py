"""Lists, as PostgreSQL spells them."""

from datetime import date
from typing import Any

from manchengo.ports.list_statements import Dialect, Statement
from manchengo.ports.rows import Column
from manchengo_postgres import texts
from manchengo_postgres.tables import NEVER


def _or_empty(column: Column) -> str:
    empty = NEVER if column.type is date else "''"
    return f"coalesce({column.name}, {empty})"


DIALECT = Dialect(
    mark="%s",
    contains="strpos({column}, {mark}) > 0",
    or_empty=_or_empty,
    unindexed="{column}",
)


def stored_parameters(statement: Statement) -> list[Any]:
    """The parameters as PostgreSQL stores such values."""
    return [
        texts.spelt(value) if isinstance(value, str) else value for _, value in statement.parameters
    ]
