"""One lot is received: a command whole and durable, beside the bare insertion of the same rows."""

from pstats import Stats

from tests.bench.by_hand import by_hand, insert_one_by_one, rows_of_latest
from tests.bench.databases import anew
from tests.bench.in_turn import Rounds, Spent, in_turn, timed
from tests.bench.row import AtLeast, Finding, Row, Setting, compared_by_rate, stats_of
from tests.bench.workshop import Days, workshop

AT_A_TIME = 100


def measure(setting: Setting) -> list[Finding]:
    folder = setting.a_folder("single-lot")
    with workshop(folder / "ours.db"):
        pass
    anew(folder / "ours.db", "by-hand.db")
    with (
        workshop(folder / "ours.db") as ours,
        by_hand(folder / "ours.db") as reader,
        by_hand(folder / "by-hand.db") as other,
    ):
        days = Days()

        def receive() -> Spent:
            commands = days.receptions(AT_A_TIME)
            return timed(lambda: ours.one_by_one(commands))

        def insert() -> Spent:
            written = rows_of_latest(reader, AT_A_TIME)
            return timed(lambda: insert_one_by_one(other, written))

        rounds = Rounds(*in_turn(15 if setting.quick else 50, receive, insert))
    return [
        compared_by_rate(
            "single-lot",
            rounds,
            AT_A_TIME,
            "commands/s",
            AtLeast(0.8),
            note="beside: the same rows by hand, same SQLCipher settings, FULL",
        )
    ]


def profiled(setting: Setting) -> Stats:
    with workshop(setting.a_folder("single-lot") / "profiled.db") as ours:
        commands = Days().receptions(2_000)
        return stats_of(lambda: ours.one_by_one(commands))


ROW = Row(
    name="single-lot",
    about="a lot received, durably, against hand-written SQL",
    measure=measure,
    profiled=profiled,
)
