"""Processes that tests start, forked from one that has imported the programs and opened nothing.

To start Python and import a program takes more than a second, and the suite starts hundreds; a fork
takes a few hundredths. Each is a process like any other: it has its own environment and streams, is
killed, stopped or waited for. Windows cannot fork: there, each starts from nothing.
"""

import multiprocessing
import os
import pickle
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import IO, Any, TypeAlias

from attrs import define

from tests.house.sources import ROOT
from tests.support.patience import PATIENCE

PRELOADED = (
    *("__main__", "pytest", "argon2", "httpcore", "psycopg", "sqlalchemy.dialects.sqlite"),
    *("manchengo_cli.main", "manchengo_cli.pages.joining", "manchengo_cli.pages.maintenance"),
    *("manchengo_server.main", "manchengo_server.serving", "manchengo_sync.snapshot"),
    *("tests.faults.killing", "tests.faults_of_exchange.posts"),
    *("tests.postgres.workers", "tests.sqlite.other_process"),
)
"""What the processes run, and what that imports late: a fork would import it again each time."""

HAS_FORK_SERVER = "forkserver" in multiprocessing.get_all_start_methods()
FORK_SERVER: Any = multiprocessing.get_context("forkserver" if HAS_FORK_SERVER else "spawn")
if HAS_FORK_SERVER:
    FORK_SERVER.set_forkserver_preload([*PRELOADED])

Task: TypeAlias = Callable[[], int | None]
"""What a process does; the answer is its exit code. It can be pickled."""


@define
class Forked:
    """A forked process, with what tests use of ``subprocess.Popen``."""

    stdin: IO[str] | None
    stdout: IO[str] | None
    stderr: IO[str] | None
    _process: Any

    @property
    def pid(self) -> int:
        return int(self._process.pid)

    @property
    def returncode(self) -> int | None:
        code = self._process.exitcode
        return None if code is None else int(code)

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return self.returncode

    def communicate(self, *, timeout: float | None = None) -> tuple[str, str]:
        """Close its input, wait for its end, and read what it wrote, which must fit a pipe."""
        if self.stdin is not None:
            self.stdin.close()
        self.wait(timeout)
        output, errors = (each.read() if each else "" for each in (self.stdout, self.stderr))
        close_streams(self)
        return output, errors

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sig)

    def kill(self) -> None:
        self._process.kill()


Process: TypeAlias = "subprocess.Popen[str] | Forked"


def start(
    task: Task,
    *,
    env: Mapping[str, str],
    stdin: int = subprocess.DEVNULL,
    stdout: int | IO[str] = subprocess.PIPE,
    stderr: int | IO[str] = subprocess.STDOUT,
) -> Process:
    """Start a process that runs the task in that environment, with streams as ``Popen`` has."""
    if not HAS_FORK_SERVER:
        command = [sys.executable, "-c", _FROM_NOTHING, pickle.dumps(task).hex()]
        return subprocess.Popen(
            command, env=dict(env), stdin=stdin, stdout=stdout, stderr=stderr, text=True
        )
    our_input, its_input = _input(stdin)
    our_output, its_output = _output(stdout)
    our_errors, its_errors = (
        (None, _duplicate(its_output)) if stderr == subprocess.STDOUT else _output(stderr)
    )
    streams = (its_input, its_output, its_errors)
    process = FORK_SERVER.Process(target=_work, args=(task, dict(env), streams), daemon=True)
    process.start()
    for stream in streams:
        stream.close()
    return Forked(our_input, our_output, our_errors, process)


_FROM_NOTHING = f"""
import pickle, sys
sys.path.insert(0, {str(ROOT)!r})
sys.exit(pickle.loads(bytes.fromhex(sys.argv[1]))())
"""


def _input(wanted: int) -> tuple[IO[str] | None, Connection]:
    """Our end, where there is one, and its end of its standard input."""
    if wanted == subprocess.DEVNULL:
        return None, Connection(os.open(os.devnull, os.O_RDONLY), writable=False)
    if wanted != subprocess.PIPE:
        return None, Connection(os.dup(wanted), writable=False)
    reading, writing = os.pipe()
    return os.fdopen(writing, "w", encoding="utf-8"), Connection(reading, writable=False)


def _output(wanted: int | IO[str]) -> tuple[IO[str] | None, Connection]:
    """Our end, where there is one, and its end of what it writes to."""
    if not isinstance(wanted, int):
        return None, Connection(os.dup(wanted.fileno()), readable=False)
    assert wanted == subprocess.PIPE, "only a pipe or a file is written to"
    reading, writing = os.pipe()
    return os.fdopen(reading, encoding="utf-8"), Connection(writing, readable=False)


def _duplicate(stream: Connection) -> Connection:
    return Connection(os.dup(stream.fileno()), readable=False)


def _work(task: Task, environment: dict[str, str], streams: tuple[Connection, ...]) -> None:
    """Be the process: nothing of whoever forked it is left."""
    os.environ.clear()
    os.environ.update(environment)
    for descriptor, stream in enumerate(streams):
        os.dup2(stream.fileno(), descriptor)
        stream.close()
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False, buffering=1)
    if "PYTHONWARNINGS" in environment:
        warnings.simplefilter(environment["PYTHONWARNINGS"])  # type: ignore[arg-type]
    sys.exit(task())


# ---------------------------------------------------------------- a talk, line by line


def next_line(process: Process) -> str:
    """The next line that the process writes."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def go(process: Process) -> None:
    """Let it go on from where it waits for a line."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def over(process: Process) -> str:
    """What else it writes, until it ends with exit code 0."""
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output
    return output.strip()


def kill(process: Process) -> None:
    """As ``kill -9`` does: the process has no chance to tidy up."""
    process.kill()
    process.wait(PATIENCE)
    close_streams(process)


def close_streams(process: Process) -> None:
    """Close our end of each."""
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            with suppress(BrokenPipeError):
                stream.close()
