"""The program itself, as an operator runs it: a process, its words and its exit code."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, TypeAlias
from uuid import uuid4

import httpx
from attrs import define

from manchengo import SystemClock, Uuid7Ids
from manchengo.ports.store import Store
from manchengo_postgres import PostgresStore
from manchengo_postgres.store import schema_of
from manchengo_server import compose
from manchengo_server.main import main
from manchengo_server.service import Service
from manchengo_server.settings import Settings
from manchengo_sqlite import SqliteStore, keys
from manchengo_sync.http import NO_TLS
from tests.support import fork_server
from tests.support.cheap_keys import cheap_keys
from tests.support.fork_server import start
from tests.support.patience import PATIENCE
from tests.support.postgres import postgres

PROGRAM = [
    sys.executable,
    "-c",
    "import sys; from manchengo_server.main import main; sys.exit(main())",
]
"""The program from nothing, as a shell starts it; its words come behind."""

Program: TypeAlias = Callable[[Sequence[str]], int]
"""What a process runs, given the words."""
SERVE = ("serve", "--port", "0")
PHRASE = "une phrase de passe"


@define
class Place:
    """Where a server keeps its plant: a file, or a plant of PostgreSQL."""

    database: Path | str
    plant: str = ""

    @contextmanager
    def store(self) -> Iterator[Store]:
        """What lies there, looked at from outside."""
        if isinstance(self.database, Path):
            key = keys.unwrap(self.database, PHRASE)
            with SqliteStore.open(self.database, key=key) as file:
                yield file
        else:
            with PostgresStore.open(self.database, plant=self.plant) as there:
                yield there

    @property
    def without_wrapping(self) -> tuple[str, ...]:
        """What ``init`` is told where the server's keys are to lie unsealed."""
        return () if isinstance(self.database, Path) else ("--clear",)

    @contextmanager
    def terminal(self) -> Iterator[Service]:
        """What an operator does here beside the server, from this process."""
        with self.store() as store:
            yield Service.open(store, clock=SystemClock(), ids=Uuid7Ids())


PLACES = ("file", "PostgreSQL")


def founded(kind: str, folder: Path) -> Place:
    """A plant that begins, in one of the ``PLACES``."""
    in_a_file = kind == PLACES[0]
    made = Place(folder / "server.db") if in_a_file else Place(postgres().url(), str(uuid4()))
    settings = Settings(database=str(made.database), plant=made.plant)
    with (
        cheap_keys(),
        compose.founded(settings, "Laiterie", lambda *_: PHRASE, clear=not in_a_file),
    ):
        return made


def back_up(place: Place, copy: Path) -> None:
    if isinstance(place.database, Path):
        ran(place, "backup", str(copy))
    else:
        schema = schema_of(place.plant)
        postgres().run("pg_dump", "--format=custom", f"--schema={schema}", "-f", copy, "postgres")


def put_back(place: Place, copy: Path) -> None:
    """The server then takes back what it lacks, until ``begin-epoch``."""
    if isinstance(place.database, Path):
        assert "before-restore" in ran(place, "restore", str(copy))
    else:
        postgres().run("pg_restore", "--clean", "--dbname=postgres", copy)
        ran(place, "restore")


def lose(place: Place) -> None:
    """The disk of the server is gone, with whatever lay beside the database."""
    if isinstance(place.database, Path):
        for left in place.database.parent.glob(f"{place.database.name}*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    else:
        postgres().run("psql", "-c", f"DROP SCHEMA {schema_of(place.plant)} CASCADE", "postgres")


def begin_again(place: Place, device: Path) -> str:
    """From the backup of a device; what the server says of it."""
    words = ("init", "--from-device", str(device), *place.without_wrapping)
    done = run(place, *words, MANCHENGO_DEVICE_PASSPHRASE=PHRASE)
    assert done.returncode == 0, (done.stdout, done.stderr)
    return done.stdout


def environment(place: Place) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MANCHENGO_")}
    return {
        **kept,
        "MANCHENGO_DATABASE": str(place.database),
        "MANCHENGO_PLANT": place.plant,
        "MANCHENGO_PASSPHRASE": PHRASE,
        "MANCHENGO_LANG": "en",
        "MANCHENGO_ENROL_RATE": "1000",
        "PYTHONWARNINGS": "error",
        "COLUMNS": "100",
    }


def run(place: Place, *words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    process = start(
        partial(main, words), env=environment(place) | variables, stderr=subprocess.PIPE
    )
    output, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode is not None, "its end was waited for"
    return subprocess.CompletedProcess(words, process.returncode, output, errors)


def ran(place: Place, *words: str, **variables: str) -> str:
    """What it printed, where all went well."""
    done = run(place, *words, **variables)
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout


@define
class Process:
    """A server that runs. ``journal``: what it wrote on standard error."""

    url: str
    process: fork_server.Process
    journal: Path

    def kill(self) -> None:
        """At once, as a power cut would."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self) -> int:
        """As the system does; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def measured(self, name: str) -> float:
        answer = httpx.get(f"{self.url}/metrics", verify=NO_TLS, trust_env=False, timeout=PATIENCE)
        lines = answer.text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name} "))


@contextmanager
def running(place: Place, journal: Path, *, program: Program = main) -> Iterator[Process]:
    """On a port that the system chooses; killed at the end if it still runs."""
    with journal.open("a") as written:
        process = start(partial(program, SERVE), env=environment(place), stderr=written)
    with _ended(process, journal) as server:
        yield server


@contextmanager
def running_workers(place: Place, journal: Path, workers: int) -> Iterator[Process]:
    """The same, which starts processes of its own: what is forked from a test's must not."""
    with journal.open("a") as written:
        process = subprocess.Popen(
            [*PROGRAM, *SERVE, "--workers", str(workers)],
            env=environment(place),
            stdout=subprocess.PIPE,
            stderr=written,
            text=True,
        )
    with _ended(process, journal) as server:
        yield server


@contextmanager
def _ended(process: fork_server.Process, journal: Path) -> Iterator[Process]:
    try:
        yield Process(_url(process.stdout, journal), process, journal)
    finally:
        fork_server.kill(process)


def _url(printed: IO[str] | None, journal: Path) -> str:
    assert printed is not None, "it was asked for"
    found = re.search(r"http://\S+", printed.readline())
    assert found is not None, journal.read_text()
    return found.group()


def check_quiet(journal: Path) -> None:
    """Whatever happened, none of it was a fault of the server's."""
    lines = journal.read_text()
    assert "Traceback" not in lines
    assert '"level": "error"' not in lines


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
