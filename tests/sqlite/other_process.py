"""What another process does to the same database while a test looks on. Run by ``elsewhere``."""

import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from manchengo.application.views import refill
from manchengo.ports import write_buffer
from manchengo_sqlite import SqliteStore
from manchengo_sqlite.connection import open_engine, reading, writing
from manchengo_sqlite.errors import StorageError
from manchengo_sqlite.migrate import migrate
from manchengo_sqlite.steps import Progress, Step, shipped, sql_step
from tests.sqlite.witness import KEY, put, settings
from tests.support.fork_server import Process, start


def elsewhere(task: str, *words: str | Path) -> Process:
    """Another process at work on the database: one of the tasks below."""
    work = partial(run_task, task, *map(str, words))
    return start(work, env=os.environ, stdin=subprocess.PIPE)


def run_task(task: str, path: str, *words: str) -> None:
    """What the process does: the task, on the file at that path."""
    globals()[task](Path(path), *words)


def say(word: object) -> None:
    print(word, flush=True)


def write_many(path: Path, who: str, count: str) -> None:
    """Write without a pause."""
    engine = open_engine(path, key=KEY)
    say("ready")
    sys.stdin.readline()
    for number in range(int(count)):
        put(engine, f"{who}{number}", "x")
    engine.dispose()


def write_until_killed(path: Path) -> None:
    """Say the number of each write once it is acknowledged."""
    engine = open_engine(path, key=KEY)
    for number in range(1_000_000):
        put(engine, str(number), "x" * 500)
        say(number)


def hold_the_turn(path: Path) -> None:
    """Stay in a transaction that has written something, until told to go on."""
    engine = open_engine(path, key=KEY)
    with writing(engine) as connection:
        connection.exec_driver_sql("INSERT INTO _config VALUES ('held', 'x')")
        say("held")
        sys.stdin.readline()
    engine.dispose()


def keep_open(path: Path) -> None:
    engine = open_engine(path, key=KEY)
    with reading(engine):
        pass
    say("open")
    sys.stdin.readline()
    engine.dispose()


def write_impatiently(path: Path) -> None:
    engine = open_engine(path, key=KEY, patience=0.2)
    try:
        put(engine, "impatient", "x")
    except StorageError as error:
        say(type(error).__name__)
    else:
        say("written")
    engine.dispose()


def look_for_a_lock(path: Path) -> None:
    """Whether anyone holds the lock by which SQLite says that a database is open."""
    import fcntl  # not on Windows

    with path.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)
        except OSError:
            say("locked")
        else:
            say("free")


def migrate_slowly(path: Path) -> None:
    """Stop in the middle of a step, for the test to kill."""

    def slow(connection: Connection, _progress: Progress) -> None:
        connection.exec_driver_sql("CREATE TABLE half_made (id INTEGER) STRICT")
        connection.exec_driver_sql("DELETE FROM _config")
        # More than fits the cache, so that some of it is in the file's log already.
        for _ in range(20):
            connection.exec_driver_sql("INSERT INTO half_made VALUES (1)")
            connection.exec_driver_sql(
                "INSERT INTO _config VALUES (hex(randomblob(8)), hex(randomblob(1000000)))"
            )
        say("half way")
        time.sleep(600)

    engine = open_engine(path, key=KEY)
    migrate(engine, steps=[*shipped(), Step(len(shipped()) + 1, "slow", b"?" * 32, slow)])


def migrate_on_a_signal(path: Path) -> None:
    engine = open_engine(path, key=KEY)
    say("ready")
    sys.stdin.readline()
    slow = """
    CREATE TABLE further (id INTEGER) STRICT;
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 300000)
    INSERT INTO further SELECT n FROM numbers;
    """
    step = sql_step(len(shipped()) + 1, "further", slow)
    say(len(migrate(engine, steps=[*shipped(), step])))
    engine.dispose()


def make_views_anew_slowly(path: Path) -> None:
    """Stop in the middle of filling them, for the test to kill."""
    refill.BATCH = write_buffer.ROWS_BUFFERED = 5  # type: ignore[attr-defined]

    def stop(done: int, whole: int) -> None:
        if done > whole // 2:
            say("half way")
            time.sleep(600)

    SqliteStore.open(path, key=KEY, progress=stop)


def open_on_a_signal(path: Path) -> None:
    """Say whether it made views anew."""
    steps: list[tuple[int, int]] = []
    say("ready")
    sys.stdin.readline()
    SqliteStore.open(path, key=KEY, progress=lambda *step: steps.append(step)).close()
    say("made" if steps else "found")


def fork(path: Path) -> None:
    """A child of ``fork`` tries the engine of its parent, then the file again."""
    engine = open_engine(path, key=KEY)
    put(engine, "before", "x")
    child = os.fork()
    if child == 0:
        for attempt in (lambda: put(engine, "child", "x"), lambda: open_engine(path, key=KEY)):
            try:
                attempt()
            except StorageError as error:
                say(type(error).__name__)
        os._exit(0)
    os.waitpid(child, 0)
    put(engine, "after", "x")
    say(sorted(settings(engine)))
    engine.dispose()
