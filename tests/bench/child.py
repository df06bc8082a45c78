"""One piece of work in a process of its own, so that its start and its memory can be seen.

``python -m tests.bench.child TASK DATABASE`` does it and prints what it found, as JSON on one line.
What only one task needs is imported there: it would count as the others' memory and start.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from manchengo.ports.rows import FinishedLotRow
from tests.bench.workshop import FIRST_DAY, MILK, Days, Workshop, workshop

Figures = dict[str, float]


def main(task: str, path: Path) -> None:
    with workshop(path) as opened:
        began = time.perf_counter()
        found = TASKS[task](opened) or {}
        seconds = time.perf_counter() - began
        print(json.dumps({"seconds": seconds, "peak": peak(), **found}), flush=True)


def peak() -> int:
    """The most memory that this process, or one that it started, ever had, in bytes."""
    import resource

    of_others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    try:
        status = Path("/proc/self/status").read_text()
    except FileNotFoundError:
        # In bytes on macOS; elsewhere there is /proc.
        return max(of_others, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    # Not ``getrusage``: there a child begins with the peak of the process that started it.
    return max(of_others, int(status.split("VmHWM:")[1].split()[0])) * 1024


# ---------------------------------------------------------------- the tasks


def answer(opened: Workshop) -> None:
    """What is in stock: the question with which a day begins."""
    opened.dairy.stock.by_product()


def commands(opened: Workshop) -> Figures:
    """Receptions one by one; how long the median one took and the slowest in a hundred."""
    spent = []
    for command in Days().receptions(500):
        began = time.perf_counter()
        opened.dairy.execute(command)
        spent.append(time.perf_counter() - began)
    spent.sort()
    return {"p50": spent[len(spent) // 2], "p99": spent[len(spent) * 99 // 100]}


def trace(opened: Workshop) -> None:
    """Both ways from a finished lot."""
    with opened.store.reading() as snapshot:
        lot = next(snapshot.rows(FinishedLotRow, limit=1))
    opened.dairy.trace(lot.id)


def recall(opened: Workshop) -> None:
    """What a lot reaches that was poured."""
    from manchengo.application.stream_queries import poured_materials

    with opened.store.reading() as snapshot:
        lot = next(snapshot.rows(FinishedLotRow, limit=1))
        assert lot.order_id is not None, "it was made here"
        poured, *_ = poured_materials(snapshot, lot.order_id)
    reached = opened.dairy.simulate_recall(poured.lot_id)
    assert reached.lots, "at least what was made of it"


def lists(opened: Workshop) -> Figures:
    """Pages of fifty lots, as ``list_page`` has them: the median of three of each."""
    from statistics import median

    from manchengo.domain.ids import LotId
    from manchengo.ports.lists import AboveZero, ListQuery, OneOf, cursor_of
    from manchengo.ports.rows import RawLotRow

    asked = {
        "newest": ListQuery(descending=True),
        "open, first to expire": ListQuery(
            where=(AboveZero("quantity_remaining"),), sort="expires_on"
        ),
        "of one product": ListQuery(where=(OneOf("product_id", (MILK,)),), descending=True),
        "search, found": ListQuery(search="l77", descending=True),
        "search, nowhere": ListQuery(search="introuvable", descending=True),
        "by day of entry": ListQuery(sort="entered_on", descending=True),
    }
    found = {}
    with opened.store.reading() as snapshot:
        first, last = snapshot._one("SELECT min(id), max(id) FROM lots_mp")
        half_way = (int.from_bytes(first) + int.from_bytes(last)) // 2
        (middle,) = snapshot._one(
            "SELECT id FROM lots_mp WHERE id >= ? ORDER BY id LIMIT 1", half_way.to_bytes(16)
        )
        row = snapshot.get(RawLotRow, LotId(UUID(bytes=middle)))
        assert row is not None, "it was just found"
        for name, query in asked.items():
            pages: dict[str, dict[str, Any]] = {
                "first": {},
                "middle": {"beyond": cursor_of(row, query)},
                "last": {"backwards": True},
            }
            for which, where in pages.items():
                spent = []
                for _ in range(3):
                    began = time.perf_counter()
                    snapshot.page(RawLotRow, query, limit=50, **where)
                    spent.append(time.perf_counter() - began)
                found[f"{name}, {which} page"] = median(spent)
    return found


def stock_at_a_date(opened: Workshop) -> Figures:
    """A week before the last day, and half way through all of them."""
    with opened.store.reading() as snapshot:
        (last_day,) = snapshot._one("SELECT max(day) FROM stock_movements")
    last = date.fromisoformat(last_day)
    days = {"a week ago": last - timedelta(days=7), "half way": FIRST_DAY + (last - FIRST_DAY) / 2}
    spent = {}
    for name, day in days.items():
        began = time.perf_counter()
        opened.dairy.stock.by_product(at=day)
        spent[name] = time.perf_counter() - began
    return spent


def backup(opened: Workshop) -> Figures:
    """Whole; then, after a busy day, what is new."""
    from manchengo_sqlite.backup import backup as copy
    from manchengo_sqlite.incremental_backup import refresh

    destination = Path(f"{opened.path}.backup")
    destination.unlink(missing_ok=True)
    began = time.perf_counter()
    copy(opened.store.engine, destination)
    whole = time.perf_counter() - began
    opened.all_at_once(Days().receptions(1_000))
    began = time.perf_counter()
    added = refresh(opened.store.engine, destination)
    new = time.perf_counter() - began
    assert (added.commits, added.whole) == (1_000, None)
    destination.unlink()
    return {"whole": whole, "a thousand commits later": new}


def verify(opened: Workshop) -> Figures:
    """Whole, on all processors; then, after a day's work, what was added since."""
    from manchengo.application.since_checkpoint import verify_since
    from manchengo.application.whole_reading import verify_store
    from manchengo_sync.signed_log import SignedLog

    today = date(2026, 11, 30)
    began = time.perf_counter()
    found = verify_store(opened.store, SignedLog(), today=today)
    whole = time.perf_counter() - began
    assert found.sound, "what the bench wrote is not what it sealed"
    assert found.checkpoint is not None, "it is sound"
    opened.all_at_once(Days().receptions(500))
    began = time.perf_counter()
    with opened.store.reading() as snapshot:
        assert verify_since(snapshot, found.checkpoint, SignedLog(), today=today).sound
    return {"whole": whole, "a day's work later": time.perf_counter() - began}


def rebuild(opened: Workshop) -> None:
    opened.dairy.rebuild()


def receive_ten_thousand(opened: Workshop) -> None:
    """As an import does: in one batch."""
    days = Days()
    opened.all_at_once(days.reception() for _ in range(10_000))


def import_a_file(opened: Workshop) -> None:
    """A hundred thousand rows, as the command brings them in."""
    from tests.bench.csv_import import import_file, written

    file = written(opened.path.with_name("receptions.csv"), 100_000)
    import_file(opened, file)


def nothing(_: Workshop) -> None:
    """Only open."""


TASKS: dict[str, Callable[[Workshop], Figures | None]] = {
    "answer": answer,
    "backup": backup,
    "commands": commands,
    "import": import_a_file,
    "lists": lists,
    "nothing": nothing,
    "rebuild": rebuild,
    "recall": recall,
    "receive": receive_ten_thousand,
    "stock-at-a-date": stock_at_a_date,
    "trace": trace,
    "verify": verify,
}

if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
