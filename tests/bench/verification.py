"""The whole verified beside reading and hashing the log once; a day's work on two sizes."""

from contextlib import ExitStack
from datetime import date
from pstats import Stats

from attrs import evolve

from manchengo import codec
from manchengo.application.checkpoint import Checkpoint
from manchengo.application.integrity import verify
from manchengo.application.since_checkpoint import verify_since
from manchengo.application.whole_reading import verify_store
from manchengo_sync.signed_log import SignedLog
from tests.bench.databases import anew
from tests.bench.history import with_past_lots
from tests.bench.in_turn import Rounds, in_turn, timed
from tests.bench.row import AtMost, Finding, Row, Setting, compared_by_time, stats_of
from tests.bench.workshop import Days, Workshop, workshop

TODAY = date(2026, 11, 30)
A_DAYS_WORK = 500
TIMES_AS_MUCH = 10
"""The larger of the two is read in several processes: it has more than 64 MB."""


def measure(setting: Setting) -> list[Finding]:
    """The CPU time of the whole is spent in several processes, so no ratio of it is given."""
    lots = 25_000 if setting.quick else 40_000
    rounds = 3 if setting.quick else 5
    folder = setting.a_folder("verification")
    large, small = (
        with_past_lots(folder / f"{count}.db", count) for count in (lots, lots // TIMES_AS_MUCH)
    )
    with ExitStack() as opened:
        one = opened.enter_context(workshop(anew(large, "large.db")))
        other = opened.enter_context(workshop(anew(small, "small.db")))
        whole = in_turn(
            rounds, lambda: timed(lambda: read_whole(one)), lambda: timed(lambda: read_once(one))
        )
        then = {each.path: after_a_days_work(each) for each in (one, other)}
        since = in_turn(
            rounds,
            lambda: timed(lambda: read_since(one, then[one.path])),
            lambda: timed(lambda: read_since(other, then[other.path])),
        )
    return [
        evolve(
            compared_by_time(
                "verify, whole",
                Rounds(*whole),
                AtMost(1.5),
                note=f"{lots:,} lots that came and went; beside: the log read and hashed once",
            ),
            by_cpu=None,
        ),
        compared_by_time(
            "verify, since a checkpoint",
            Rounds(*since),
            AtMost(1.3),
            note=f"{A_DAYS_WORK} receptions on {lots:,} lots; beside: on {lots // TIMES_AS_MUCH:,}",
        ),
    ]


def read_whole(opened: Workshop) -> None:
    assert verify_store(opened.store, SignedLog()).sound


def read_once(opened: Workshop) -> None:
    with opened.store.reading() as snapshot:
        for commit in snapshot.commits():
            assert codec.commit_hash(commit) == commit.hash


def after_a_days_work(opened: Workshop) -> Checkpoint:
    """The checkpoint of before."""
    with opened.store.reading() as snapshot:
        checkpoint = verify(snapshot, SignedLog(), today=TODAY).checkpoint
    assert checkpoint is not None
    opened.all_at_once(Days().receptions(A_DAYS_WORK))
    return checkpoint


def read_since(opened: Workshop, checkpoint: Checkpoint) -> None:
    with opened.store.reading() as snapshot:
        assert verify_since(snapshot, checkpoint, SignedLog(), today=TODAY).sound


def profiled(setting: Setting) -> Stats:
    path = with_past_lots(setting.a_folder("verification") / "profiled.db", 5_000)
    with workshop(path) as opened, opened.store.reading() as snapshot:
        return stats_of(lambda: verify(snapshot, SignedLog(), today=TODAY))


ROW = Row(
    name="verification",
    about="all verified, against reading and hashing the log once; a day's work, on two sizes",
    measure=measure,
    profiled=profiled,
)
