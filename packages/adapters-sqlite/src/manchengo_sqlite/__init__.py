"""The ports on SQLite, encrypted by SQLCipher: commits, views, keys, migrations, backups."""

from manchengo_sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
