"""Devices and a server on loopback: how fast a day's work reaches the other device, and one event.

Everybody signs what they record, and everybody checks it: the server, and the device that reads. A
day in a plant that believes names is measured in turn with it, to see what that costs.

The server is the real program on its encrypted SQLite file; each device has a process and an
encrypted file of its own. Nothing stands beside: these budgets are figures, not ratios.
"""

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from pstats import Stats
from statistics import median
from threading import Event, Thread
from uuid import UUID

import httpx
from attrs import evolve, frozen

from manchengo import Manchengo, Role, SystemClock, Uuid7Ids
from manchengo.application.unit_of_work import StateCache
from manchengo.commands import RegisterUser
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.ports.rows import RawProductRow
from manchengo.ports.settings import DEVICE
from manchengo_sqlite import SqliteStore
from manchengo_sync import wire
from manchengo_sync.exchange import sync
from manchengo_sync.http import HttpLink, link_of
from manchengo_sync.joining import join
from manchengo_sync.settings import URL
from manchengo_sync.worker import Worker
from tests.bench.history import A_MAKE
from tests.bench.poor_link import Line, poor_link
from tests.bench.row import AtLeast, AtMost, Finding, Row, Setting, stats_of
from tests.bench.workshop import ACTOR, IDS, KEY, MILK, Days, Workshop, workshop
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.founding import a_genesis
from tests.support.plant import Plant
from tests.support.signers import admitted, admitting, signer_of

SIGNER = signer_of("Nadia, at the office")
GENESIS = a_genesis(ACTOR.device_id, founder_id=ACTOR.user_id, signer=SIGNER, founder="Nadia")
NADIA = RegisterUser(user_id=ACTOR.user_id, name="Nadia", roles=frozenset({Role.ADMIN}))
BESIDE, SIGNER_BESIDE = DeviceId(UUID(int=77)), signer_of("Nadia, beside a sync")
UNLIMITED = {
    f"MANCHENGO_{what}": "1000000"
    for what in (
        "DEVICE_RATE",
        "DEVICE_BURST",
        "ADDRESS_RATE",
        "ADDRESS_BURST",
        "ENROL_RATE",
        "ENROL_BURST",
    )
}
COUNTRYSIDE = Line()
HERE = Path(__file__).resolve().parents[2]


def measure(setting: Setting) -> list[Finding]:
    lots, rounds, single, few, idle = (
        (600, 1, 5, 3, 100) if setting.quick else (3_000, 3, 20, 15, 1_000)
    )
    folder = setting.a_folder("exchange")
    with a_server(folder) as server, an_office(folder) as office:
        join_with(office, server, server.first_code())
        office.dairy.execute(admitting(ACTOR.user_id, BESIDE, SIGNER_BESIDE))
        everything_said(office.store)
        with another_device(folder / "workshop.db", server) as other:
            other.waits_for(everything_said(office.store))
            days = [a_days_work(office, server, other, lots) for _ in range(3)]
            delays = one_at_a_time(office, other, single)
        cpu, answer = idle_devices(server, office, idle)
        waits = commands_beside(folder / "beside.db", server)
    lates = over_a_poor_link(setting.a_folder("poor"), few)
    firsts, believed = [days[0]], []
    for number in range(rounds):
        believed.append(a_first_day(setting.a_folder(f"names-{number}"), lots, signs=False))
        if number:
            firsts.append(a_first_day(setting.a_folder(f"first-day-{number}"), lots))
    rates = [day.rate for day in firsts]
    by_names = median(day.rate for day in believed)
    more = median(day.cpu for day in firsts) / (median(day.cpu for day in believed) or 1.0)
    third = days[-1].rate
    pending, rebased = a_rebase(setting, 200 if setting.quick else 1_000)
    return [
        Finding(
            name="exchange",
            ours=f"{median(rates):,.0f} events/s",
            value=median(rates),
            lowest=min(rates),
            highest=max(rates),
            budget=AtLeast(3_000),
            note=f"{days[0].events:,} events in {lots * 3 // 2:,} commits, from one device's queue"
            " to the other's views, on loopback; each signed by its author and checked by all",
        ),
        Finding(
            name="by names",
            ours=f"{by_names:,.0f} events/s",
            note="the same where people do not sign, in turn; signatures and their checks take the"
            f" three programs {more:.2f} times the CPU time",
            figures={"rate": by_names, "times_cpu": more},
        ),
        Finding(
            name="third day",
            ours=f"{third:,.0f} events/s",
            note="the same, where all hold two such days already: more lots than are kept folded in"
            " memory",
        ),
        Finding(
            name="one event",
            ours=f"{median(delays) * 1000:,.0f} ms",
            value=median(delays),
            lowest=min(delays),
            highest=max(delays),
            budget=AtMost(1.0, " s"),
            note="from the answer to the operator to the other device's views",
        ),
        Finding(
            name="poor link",
            ours=f"{max(lates):,.1f} s",
            value=max(lates),
            lowest=min(lates),
            highest=max(lates),
            budget=AtMost(5.0, " s"),
            note=f"the slowest of {len(lates):,}, where both reach the server over {COUNTRYSIDE},"
            f" the first from cold: {lates[0]:,.1f} s; half took {median(lates):,.1f} s at most",
        ),
        Finding(
            name="idle devices",
            ours=f"{answer * 1000:,.0f} ms",
            note=f"a push beside {idle:,} that wait for news; waiting costs the server"
            f" {cpu * 100:.0f} % of a core",
            figures={"devices": idle, "cpu": cpu, "push": answer},
        ),
        Finding(
            name="beside a sync",
            ours=f"{median(waits) * 1000:,.0f} ms",
            note="a command on a device that takes the whole log in meanwhile; the slowest of"
            f" {len(waits):,} took {max(waits) * 1000:,.0f} ms",
            figures={"median": median(waits), "slowest": max(waits), "commands": len(waits)},
        ),
        Finding(
            name="rebase",
            ours=f"{rebased * 1000:,.0f} ms",
            note=f"one entry from elsewhere comes before {pending:,} pending commits",
            figures={"pending": pending, "seconds": rebased},
        ),
    ]


@frozen
class Exchanged:
    """A day's work that came to the other device; ``cpu``: of the three programs, in seconds."""

    events: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        return self.events / self.seconds


def a_first_day(folder: Path, lots: int, *, signs: bool = True) -> Exchanged:
    """As ``a_days_work``, at a plant that begins with it. ``signs``: everybody does, there."""
    with a_server(folder) as server, an_office(folder, signs=signs) as office:
        join_with(office, server, server.first_code())
        everything_said(office.store)
        with another_device(folder / "workshop.db", server) as other:
            other.waits_for(everything_said(office.store))
            return a_days_work(office, server, other, lots)


def a_days_work(office: Workshop, server: "Server", other: "Other", lots: int) -> Exchanged:
    """Recorded offline, then exchanged: how many events, and how long until all are there."""
    days = Days()
    office.all_at_once(days.receptions(lots))
    office.all_at_once(days.makes(lots // 2, A_MAKE))
    with office.store.reading() as snapshot:
        events = sum(len(waiting.commit.events) for waiting in snapshot.pending())
    spent = [cpu_of(pid) for pid in (os.getpid(), server.pid, other.process.pid)]
    began = time.monotonic()
    head = everything_said(office.store)
    seconds = other.waits_for(head) - began
    now = [cpu_of(pid) for pid in (os.getpid(), server.pid, other.process.pid)]
    return Exchanged(events, seconds, sum(now) - sum(spent))


def over_a_poor_link(folder: Path, count: int) -> list[float]:
    """As ``one_at_a_time``, where both reach the server over that line."""
    with a_server(folder) as server, an_office(folder) as office:
        join_with(office, server, server.first_code())
        everything_said(office.store)
        with poor_link(server.url, COUNTRYSIDE) as url:
            with office.store.writing() as transaction:
                transaction.set_setting(URL, url)
            with another_device(folder / "far.db", evolve(server, url=url)) as other:
                other.waits_for(everything_said(office.store))
                return one_at_a_time(office, other, count)


def one_at_a_time(office: Workshop, other: "Other", count: int) -> list[float]:
    """Both devices at work: how long each event takes from one to the other."""
    stop = Event()
    with link_of(office.store) as link:
        worker = Worker(
            store=office.store,
            link=link,
            clock=SystemClock(),
            ids=Uuid7Ids(),
            user_id=ACTOR.user_id,
        )
        running = Thread(target=worker.run, args=(stop,))
        running.start()
        delays = []
        for command in Days().receptions(count):
            time.sleep(0.7)  # a person, not a machine: each finds both at rest
            with office.store.reading() as snapshot:
                head = snapshot.cursor() + 1
            office.dairy.execute(command)
            began = time.monotonic()
            delays.append(other.waits_for(head) - began)
        stop.set()
        running.join()
    return delays


def idle_devices(server: "Server", office: Workshop, count: int) -> tuple[float, float]:
    """So many connections held open by a server that has no news: which share of a core that costs,
    and how long a push takes meanwhile.
    """
    with office.store.reading() as snapshot:
        cursor, log_hash = snapshot.cursor(), snapshot.log_hash()
        epoch = snapshot.setting("server.log_epoch") or ""
    with link_of(office.store) as link:
        token = link._token(ACTOR.device_id)
        asked = wire.encode(
            wire.PushRequest(
                protocol=wire.PROTOCOL,
                replica_id=ACTOR.device_id,
                log_epoch=epoch,
                cursor=cursor,
                log_hash=log_hash,
                schema_max=wire.schema_max(),
                limit=1,
                commits=(),
                wait=wire.LONGEST_WAIT,
            )
        )
        crowd = Thread(target=lambda: asyncio.run(_crowd(server.url, token, asked, count)))
        crowd.start()
        time.sleep(5 + count / 200)
        began, before = time.monotonic(), cpu_of(server.pid)
        time.sleep(5)
        share = (cpu_of(server.pid) - before) / (time.monotonic() - began)
        office.dairy.execute(Days().reception())
        began = time.monotonic()
        everything_said(office.store, link)
        answer = time.monotonic() - began
        crowd.join()
    return share, answer


async def _crowd(url: str, token: str, asked: bytes, count: int) -> None:
    limits = httpx.Limits(max_connections=count, max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=60) as client:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        await asyncio.gather(
            *(client.post("/sync/push", content=asked, headers=headers) for _ in range(count)),
            return_exceptions=True,
        )


def commands_beside(path: Path, server: "Server") -> list[float]:
    """A new device fetches the whole log while somebody works at it: how long each command took."""
    with SqliteStore.open(path, key=KEY, create=True) as store:
        with store.writing() as transaction:
            transaction.set_setting(DEVICE, str(BESIDE))
        enrol(store, server, server.code())
        actor, signer = evolve(ACTOR, device_id=BESIDE), SIGNER_BESIDE
        here = Manchengo(store, clock=SystemClock(), ids=Uuid7Ids(), actor=actor, signer=signer)
        fetching = Thread(target=everything_said, args=(store,))
        fetching.start()
        waits = []
        while fetching.is_alive():
            with store.reading() as snapshot:
                is_there = snapshot.get(RawProductRow, MILK) is not None
            if is_there and admitted(store, ACTOR.user_id, SIGNER_BESIDE):
                began = time.monotonic()
                here.execute(Days().reception())
                waits.append(time.monotonic() - began)
            time.sleep(0.05)
        fetching.join()
    return waits or [0.0]


def a_rebase(setting: Setting, pending: int) -> tuple[int, float]:
    """What one page costs that comes before so many commits of this device."""
    folder = setting.a_folder("rebase")
    with SqliteStore.open(folder / "phone.db", key=KEY, create=True) as kept:
        plant = Plant()
        office, phone = plant.device(), plant.device(store=kept)
        office.does(A_DAIRY)
        plant.settle()
        with phone.dairy.batch() as batch:
            for number in range(pending):
                batch.execute(
                    received(f"P{number}", litres(5)), command_id=CommitId(phone.ids.new())
                )
        office.does(received("L1", litres(5)))
        office.push()
        began = time.monotonic()
        phone.pull()
        return pending, time.monotonic() - began


def profiled(setting: Setting) -> Stats:
    folder = setting.a_folder("exchange")
    with a_server(folder) as server, an_office(folder) as office:
        join_with(office, server, server.first_code())
        office.all_at_once(Days().receptions(2_000))
        return stats_of(lambda: everything_said(office.store))


# ---------------------------------------------------------------- the three programs


def cpu_of(pid: int) -> float:
    """Seconds of CPU that the process used so far; 0 where the machine does not say."""
    with suppress(FileNotFoundError):
        used = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


@frozen
class Server:
    """The real program, on its own encrypted file."""

    url: str
    pid: int
    environment: dict[str, str]

    def first_code(self) -> str:
        return self._code("first-code")

    def code(self) -> str:
        return self._code("code", "--user", NADIA.name)

    def _code(self, *words: str) -> str:
        ran = subprocess.run(
            ["manchengo-server", *words], env=self.environment, capture_output=True, text=True
        )
        found = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}\b", ran.stdout)
        assert found, ran.stderr
        return found[0]


@contextmanager
def a_server(folder: Path) -> Iterator[Server]:
    environment = os.environ | UNLIMITED
    environment["MANCHENGO_DATABASE"] = str(folder / f"plant-{IDS.new()}.db")
    environment["MANCHENGO_PASSPHRASE"] = "mesure sans secret"
    command = ["manchengo-server", "init", "--plant", "Mesures"]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    serving = subprocess.Popen(
        ["manchengo-server", "serve", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert serving.stdout is not None
        found = re.search(r"http://\S+", serving.stdout.readline())
        assert found, "the server says where it listens"
        yield Server(found[0], serving.pid, environment)
    finally:
        serving.terminate()
        serving.wait()


@frozen
class Other:
    """The other device, which only listens."""

    process: "subprocess.Popen[str]"

    def waits_for(self, head: int) -> float:
        """When it had the log up to there."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            cursor, at = line.split()
            if int(cursor) >= head:
                return float(at)
        raise AssertionError("the other device is gone")


@contextmanager
def another_device(path: Path, server: Server) -> Iterator[Other]:
    with SqliteStore.open(path, key=KEY, create=True) as store:
        with store.writing() as transaction:
            transaction.set_setting(DEVICE, str(IDS.new()))
        enrol(store, server, server.code())
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.listener", str(path)],
        cwd=HERE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Other(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=60)


@contextmanager
def an_office(folder: Path, *, signs: bool = True) -> Iterator[Workshop]:
    """At which Nadia works; ``signs``: she founded the plant, so that everybody does."""
    path = folder / "office.db"
    if signs:
        with workshop(path, signer=SIGNER, founded_by=GENESIS) as office:
            yield office
    else:
        with workshop(path) as office:
            office.dairy.execute(NADIA)
            yield office


def join_with(office: Workshop, server: Server, code: str) -> None:
    with office.store.writing() as transaction:
        transaction.set_setting(DEVICE, str(ACTOR.device_id))
    enrol(office.store, server, code)


def enrol(store: SqliteStore, server: Server, code: str) -> None:
    with HttpLink(
        server.url, device_id=ACTOR.device_id, user_id=ACTOR.user_id, private_key="00" * 32
    ) as door:
        join(store, door, url=server.url, code=code, name="mesure", user_id=ACTOR.user_id)


def everything_said(store: SqliteStore, link: HttpLink | None = None) -> int:
    """Exchange until nothing is left to say; where the log ends then."""
    with link_of(store) as own:
        done = sync(
            store,
            link or own,
            clock=SystemClock(),
            ids=Uuid7Ids(),
            state_cache=StateCache(),
            user_id=ACTOR.user_id,
        )
    return done.head


ROW = Row(
    name="exchange",
    about="devices and server on loopback: a day's work, one event, idle devices, a rebase",
    measure=measure,
    profiled=profiled,
)
