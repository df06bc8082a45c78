"""The first exchange of a new device, by a snapshot: the whole log, every signature checked.

What a commit takes must not depend on how many there are, and neither must the memory.
"""

import json
import subprocess
import sys
from pathlib import Path
from pstats import Stats

from attrs import frozen

from manchengo import SystemClock, Uuid7Ids
from manchengo.application.unit_of_work import StateCache
from manchengo.ports.settings import DEVICE
from manchengo_sqlite import SqliteStore
from manchengo_sync.http import link_of
from manchengo_sync.snapshot import start
from tests.bench.exchange import (
    HERE,
    Server,
    a_server,
    an_office,
    cpu_of,
    enrol,
    everything_said,
    join_with,
)
from tests.bench.row import AtMost, Finding, Row, Setting, stats_of
from tests.bench.workshop import ACTOR, IDS, KEY, Days

MEGABYTE = 1e6


@frozen
class Joined:
    """What a new device took in. ``cpu``: its own, ``of_server``: of the server that made the
    snapshot, in seconds; ``peak``: bytes, ``peak_of_server``: of the server since it started.
    """

    entries: int
    seconds: float
    cpu: float
    peak: int
    of_server: float
    peak_of_server: int

    @property
    def micros(self) -> float:
        """Of the device's CPU, for an entry."""
        return self.cpu / self.entries * 1e6


def measure(setting: Setting) -> list[Finding]:
    many = 5_000 if setting.quick else 50_000
    few = many // 10
    large, small = (a_first_exchange(setting.a_folder(f"first-{n}"), n) for n in (many, few))
    return [
        Finding(
            name="first exchange, CPU of an entry",
            ours=f"{large.micros:,.0f} µs",
            beside=f"{small.micros:,.0f} µs",
            value=large.micros / small.micros,
            budget=AtMost(1.3),
            note=f"{large.entries:,} entries in {large.seconds:,.1f} s, by a new device that checks"
            f" them all; beside: {small.entries:,}",
            figures={"micros": large.micros, "micros_beside": small.micros},
        ),
        Finding(
            name="the server's part",
            ours=f"{large.of_server / large.entries * 1e6:,.0f} µs",
            beside=f"{small.of_server / small.entries * 1e6:,.0f} µs",
            note="its CPU for an entry, to make the snapshot and send it",
        ),
        *(
            Finding(
                name=f"first exchange, memory of {whose}",
                ours=f"{ours / MEGABYTE:.0f} MB",
                beside=f"{beside / MEGABYTE:.0f} MB",
                value=ours / MEGABYTE,
                budget=AtMost(200, " MB"),
            )
            for whose, ours, beside in (
                ("the device", large.peak, small.peak),
                ("the server", large.peak_of_server, small.peak_of_server),
            )
        ),
    ]


def a_first_exchange(folder: Path, commits: int) -> Joined:
    """Of a plant with so many commits, each signed by its author."""
    with a_server(folder) as server:
        fill(folder, server, commits)
        new = newcomer(folder / "new.db", server)
        before = cpu_of(server.pid)
        ran = subprocess.run(
            [sys.executable, "-m", "tests.bench.newcomer", str(new)],
            cwd=HERE,
            stdout=subprocess.PIPE,
            check=True,
        )
        found = json.loads(ran.stdout)
        return Joined(
            **found,
            of_server=cpu_of(server.pid) - before,
            peak_of_server=peak_of(server.pid),
        )


def fill(folder: Path, server: Server, commits: int) -> None:
    """An office records so many receptions and sends them."""
    with an_office(folder) as office:
        join_with(office, server, server.first_code())
        days = Days()
        for done in range(0, commits, 1_000):
            office.all_at_once(days.receptions(min(1_000, commits - done)))
        everything_said(office.store)


def newcomer(path: Path, server: Server) -> Path:
    """The database of a device that was let in and holds nothing yet."""
    with SqliteStore.open(path, key=KEY, create=True) as store:
        with store.writing() as transaction:
            transaction.set_setting(DEVICE, str(IDS.new()))
        enrol(store, server, server.code())
    return path


def peak_of(pid: int) -> int:
    """The most memory that the process ever had, in bytes; 0 where the machine does not say."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return 0
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def profiled(setting: Setting) -> Stats:
    folder = setting.a_folder("first-profiled")
    with a_server(folder) as server:
        fill(folder, server, 2_000)
        new = newcomer(folder / "new.db", server)
        with SqliteStore.open(new, key=KEY) as store, link_of(store) as link:
            return stats_of(
                lambda: start(
                    store,
                    link,
                    clock=SystemClock(),
                    ids=Uuid7Ids(),
                    state_cache=StateCache(),
                    user_id=ACTOR.user_id,
                )
            )


ROW = Row(
    name="first-exchange",
    about="a new device takes the whole log in, by a snapshot; what an entry takes on two sizes",
    measure=measure,
    profiled=profiled,
)
