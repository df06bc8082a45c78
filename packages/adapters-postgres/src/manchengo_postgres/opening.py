"""Before a worker opens a plant: the server will do, and the tables are those of this release."""

import psycopg

from manchengo_postgres.connections import configure, milliseconds
from manchengo_postgres.errors import NotUnicode, ServerTooOld
from manchengo_postgres.migrate import migrate
from manchengo_postgres.translation import Address
from manchengo_postgres.view_update import Progress, bring_up_to_date

OLDEST = 15
"""The oldest version of PostgreSQL that will do."""


def prepare(address: Address, schema: str, *, progress: Progress | None = None) -> None:
    """Make sure that the server will do, and bring the plant to this release.

    Raises one of ``manchengo_postgres.errors``.
    """
    try:
        connection = psycopg.connect(address.conninfo, autocommit=True)
    except psycopg.Error as error:
        raise address.error_at_login(error) from None
    try:
        with connection:
            _must_do(connection, address)
            configure(connection)
            connection.execute(f"SET lock_timeout = {milliseconds(address.patience):d}")
            connection.execute("SET statement_timeout = 0")  # an index on a long log takes its time
            migrate(connection, address, schema)
            bring_up_to_date(connection, address, schema, progress=progress)
    except psycopg.Error as error:
        raise address.storage_error(error) from None


def _must_do(connection: psycopg.Connection, address: Address) -> None:
    version = connection.info.server_version // 10_000
    if version < OLDEST:
        raise ServerTooOld(database=address.name, found=version, supported=OLDEST)
    encoding = connection.info.parameter_status("server_encoding") or ""
    if encoding != "UTF8":
        raise NotUnicode(database=address.name, encoding=encoding)
