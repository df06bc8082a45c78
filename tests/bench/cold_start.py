"""From nothing running to the first answer: a full database must not open slower than an empty one.

Each start is a new process, and the file is read from the disk again where the system allows.
"""

from pathlib import Path
from pstats import Stats

from tests.bench.apart import profile_of, started
from tests.bench.big import big_database
from tests.bench.in_turn import Rounds, in_turn
from tests.bench.row import AtMost, Finding, Row, Setting, compared_by_time
from tests.bench.workshop import workshop


def measure(setting: Setting) -> list[Finding]:
    big, empty = big_database(setting), empty_database(setting)
    started("answer", empty)  # once, so that every module is compiled
    rounds = Rounds(
        *in_turn(
            12 if setting.quick else 30,
            lambda: started("answer", big),
            lambda: started("answer", empty),
        )
    )
    size = big.stat().st_size / 1e6
    seconds = rounds.our_median()
    return [
        compared_by_time(
            "cold start",
            rounds,
            AtMost(1.3),
            note=f"a new process says what is in stock; {size:,.0f} MB, beside an empty database",
        ),
        Finding(
            name="cold start, seconds",
            ours=f"{seconds:.2f} s",
            value=seconds,
            budget=AtMost(1, " s"),
            note="of the same starts; the one budget that is not a ratio",
        ),
    ]


def empty_database(setting: Setting) -> Path:
    path = setting.a_folder("cold-start") / "empty.db"
    with workshop(path):
        return path


def profiled(setting: Setting) -> Stats:
    return profile_of("answer", empty_database(setting))


ROW = Row(
    name="cold-start",
    about="a new process to its first answer, on a big database against an empty one",
    measure=measure,
    profiled=profiled,
)
