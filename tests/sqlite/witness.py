"""What a file and its neighbours hold, so that a test can say that nothing was touched."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine

from manchengo_sqlite.connection import open_engine, reading, writing
from manchengo_sqlite.migrate import migrate
from tests.house.sources import ROOT
from tests.support.patience import PATIENCE

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


def elsewhere(*words: str | Path) -> subprocess.Popen[str]:
    """Another process at work on the database: one of the tasks of ``other_process``."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.sqlite.other_process", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def next_line(process: subprocess.Popen[str]) -> str:
    """The next line the other process says."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def go(process: subprocess.Popen[str]) -> None:
    """Let it go on from where it waits."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def over(process: subprocess.Popen[str]) -> str:
    """All the rest it says, until it ends well."""
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output
    return output.strip()


def kill(process: subprocess.Popen[str]) -> None:
    """As ``kill -9`` does: nothing gets a chance to tidy up."""
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
