"""A make takes the oldest milk, 2.5 lots of it: a command whole, beside ``eventsourcing`` alone."""

from pstats import Stats

from tests.bench.by_hand import by_hand, insert_one_by_one, rows_of_latest
from tests.bench.databases import anew
from tests.bench.history import A_MAKE
from tests.bench.in_turn import Rounds, Spent, in_turn, timed
from tests.bench.peer import PeerDairy
from tests.bench.row import AtLeast, Finding, Row, Setting, compared_by_rate, stats_of
from tests.bench.workshop import Days, workshop

AT_A_TIME = 25
TRYTON = {1_000: 1.05, 10_000: 0.4}
"""Orders per second of Tryton 8.2.1 on SQLite, by the number of lots; recorded, not run here."""


def measure(setting: Setting) -> list[Finding]:
    lots = 1_000 if setting.quick else 10_000
    folder = setting.a_folder("fifo")
    days = Days()
    received = days.receptions(lots)
    with workshop(folder / "ours.db") as ours:
        ours.all_at_once(received)
    anew(folder / "ours.db", "by-hand.db")
    peer = PeerDairy(folder / "peer.db")
    peer.receive_all(received)
    with (
        workshop(folder / "ours.db") as ours,
        by_hand(folder / "ours.db") as reader,
        by_hand(folder / "by-hand.db") as other,
    ):

        def make() -> Spent:
            commands = days.makes(AT_A_TIME, A_MAKE)
            return timed(lambda: ours.one_by_one(commands))

        def make_on_the_peer() -> Spent:
            commands = days.makes(AT_A_TIME, A_MAKE)
            return timed(lambda: peer.make_all(commands))

        def insert() -> Spent:
            written = rows_of_latest(reader, AT_A_TIME)
            return timed(lambda: insert_one_by_one(other, written))

        by_ours, by_peer, hand_made = in_turn(
            lots // 2 // AT_A_TIME, make, make_on_the_peer, insert
        )
    peer.close()
    return [
        compared_by_rate(
            "fifo",
            Rounds(by_ours, by_peer),
            AT_A_TIME,
            "orders/s",
            AtLeast(1.0),
            note=f"{lots:,} lots; beside: eventsourcing with its cache, as encrypted and durable",
        ),
        compared_by_rate(
            "fifo, by hand",
            Rounds(by_ours, hand_made),
            AT_A_TIME,
            "orders/s",
            AtLeast(0.75),
            note="beside: the same rows by hand, same SQLCipher settings, FULL",
        ),
        beside_tryton(Rounds(by_ours, by_peer), lots),
    ]


def beside_tryton(rounds: Rounds, lots: int) -> Finding:
    ours, recorded = AT_A_TIME / rounds.our_median(), TRYTON[lots]
    return Finding(
        name="fifo, Tryton",
        ours=f"{ours:,.0f} orders/s",
        beside=f"{recorded:g} orders/s",
        value=ours / recorded,
        note="≥ 500 asked; Tryton's figure is recorded, not run here, so it does not decide",
    )


def profiled(setting: Setting) -> Stats:
    days = Days()
    with workshop(setting.a_folder("fifo") / "profiled.db") as ours:
        ours.all_at_once(days.receptions(2_000))
        commands = days.makes(1_000, A_MAKE)
        return stats_of(lambda: ours.one_by_one(commands))


ROW = Row(
    name="fifo",
    about="a make over 2.5 lots, against eventsourcing with its aggregate cache",
    measure=measure,
    profiled=profiled,
)
