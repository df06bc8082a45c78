"""A big database in use, in processes of their own: how long things take there, and their memory.

Only memory has a budget. What else takes longer than on a small database is there to be seen.
"""

from pathlib import Path
from pstats import Stats

from tests.bench.apart import apart, profile_of
from tests.bench.databases import anew, erase
from tests.bench.history import of_size, with_past_lots
from tests.bench.row import AtMost, Finding, Row, Setting, readable

IN_USE = ("commands", "answer", "trace", "recall", "stock-at-a-date", "lists", "backup")
AT_LENGTH = ("receive", "rebuild", "verify")
SMALL = 1_000
MEGABYTE = 1e6
MOST_MEMORY = AtMost(200, " MB")


def measure_in_use(setting: Setting) -> list[Finding]:
    return watched(setting, IN_USE)


def measure_memory(setting: Setting) -> list[Finding]:
    return watched(setting, AT_LENGTH if setting.quick else ("import", *AT_LENGTH))


def watched(setting: Setting, tasks: tuple[str, ...]) -> list[Finding]:
    """Each task on a copy of the big database and on one of a small one: its times, its memory."""
    big, small = big_database(setting), small_database(setting)
    sizes = f"{big.stat().st_size / MEGABYTE:,.0f} MB; beside: {SMALL:,} lots"
    scratch = anew(big, "scratch.db"), anew(small, "small-scratch.db")
    found: list[Finding] = []
    for task in tasks:
        on_big, on_small = (apart(task, path) for path in scratch)
        found += [
            Finding(
                name=f"{task}, {name}",
                ours=readable(seconds),
                beside=readable(on_small[name]),
                value=seconds / on_small[name],
                figures={"ours_seconds": seconds, "beside_seconds": on_small[name]},
                note="" if found else f"here and below, on {sizes}",
            )
            for name, seconds in on_big.items()
            if name != "peak" and (name != "seconds" or len(on_big) == 2)
        ]
        found.append(
            Finding(
                name=f"{task}, memory",
                ours=f"{on_big['peak'] / MEGABYTE:.0f} MB",
                beside=f"{on_small['peak'] / MEGABYTE:.0f} MB",
                value=on_big["peak"] / MEGABYTE,
                budget=MOST_MEMORY,
                figures={"ours_bytes": on_big["peak"], "beside_bytes": on_small["peak"]},
            )
        )
    for path in scratch:
        erase(path)
    return found


def big_database(setting: Setting) -> Path:
    return of_size(setting.a_folder("big") / f"{setting.size}.db", setting.size)


def small_database(setting: Setting) -> Path:
    return with_past_lots(setting.a_folder("big") / f"{SMALL}-lots.db", SMALL)


def profile_in_use(setting: Setting) -> Stats:
    return profile_of("commands", anew(small_database(setting), "profiled.db"))


def profile_memory(setting: Setting) -> Stats:
    return profile_of("verify", small_database(setting))


IN_USE_ROW = Row(
    name="big",
    about="single commands, questions, lists and a backup on a big database, and on a small one",
    measure=measure_in_use,
    profiled=profile_in_use,
)
MEMORY_ROW = Row(
    name="memory",
    about="how long an import, a rebuild and a verification take on a big database, and memory",
    measure=measure_memory,
    profiled=profile_memory,
)
