"""What a file and its neighbours hold, so that a test can say that nothing was touched."""

import hashlib
from pathlib import Path

from sqlalchemy import Engine

from manchengo_sqlite.connection import open_engine, reading, writing
from manchengo_sqlite.migrate import migrate

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))


def folder_as_it_is(folder: Path) -> dict[str, str]:
    """Every file of the folder with the digest of its bytes."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def dairy(path: Path, key: bytes | None = KEY) -> Engine:
    """A migrated database, open."""
    engine = open_engine(path, key=key, create=True)
    migrate(engine)
    return engine


def closed_dairy(path: Path, key: bytes | None = KEY, **settings: str) -> None:
    engine = dairy(path, key)
    for name, value in settings.items():
        put(engine, name, value)
    engine.dispose()


def put(engine: Engine, name: str, value: str, *, durable: bool = True) -> None:
    with writing(engine, durable=durable) as connection:
        connection.exec_driver_sql("INSERT INTO _config VALUES (?, ?)", (name, value))


def settings(engine: Engine) -> dict[str, str]:
    with reading(engine) as connection:
        rows = connection.exec_driver_sql("SELECT name, value FROM _config").all()
    return {str(name): str(value) for name, value in rows}


def settings_in(path: Path, key: bytes | None = KEY) -> dict[str, str]:
    engine = open_engine(path, key=key)
    try:
        return settings(engine)
    finally:
        engine.dispose()
