"""Reads one moment of a database in several processes: Python runs one thread at a time.

Each process opens the file for itself, by a key that comes through a pipe and stands on no command
line. They begin to read while nobody may write, so that all see the same. Whatever goes wrong in
one of them, there is no answer, and the caller reads in its own process.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Any

from attrs import frozen
from sqlalchemy import Engine

from manchengo.ports.reading_apart import Reading
from manchengo.ports.storage_errors import StorageError
from manchengo_sqlite.connection import open_file, prepare, take_snapshot, writing
from manchengo_sqlite.driver import connect
from manchengo_sqlite.snapshot import SqliteSnapshot

WORTH_IT = 64 * 1024 * 1024
"""Bytes of a file from which on the start of processes is made up for."""

MOST_PROCESSES = 8
"""Each takes some 60 MB."""

Answer = tuple[int, str, Any]
"""The place of a reading, and "step" with how much it has read or "done" with its answer; or
"failed".
"""


def processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def read_apart(
    engine: Engine, readings: Sequence[Reading], step: Callable[[int, int], None]
) -> list[Any] | None:
    """As ``manchengo.ports.reading_apart.ReadsApart``."""
    count = min(processors(), MOST_PROCESSES, len(readings))
    file = open_file(engine)
    if count < 2 or file.path.stat().st_size < WORTH_IT or not _can_start_another():
        return None
    try:
        with ExitStack() as all_of_them:
            children = [all_of_them.enter_context(_started()) for _ in range(count)]
            for child in children:
                child.send((file.path, file.key))
            for child in children:
                child.receive()
            with writing(engine, durable=False):
                for child in children:
                    child.send("begin")
                moments = {child.receive() for child in children}
            assert len(moments) == 1, "nobody wrote meanwhile"
            return _answers(children, readings, step)
    except (OSError, EOFError, pickle.PickleError, StorageError):
        return None


def _can_start_another() -> bool:
    """Whether there is an interpreter to start: a packaged program is none."""
    name = Path(sys.executable or "").stem.lower()
    return name.startswith("python") and not getattr(sys, "frozen", False)


def _answers(
    children: "Sequence[_Child]", readings: Sequence[Reading], step: Callable[[int, int], None]
) -> list[Any] | None:
    todo: SimpleQueue[int] = SimpleQueue()
    for place in range(len(readings)):
        todo.put(place)
    told: SimpleQueue[Answer] = SimpleQueue()
    for child in children:
        Thread(target=_attend, args=(child, readings, todo, told), daemon=True).start()
    answers: dict[int, Any] = {}
    while len(answers) < len(readings):
        place, what, value = told.get()
        if what == "failed":
            return None
        if what == "step":
            step(place, value)
        else:
            answers[place] = value
    return [answers[place] for place in range(len(readings))]


def _attend(
    child: "_Child",
    readings: Sequence[Reading],
    todo: SimpleQueue[int],
    told: SimpleQueue[Answer],
) -> None:
    """Gives the child one reading after the other, as long as there are any."""
    try:
        while True:
            place = todo.get_nowait()
            child.send(readings[place])
            what = ""
            while what != "done":
                what, value = child.receive()
                told.put((place, what, value))
    except Empty:
        return
    except Exception:  # whatever it is, the main thread must not wait for it
        told.put((-1, "failed", None))


@frozen
class _Child:
    process: "subprocess.Popen[bytes]"

    def send(self, what: Any) -> None:
        assert self.process.stdin is not None, "a pipe was asked for"
        pickle.dump(what, self.process.stdin)
        self.process.stdin.flush()

    def receive(self) -> Any:
        assert self.process.stdout is not None, "a pipe was asked for"
        return pickle.load(self.process.stdout)


@contextmanager
def _started() -> Iterator[_Child]:
    """Another interpreter, with the modules of this one; at the end it is ended."""
    code = f"from {__name__} import serve; serve()"
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    try:
        yield _Child(process)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def serve() -> None:
    """What the other process does, until its input ends."""
    asked, answered = sys.stdin.buffer, sys.stdout.buffer
    path, key = pickle.load(asked)
    with closing(connect(path, key, how="mode=rw")) as connection, suppress(EOFError):
        prepare(connection)
        _say(answered, "ready")
        pickle.load(asked)
        take_snapshot(connection)
        snapshot = SqliteSnapshot.on(connection)
        _say(answered, (snapshot.head(), snapshot.cursor(), snapshot.rewinds()))
        while True:
            reading: Reading = pickle.load(asked)
            found = reading(snapshot, lambda count: _say(answered, ("step", count)))
            _say(answered, ("done", found))


def _say(answered: IO[bytes], what: Any) -> None:
    pickle.dump(what, answered)
    answered.flush()
