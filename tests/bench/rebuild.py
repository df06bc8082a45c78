"""Every view dropped and made again from the log, beside inserting the rows that come out of it."""

from pstats import Stats

from manchengo.ports.rows import VIEWS
from tests.bench.by_hand import ByHand, Rows, by_hand
from tests.bench.databases import anew
from tests.bench.history import with_past_lots
from tests.bench.in_turn import Rounds, in_turn, timed
from tests.bench.row import AtMost, Finding, Row, Setting, compared_by_time, stats_of
from tests.bench.workshop import workshop


def measure(setting: Setting) -> list[Finding]:
    lots = 10_000 if setting.quick else 30_000
    path = with_past_lots(setting.a_folder("rebuild") / f"{lots}.db", lots)
    with (
        workshop(anew(path, "ours.db")) as ours,
        by_hand(anew(path, "by-hand.db"), durable=False) as other,
    ):
        rows: Rows = {kind.TABLE: other.rows(f"SELECT * FROM {kind.TABLE}") for kind in VIEWS}
        rounds = Rounds(
            *in_turn(
                3 if setting.quick else 5,
                lambda: timed(ours.dairy.rebuild),
                lambda: timed(lambda: insert_anew(other, rows)),
            )
        )
    return [
        compared_by_time(
            "rebuild",
            rounds,
            AtMost(2.5),
            note=f"{lots:,} lots that came and went; beside: the final rows by hand",
        )
    ]


def insert_anew(database: ByHand, rows: Rows) -> None:
    with database.transaction():
        for table in rows:
            database.connection.execute(f"DELETE FROM {table}")
        database.insert(rows)


def profiled(setting: Setting) -> Stats:
    path = with_past_lots(setting.a_folder("rebuild") / "profiled.db", 5_000)
    with workshop(path) as ours:
        return stats_of(ours.dairy.rebuild)


ROW = Row(
    name="rebuild",
    about="all views made again, against inserting their final rows",
    measure=measure,
    profiled=profiled,
)
