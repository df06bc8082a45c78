"""Empty plants on PostgreSQL, one for each test, none of which waits for its tables to be made.

The first is made; others are copies of its database, in a third of the time; and what a test has
left as it was, but for rows, is emptied and given to the next one, in a hundredth of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import psycopg
from attrs import frozen
from psycopg import sql

from manchengo_postgres import PostgresStore
from tests.support.patience import PATIENCE
from tests.support.postgres import execute, postgres

THE_BLANK_ONE = UUID(int=77)

_SHAPE = """
SELECT md5(string_agg(line, ';' ORDER BY line)) FROM (
    SELECT format('%s.%s %s %s %s %s', nspname, relname, relkind, relowner, relacl, reloptions)
    FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE {ours}
    UNION ALL
    SELECT format('%s %s %s %s %s', attrelid::regclass, attnum, attname, atttypid, attnotnull)
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
    JOIN pg_namespace n ON n.oid = relnamespace WHERE {ours}
    UNION ALL
    SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(x.oid))
    FROM pg_constraint x JOIN pg_namespace n ON n.oid = connamespace WHERE {ours}
    UNION ALL
    SELECT format('%s %s', tgrelid::regclass, tgenabled) || pg_get_triggerdef(t.oid)
    FROM pg_trigger t
    UNION ALL
    SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON c.oid = indexrelid
    JOIN pg_namespace n ON n.oid = relnamespace WHERE {ours}
    UNION ALL
    SELECT pg_get_functiondef(p.oid) FROM pg_proc p
    JOIN pg_namespace n ON n.oid = pronamespace WHERE {ours}
) AS shape (line)
""".replace("{ours}", "nspname !~ '^pg_' AND nspname <> 'information_schema'")
"""Everything in a database but its rows."""

_OTHERS_END = """
SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""

_empty: list[str] = []
"""Databases that are ready for the next test."""


@contextmanager
def on_a_blank_plant() -> Iterator[PostgresStore]:
    """A store on an empty plant, in a database of its own."""
    blank = _blank()
    name = _empty.pop() if _empty else blank.copied()
    try:
        with PostgresStore.open(postgres().url(name), plant=THE_BLANK_ONE) as store:
            yield store
    finally:
        if blank.is_again(name):
            _empty.append(name)
        else:
            execute(f"DROP DATABASE {name} WITH (FORCE)")


@frozen
class Blank:
    """An empty plant, and how another becomes like it. ``shape``: of its tables. ``emptied``: what
    empties one of that shape, and gives it the rows with which a plant begins.
    """

    database: str
    shape: str
    emptied: sql.Composed

    def copied(self) -> str:
        name = f"plant_{uuid4().hex}"
        execute(f"CREATE DATABASE {name} TEMPLATE {self.database}")
        return name

    def is_again(self, name: str) -> bool:
        """Whether that database is empty now, as at first; not where more than rows changed."""
        with psycopg.connect(postgres().url(name), autocommit=True) as connection:
            connection.execute(_OTHERS_END, [int(PATIENCE * 1000)])
            if _shape(connection) != self.shape:
                return False
            connection.execute(self.emptied)
            return True


@cache
def _blank() -> Blank:
    execute("CREATE DATABASE blank")
    with PostgresStore.open(postgres().url("blank"), plant=THE_BLANK_ONE):
        pass
    with psycopg.connect(postgres().url("blank"), autocommit=True) as connection:
        return Blank("blank", _shape(connection), _emptied(connection))


def _shape(connection: psycopg.Connection[Any]) -> str:
    row = connection.execute(_SHAPE).fetchone()
    assert row is not None
    return str(row[0])


def _emptied(connection: psycopg.Connection[Any]) -> sql.Composed:
    # In this session no foreign key is checked, so that the order of tables does not matter.
    statements: list[sql.Composable] = [sql.SQL("SET session_replication_role = replica")]
    ours = "schemaname !~ '^pg_' AND schemaname <> 'information_schema'"
    tables = connection.execute(f"SELECT schemaname, tablename FROM pg_tables WHERE {ours}")
    for schema, name in tables.fetchall():
        table = sql.Identifier(schema, name)
        statements.append(sql.SQL("DELETE FROM {}").format(table))
        statements += [
            sql.SQL("INSERT INTO {} OVERRIDING SYSTEM VALUE VALUES ({})").format(
                table, sql.SQL(", ").join(map(sql.Literal, row))
            )
            for row in connection.execute(sql.SQL("SELECT * FROM {}").format(table))
        ]
    numbers = connection.execute(
        "SELECT schemaname, sequencename, coalesce(last_value, start_value), last_value IS NOT NULL"
        f" FROM pg_sequences WHERE {ours}"
    )
    for schema, name, last, is_given in numbers.fetchall():
        sequence = sql.Literal(f'"{schema}"."{name}"')
        statements.append(sql.SQL("SELECT setval({}, {}, {})").format(sequence, last, is_given))
    return sql.SQL("; ").join(statements)
