"""A million events, for once and not by extrapolation: they hold together, and memory stays flat.

Minutes, so only with ``-m slow``. What takes memory runs in a process of its own, in the order of
the file: each finds what those before it left.
"""

import heapq
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from manchengo import Quantity, Unit
from manchengo.application.stream_queries import poured_materials
from manchengo.ports.rows import RawLotRow
from manchengo_sqlite import SqliteStore
from tests.bench.apart import apart
from tests.bench.big import MOST_MEMORY
from tests.bench.history import with_past_lots
from tests.bench.workshop import A_LOT, KEY, MILK, Days, workshop

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_800)]

LOTS = 500_000
"""Each came and was over: two commits, two events."""

MEGABYTE = 1e6


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_past_lots(tmp_path_factory.mktemp("million") / "atelier.db", LOTS)


def test_there_are_a_million_events(million: Path) -> None:
    with SqliteStore.open(million, key=KEY) as store, store.reading() as snapshot:
        assert snapshot._one("SELECT max(seq) FROM _events")[0] > 1_000_000


# Verified last but one, so that what the others wrote as they went is held against a rebuild.
@pytest.mark.parametrize("task", ["commands", "import", "backup", "verify", "rebuild"])
def test_it_takes_no_more_memory_than_is_allowed(
    task: str, million: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = apart(task, million)
    times = ", ".join(
        f"{name} {seconds:.2f} s" for name, seconds in figures.items() if name != PEAK
    )
    with capsys.disabled():
        print(f"\n{task}: {times}, at most {figures[PEAK] / MEGABYTE:.0f} MB")
    assert MOST_MEMORY.kept(figures[PEAK] / MEGABYTE)


PEAK = "peak"


def test_the_lots_taken_are_those_of_whoever_looks_at_every_one(million: Path) -> None:
    wanted = Quantity(123_450, Unit.KG)
    with workshop(million) as opened:
        make = Days().make(wanted)
        by_hand = list(first_in_first_out(opened.store, make.on, wanted.thousandths * 10))
        opened.dairy.execute(make)
        with opened.store.reading() as snapshot:
            scans = poured_materials(snapshot, make.order_id)
        taken = [(scan.lot_id, scan.quantity.thousandths) for scan in scans]
    assert len(taken) > 10
    assert taken == by_hand


def first_in_first_out(store: SqliteStore, on: date, wanted: int) -> Iterator[tuple[object, int]]:
    """Every lot looked at, and the oldest drained one after the other."""
    with store.reading() as snapshot:
        oldest = heapq.nsmallest(
            wanted // A_LOT.thousandths + 1_000,
            (
                (row.entered_on, row.expires_on or date.max, row.id, free)
                for row in snapshot.rows(RawLotRow)
                if (free := row.quantity_remaining - row.quantity_reserved) > 0
                and row.product_id == MILK
                and row.standing == "released"
                and row.entered_on <= on <= (row.expires_on or date.max)
            ),
        )
    for _, _, lot_id, free in oldest:
        if not wanted:
            return
        taken = min(free, wanted)
        yield lot_id, taken
        wanted -= taken
