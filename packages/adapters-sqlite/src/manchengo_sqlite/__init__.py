"""The ports on SQLite, encrypted by SQLCipher: commits, views, keys, migrations, backups."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from manchengo_sqlite.store import SqliteStore

__all__ = ["SqliteStore"]


def __getattr__(name: str) -> object:
    # Late: whoever only needs the keys or the errors does not wait for SQLAlchemy.
    if name == "SqliteStore":
        from manchengo_sqlite.store import SqliteStore

        return SqliteStore
    raise AttributeError(name)
