"""A step of the migration: codes are found by their comparison key, however they are typed.

Databases of before may hold codes that differ in spelling alone. They stay as they are, and each is
found by its exact spelling.
"""

from typing import Any

from sqlalchemy import Connection

from manchengo.domain.names import comparison_key

CODED = (
    "suppliers",
    "clients",
    "products_mp",
    "products_pf",
    "lots_mp",
    "lots_pf",
    "production_orders",
    "sales_orders",
    "deliveries",
    "resolution_claims",
)
NUMBERED = ("invoices", "credit_notes")


def add_comparison_keys(connection: Connection) -> None:
    """The step: each table with codes or numbers gets the column and its index, and fills it."""
    driver: Any = connection.connection.dbapi_connection
    driver.create_function("comparison_key", 1, _key_of_bytes, deterministic=True)
    for table in CODED:
        _add_key(connection, table, "code", "TEXT NOT NULL DEFAULT ''")
    for table in NUMBERED:
        _add_key(connection, table, "number", "TEXT")


def _add_key(connection: Connection, table: str, column: str, affinity: str) -> None:
    """The index of the key takes the place of that of the column."""
    for statement in (
        f"ALTER TABLE {table} ADD COLUMN {column}_key {affinity}",
        f"UPDATE {table} SET {column}_key = comparison_key(CAST({column} AS BLOB))"
        f" WHERE {column} IS NOT NULL",
        f"DROP INDEX {table}_by_{column}",
        f"CREATE INDEX {table}_by_{column}_key ON {table} ({column}_key)",
    ):
        connection.exec_driver_sql(statement)


def _key_of_bytes(code: bytes) -> str:
    """Bytes that are no text do not keep a damaged database closed: ``verify`` names them."""
    return comparison_key(code.decode("utf-8", "replace"))
