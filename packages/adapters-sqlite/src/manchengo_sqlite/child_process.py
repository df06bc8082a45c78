"""Another process of this program that reads the same database: Python runs one thread at a time.

An interpreter is started, not forked. The key comes to it through a pipe and stands on no command
line and in no file. It reads what it is asked to, one reading after the other, until its input
ends.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from attrs import frozen

from manchengo.ports.reading_apart import Reading
from manchengo.system import collect_seldom
from manchengo_sqlite.connection import OpenFile, prepare, take_snapshot
from manchengo_sqlite.driver import connect
from manchengo_sqlite.snapshot import SqliteSnapshot

WORTH_IT = 64 * 1024 * 1024
"""Bytes of a file from which on the start of processes is made up for."""

MOST_PROCESSES = 8
"""Each takes some 60 MB."""

Moment = tuple[int, int, int]
"""What a snapshot sees of the log: head, cursor, and how often something was taken back."""


def processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def useful_processes(file: OpenFile) -> int:
    """How many processes, this one included, share work on that file; 1 where another is not worth
    its start, or cannot be started.
    """
    if file.path.stat().st_size < WORTH_IT or not _can_start_another():
        return 1
    return min(processors(), MOST_PROCESSES)


def _can_start_another() -> bool:
    """Whether there is an interpreter to start: a packaged program is none."""
    name = Path(sys.executable or "").stem.lower()
    return name.startswith("python") and not getattr(sys, "frozen", False)


@frozen
class ChildProcess:
    """Whoever asks of it gets ``EOFError`` or ``OSError`` when it is gone."""

    process: "subprocess.Popen[bytes]"

    def open(self, file: OpenFile) -> None:
        """Has it open the file. It reads nothing yet."""
        self.send((file.path, file.key))
        self.receive()

    def begin(self) -> None:
        """Has it choose its moment, while nobody may write; ``moment`` says which one."""
        self.send("begin")

    def moment(self) -> Moment:
        """What it sees of the log since ``begin``."""
        moment: Moment = self.receive()
        return moment

    def send(self, what: Any) -> None:
        """Gives it a value, as a rule a ``Reading``."""
        assert self.process.stdin is not None, "a pipe was asked for"
        pickle.dump(what, self.process.stdin)
        self.process.stdin.flush()

    def receive(self) -> Any:
        """The next value from it. Of a reading: ``("step", count)`` as often as it says so, then
        ``("done", answer)``.
        """
        assert self.process.stdout is not None, "a pipe was asked for"
        return pickle.load(self.process.stdout)

    def end(self) -> None:
        """Kills it, whatever it does."""
        self.process.kill()


@contextmanager
def started() -> Iterator[ChildProcess]:
    """Another interpreter, with the modules of this one; at the end it is ended. ``OSError`` where
    it cannot be started.
    """
    code = f"import gc; gc.disable(); from {__name__} import serve; serve()"
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    try:
        yield ChildProcess(process)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def moment_of(snapshot: SqliteSnapshot) -> Moment:
    """What the snapshot sees of the log."""
    return snapshot.head(), snapshot.cursor(), snapshot.rewinds()


def serve() -> None:
    """What the other process does, until its input ends."""
    collect_seldom()
    asked, answered = sys.stdin.buffer, sys.stdout.buffer
    path, key = pickle.load(asked)
    with closing(connect(path, key, how="mode=rw")) as connection, suppress(EOFError):
        prepare(connection)
        _say(answered, "ready")
        pickle.load(asked)
        take_snapshot(connection)
        snapshot = SqliteSnapshot.on(connection)
        _say(answered, moment_of(snapshot))
        while True:
            reading: Reading = pickle.load(asked)
            found = reading(snapshot, lambda count: _say(answered, ("step", count)))
            _say(answered, ("done", found))


def _say(answered: IO[bytes], what: Any) -> None:
    pickle.dump(what, answered, pickle.HIGHEST_PROTOCOL)
    answered.flush()
