"""A step of the migration: codes are found by their comparison key, however they are typed.

Plants of before may hold codes that differ in spelling alone. They stay as they are, and each is
found by its exact spelling.
"""

from itertools import chain

import psycopg

from manchengo.domain.names import comparison_key
from manchengo_postgres import texts

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

AT_ONCE = 10_000


def add_comparison_keys(connection: psycopg.Connection) -> None:
    """The step: every table with codes or numbers gets a column for their comparison keys, filled
    and indexed.
    """
    for table in CODED:
        _add_key(connection, table, "code")
        _do(connection, f"ALTER TABLE {table} ALTER COLUMN code_key SET NOT NULL")
    for table in NUMBERED:
        _add_key(connection, table, "number")


def _add_key(connection: psycopg.Connection, table: str, column: str) -> None:
    """The index of the key takes the place of that of the column. By its hash, as that one: a tree
    refuses long texts.
    """
    _do(connection, f'ALTER TABLE {table} ADD COLUMN {column}_key text COLLATE "C"')
    _fill(connection, table, column)
    _do(connection, f"DROP INDEX {table}_by_{column}")
    index = f"{table}_by_{column}_key"
    _do(connection, f"CREATE INDEX {index} ON {table} USING hash ({column}_key)")


def _fill(connection: psycopg.Connection, table: str, column: str) -> None:
    """The keys go into a table of their own first, page by page, so that the rows are gone through
    once and memory stays flat.
    """
    text = 'text COLLATE "C" NOT NULL'
    _do(connection, f"CREATE TABLE keys_of_codes (code {text}, key {text})")
    add = "INSERT INTO keys_of_codes SELECT * FROM unnest(%s::text[], %s::text[])"
    with connection.cursor(name="codes") as codes:
        named = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"
        codes.execute(named.encode())
        while page := codes.fetchmany(AT_ONCE):
            some = list(chain.from_iterable(page))
            connection.execute(add, (some, [_key(code) for code in some]))
    _do(
        connection,
        f"UPDATE {table} SET {column}_key = k.key FROM keys_of_codes AS k"
        f" WHERE {table}.{column} = k.code",
    )
    _do(connection, "DROP TABLE keys_of_codes")


def _key(stored: str) -> str:
    try:
        code = texts.read(stored)
    except ValueError:  # changed since by somebody: ``verify`` names it
        code = stored
    return texts.spelt(comparison_key(code))


def _do(connection: psycopg.Connection, statement: str) -> None:
    connection.execute(statement.encode())
