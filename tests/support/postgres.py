"""One private PostgreSQL for the whole run, in a folder of its own; a plant for each test.

It listens on a unix socket (on Windows: on the loopback alone), and durability is off: what these
tests kill are the programs that write to it. Where there is no PostgreSQL, a laptop skips what
needs it and says why; in CI, that is a failure.
"""

import atexit
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from attrs import define

from manchengo_postgres import PostgresStore
from tests.support.patience import PATIENCE

OLDEST = 15
USUAL_PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian and Ubuntu
    "/usr/pgsql-*/bin",  # Fedora and Red Hat
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "C:/Program Files/PostgreSQL/*/bin",
)
SETTINGS: Mapping[str, str] = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "on",
    "max_connections": "100",
    "log_min_messages": "fatal",
}


class NoPostgres(Exception):
    """There is none here, or it does not start."""


@define
class Cluster:
    """A running server. ``as_user``: how its programs are started, which refuse to be root."""

    bin: Path
    folder: Path
    port: int
    as_user: dict[str, Any]
    process: "subprocess.Popen[bytes]"

    @property
    def host(self) -> str:
        return str(self.folder) if os.name == "posix" else "127.0.0.1"

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://dairy@/{database}?host={self.host}&port={self.port}"

    def run(self, program: str, *words: str | Path) -> str:
        """One of PostgreSQL's own programs against this server; what it said."""
        done = subprocess.run(
            [self.bin / program, "-h", self.host, "-p", str(self.port), "-U", "dairy", *words],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def stop(self) -> None:
        # To PostgreSQL this says: now, whoever is still connected.
        self.process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=20)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def postgres() -> Cluster:
    """The server of this run, started by the first test that asks for it."""
    found = _started()
    if isinstance(found, Cluster):
        return found
    if os.environ.get("CI"):
        pytest.fail(found, pytrace=False)
    pytest.skip(found)


@contextmanager
def on_postgres(plant: UUID | None = None, **words: Any) -> Iterator[PostgresStore]:
    """A store on an empty plant, or on that one."""
    with PostgresStore.open(postgres().url(), plant=plant or uuid4(), **words) as store:
        yield store


def execute(statement: str, *parameters: Any, database: str = "postgres") -> list[Any]:
    """One statement, by somebody who has every right on the server."""
    with psycopg.connect(postgres().url(database), autocommit=True) as connection:
        cursor = connection.execute(statement.encode(), parameters)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def a_cluster(settings: Mapping[str, str]) -> Iterator[Cluster]:
    """A server of one's own, with these settings. Raises ``NoPostgres``."""
    cluster = _start(settings)
    try:
        yield cluster
    finally:
        cluster.stop()


@cache
def _started() -> Cluster | str:
    try:
        cluster = _start(SETTINGS)
    except (NoPostgres, OSError, subprocess.SubprocessError) as error:
        return f"needs PostgreSQL {OLDEST} or newer: {error}"
    atexit.register(cluster.stop)
    return cluster


def _start(chosen: Mapping[str, str]) -> Cluster:
    programs, as_user = _programs(), _not_root()
    folder = Path(mkdtemp(prefix="manchengo-pg-"))
    if as_user:
        shutil.chown(folder, as_user["user"], as_user["group"])
    made = subprocess.run(
        [
            *(programs / "initdb", "-D", folder / "data", "-U", "dairy", "-A", "trust"),
            *("--no-sync", "--encoding=UTF8", "--no-locale"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        **as_user,
    )
    if made.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise NoPostgres(made.stderr.strip())
    port = 5432 if os.name == "posix" else _free_port()
    where = {"listen_addresses": "", "unix_socket_directories": str(folder)}
    where = where if os.name == "posix" else {"listen_addresses": "127.0.0.1"}
    settings = {**chosen, **where}
    process = subprocess.Popen(
        [
            *(programs / "postgres", "-D", folder / "data", "-p", str(port)),
            *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
        ],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **as_user,
    )
    cluster = Cluster(programs, folder, port, as_user, process)
    try:
        _wait_for(cluster)
    except BaseException:
        cluster.stop()
        raise
    return cluster


def _wait_for(cluster: Cluster) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(cluster.url()).close()
            return
        except psycopg.OperationalError as error:
            if cluster.process.poll() is not None or time.monotonic() > until:
                raise NoPostgres(f"it does not start: {error}") from error
        time.sleep(0.02)


def _programs() -> Path:
    """The folder of the newest ``initdb`` and ``postgres`` on this machine."""
    named = shutil.which("initdb")
    places = [
        *([Path(named).resolve().parent] if named else []),
        *(folder for usual in USUAL_PLACES for folder in _matching(usual)),
    ]
    found = {_version(place): place for place in reversed(places) if _has_both(place)}
    if not found:
        raise NoPostgres("none was found on this machine")
    if max(found) < OLDEST:
        raise NoPostgres(f"this machine has version {max(found)}")
    return found[max(found)]


def _matching(pattern: str) -> list[Path]:
    path = Path(pattern)
    return sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor)))) if path.anchor else []


def _has_both(place: Path) -> bool:
    return all(shutil.which(name, path=str(place)) for name in ("initdb", "postgres"))


def _version(place: Path) -> int:
    ran = subprocess.run([place / "postgres", "--version"], capture_output=True, text=True)
    number = re.search(r"\d+", ran.stdout)
    return int(number[0]) if number else 0


def _not_root() -> dict[str, Any]:
    """PostgreSQL refuses to be run by root: its programs alone are run by somebody else."""
    if os.name != "posix" or os.geteuid() != 0:
        return {}
    import grp
    import pwd

    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            account = pwd.getpwnam(name)
            group = grp.getgrgid(account.pw_gid).gr_name
            return {"user": name, "group": group, "extra_groups": []}
    raise NoPostgres("it refuses to be run by root, and there is no account nobody here")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
