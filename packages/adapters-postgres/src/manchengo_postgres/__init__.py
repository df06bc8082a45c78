"""The log and the views in PostgreSQL, for a server with several workers."""

from manchengo_postgres.store import PostgresStore

__all__ = ["PostgresStore"]
