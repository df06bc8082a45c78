"""Many plants on one PostgreSQL cluster, each with its server: devices that wait, and that push.

The servers are the real program, one for each plant, and the cluster waits for its disk. All of it
runs on this machine, with the devices: what counts is what the servers and PostgreSQL take, in CPU
time and memory, and how the figures change with the number of workers.
"""

from itertools import chain
from pstats import Stats

import psycopg
from attrs import evolve, frozen

from manchengo import SystemClock, Uuid7Ids
from manchengo_postgres import PostgresStore
from manchengo_server.service import Service
from manchengo_sync import wire
from tests.bench.crowd import AllAtOnce, Crowd, all_at_once
from tests.bench.exchange import UNLIMITED
from tests.bench.many_plants import KnownPlant, a_plant
from tests.bench.row import Finding, Row, Setting, stats_of
from tests.bench.server_programs import Taken, programs
from tests.support.postgres import Cluster, NoPostgres, a_cluster

SETTLED = 3.0
"""Seconds after which who came waits."""

CLUSTER = {"max_connections": "1000", "log_min_messages": "fatal"}
"""Apart from these, as PostgreSQL comes: what is committed is on the disk."""


@frozen(kw_only=True)
class Size:
    """``listeners``: a plant, who wait ``seconds`` in which nothing happens, then hear so many
    ``rounds`` of pushes. ``pushed``: to how many plants all push at once, ``speakers`` of each,
    ``pages`` each. ``waiting_workers``, ``workers``: of each server, one run for each number.
    """

    plants: int
    listeners: int
    seconds: float
    rounds: int
    pushed: int
    speakers: int
    pages: int
    waiting_workers: tuple[int, ...]
    workers: tuple[int, ...]


WHOLE = Size(
    plants=50,
    listeners=20,
    seconds=25.0,
    rounds=2,
    pushed=4,
    speakers=25,
    pages=6,
    waiting_workers=(1, 2),
    workers=(1, 2, 4),
)
QUICK = evolve(
    WHOLE, plants=6, seconds=5.0, pushed=2, speakers=10, pages=4, workers=(1, 2), rounds=3
)


def measure(setting: Setting) -> list[Finding]:
    return measured(QUICK if setting.quick else WHOLE)


def measured(size: Size) -> list[Finding]:
    try:
        with a_cluster(CLUSTER) as cluster:
            return _measured(cluster, size)
    except NoPostgres as missing:
        return [Finding(name="server under many", note=str(missing))]


def _measured(cluster: Cluster, size: Size) -> list[Finding]:
    of_waiting = len(size.waiting_workers) * size.rounds
    plants = [
        a_plant(
            cluster.url(),
            listeners=size.listeners,
            speakers=size.speakers if number < size.pushed else 1,
            pages=of_waiting + (len(size.workers) * size.pages if number < size.pushed else 0),
        )
        for number in range(size.plants)
    ]
    waiting = [_while_they_wait(cluster, plants, size, each) for each in size.waiting_workers]
    pushing = [_pushed_at_once(cluster, plants[: size.pushed], size, each) for each in size.workers]
    return [*chain.from_iterable(waiting), *pushing]


# ---------------------------------------------------------------- waiting


def _while_they_wait(
    cluster: Cluster, plants: list[KnownPlant], size: Size, workers: int
) -> list[Finding]:
    names = [plant.name for plant in plants]
    with programs(cluster.url(), names, workers=workers, variables=UNLIMITED) as servers:
        pids = [each.pid for each in servers]
        with Crowd([each.url for each in servers], plants) as crowd:
            alone = Taken.by(pids)
            crowd.gather(0, size.listeners // 2)
            crowd.rest(SETTLED)
            before, database_before = Taken.by(pids), Taken.by([cluster.process.pid])
            crowd.gather(size.listeners // 2)
            crowd.rest(SETTLED)
            here, there = Taken.by(pids), Taken.by([cluster.process.pid])
            transactions = _transactions(cluster)
            crowd.rest(size.seconds)
            here_after, there_after = Taken.by(pids), Taken.by([cluster.process.pid])
            transactions = _transactions(cluster) - transactions
            connections = _connections(cluster)
            heard = crowd.hears(size.rounds)
            connections_then = _connections(cluster)
    devices = len(plants) * size.listeners
    share = (here_after.cpu - here.cpu) / size.seconds
    share_there = (there_after.cpu - there.cpu) / size.seconds
    later = len(plants) * (size.listeners - size.listeners // 2)
    memory = (here_after.memory - before.memory) / later
    memory_there = (there_after.memory - database_before.memory) / later
    of_a_plant = alone.memory / len(plants)
    suffix = said(workers)
    return [
        Finding(
            name=f"a plant's server, {suffix}",
            ours=f"{of_a_plant / 1e6:,.0f} MB",
            note=f"{alone.processes / len(plants):.0f} processes, of {len(plants)} plants on one"
            f" cluster; {connections} connections while all wait, {connections_then} after news",
            figures={
                "plants": len(plants),
                "memory": of_a_plant,
                "processes": alone.processes,
                "connections": connections,
                "connections_after_news": connections_then,
            },
        ),
        Finding(
            name=f"waiting, {suffix}",
            ours=f"{share * 100:,.1f} % of a core",
            note=f"{devices:,} devices wait; PostgreSQL takes {share_there * 100:,.1f} % more, for"
            f" {transactions / size.seconds:,.0f} transactions a second; a waiting device takes"
            f" {memory / 1e3:,.0f} kB of the servers, {memory_there / 1e3:,.0f} kB of PostgreSQL",
            figures={
                "devices": devices,
                "cpu": share,
                "cpu_of_postgres": share_there,
                "transactions_a_second": transactions / size.seconds,
                "memory": memory,
                "memory_of_postgres": memory_there,
            },
        ),
        Finding(
            name=f"news, {suffix}",
            ours=f"{quantile(heard.delays, 0.5) * 1e3:,.0f} ms",
            note=f"half of {len(heard.delays):,} listeners had it by then, from the answer to the"
            f" push; 99 % after {quantile(heard.delays, 0.99) * 1e3:,.0f} ms; the push took"
            f" {quantile(heard.pushes, 0.5) * 1e3:,.0f} ms, one in a hundred"
            f" {quantile(heard.pushes, 0.99) * 1e3:,.0f}",
            figures={
                "p50": quantile(heard.delays, 0.5),
                "p99": quantile(heard.delays, 0.99),
                "push_p50": quantile(heard.pushes, 0.5),
                "push_p99": quantile(heard.pushes, 0.99),
            },
        ),
    ]


def _transactions(cluster: Cluster) -> int:
    counted = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = 'postgres'"
    return _asked(cluster, counted)


def _connections(cluster: Cluster) -> int:
    counted = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'manchengo'"
    return _asked(cluster, counted)


def _asked(cluster: Cluster, statement: str) -> int:
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        row = connection.execute(statement.encode()).fetchone()
        return int(row[0]) if row else 0


# ---------------------------------------------------------------- pushing


def _pushed_at_once(
    cluster: Cluster, plants: list[KnownPlant], size: Size, workers: int
) -> Finding:
    names = [plant.name for plant in plants]
    with programs(cluster.url(), names, workers=workers, variables=UNLIMITED) as servers:
        roots = [*(each.pid for each in servers), cluster.process.pid]
        before, there_before = Taken.by(roots), Taken.by(roots[-1:])
        done = all_at_once([each.url for each in servers], plants, size.pages)
        after, there = Taken.by(roots), Taken.by(roots[-1:])
    return _of_pushes(
        done, workers, plants, cpu=after.cpu - before.cpu, there=there.cpu - there_before.cpu
    )


def _of_pushes(
    done: AllAtOnce, workers: int, plants: list[KnownPlant], *, cpu: float, there: float
) -> Finding:
    cpu = cpu or float("nan")
    devices = sum(len(plant.speakers) for plant in plants)
    return Finding(
        name=f"pushes, {said(workers)}",
        ours=f"{done.commits / cpu:,.0f} commits per core-second",
        note=f"{devices} devices of {len(plants)} plants at once, {len(done.latencies):,} pushes;"
        f" {done.events / cpu:,.0f} events per core-second of which PostgreSQL has"
        f" {there / cpu * 100:.0f} %; {done.commits / done.seconds:,.0f} commits and"
        f" {done.events / done.seconds:,.0f} events a second beside the devices themselves; a push"
        f" {quantile(done.latencies, 0.5) * 1e3:,.0f} ms, one in a hundred"
        f" {quantile(done.latencies, 0.99) * 1e3:,.0f}",
        figures={
            "workers": workers,
            "commits": done.commits,
            "events": done.events,
            "commits_a_second": done.commits / done.seconds,
            "events_a_second": done.events / done.seconds,
            "commits_per_core": done.commits / cpu,
            "events_per_core": done.events / cpu,
            "share_of_postgres": there / cpu,
            "p50": quantile(done.latencies, 0.5),
            "p99": quantile(done.latencies, 0.99),
        },
    )


def profiled(setting: Setting) -> Stats:
    """Of a server in this process, what it does with the pushes."""
    size = QUICK if setting.quick else WHOLE
    with a_cluster(CLUSTER) as cluster:
        plant = a_plant(cluster.url(), listeners=1, speakers=size.speakers, pages=size.pages)
        with PostgresStore.open(cluster.url(), plant=plant.name) as store:
            service = Service.open(store, clock=SystemClock(), ids=Uuid7Ids())
            return stats_of(lambda: _push_all(service, plant))


def _push_all(service: Service, plant: KnownPlant) -> None:
    for speaker in plant.speakers:
        while speaker.pages:
            request = wire.decode(speaker.offers(), wire.PushRequest)
            response = service.push(request, by=speaker.device.id)
            assert response.push_error is None
            assert response.word is not None
            speaker.holds(response.head, response.word.log_hash)


def said(workers: int) -> str:
    """As the names of the findings have it."""
    return f"{workers} workers" if workers > 1 else "1 worker"


def quantile(values: list[float], part: float) -> float:
    """The smallest of these than which that part of them is no larger."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


ROW = Row(
    name="server_under_many",
    about="many plants on one PostgreSQL cluster: devices that wait, and that push at once",
    measure=measure,
    profiled=profiled,
)
