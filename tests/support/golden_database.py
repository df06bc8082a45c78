"""One database of every release, and what that release answered: no later one may forget how.

    python -m tests.support.golden_database

adds the database of this release to ``tests/golden/databases``, with its answers beside it, if it
has none yet. It never touches a file that is there. The databases are encrypted under the key that
is published here, and hold the fortnight of ``tests.support.story``.
"""

import json
import sys
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from manchengo import Manchengo, Quantity
from manchengo.application.genealogy import TraceNode
from manchengo.ports.rows import FinishedLotRow, RawLotRow
from manchengo_sqlite import SqliteStore
from manchengo_sqlite.backup import backup
from tests.support.dairy import day, lot_id
from tests.support.given import open_dairy
from tests.support.story import a_fortnight

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "databases"
PUBLISHED_KEY = bytes(range(32))

DAYS = (day(0), day(2), day(5), day(30))
ROOTS = ("L1", "L2", "T1", "C1", "W1")


def answers(dairy: Manchengo) -> dict[str, Any]:
    """What anybody could ask of it, in shapes that are written here and nowhere else."""
    with dairy.store.reading() as snapshot:
        log = [commit.hash.hex() for commit in snapshot.commits()]
        lots = [*snapshot.rows(RawLotRow), *snapshot.rows(FinishedLotRow)]
    return {
        "commits": log,
        "lots": {lot.code: [lot.status, lot.quantity_remaining, lot.unit] for lot in lots},
        "stock": {on.isoformat(): stock(dairy, on) for on in DAYS},
        "traces": {root: trace(dairy, root) for root in ROOTS},
        "recalls": {root: recall(dairy, root) for root in ROOTS},
    }


def stock(dairy: Manchengo, on: date) -> dict[str, list[int]]:
    return {
        line.product.code: [
            line.on_hand.thousandths,
            line.reserved.thousandths,
            line.usable.thousandths,
            line.open_lots,
        ]
        for line in dairy.stock.by_product(at=on)
    }


def trace(dairy: Manchengo, code: str) -> dict[str, list[str]]:
    found = dairy.trace(lot_id(code))
    return {"origins": list(branch(found.origins)), "uses": list(branch(found.uses))}


def branch(node: TraceNode, depth: int = 0) -> Iterator[str]:
    poured = f" by {node.via}: {expected(node.used)}" if node.via else ""
    yield f"{'. ' * depth}{node.lot} ({node.product}) {expected(node.quantity)}{poured}"
    for way in node.shipments:
        yield (
            f"{'. ' * depth}> {way.client} by {way.delivery} for {way.order} on {way.day}:"
            f" {expected(way.quantity)}, {way.returned.thousandths} back"
        )
    for child in node.children:
        yield from branch(child, depth + 1)


def expected(quantity: Quantity | None) -> str:
    """As the files that past releases left have it: in thousandths."""
    assert quantity is not None, "all of these lots are in the books"
    return f"{quantity.thousandths} {quantity.unit}"


def recall(dairy: Manchengo, code: str) -> dict[str, list[str]]:
    report = dairy.simulate_recall(lot_id(code))
    return {
        "lots": [f"{lot.lot}: {lot.on_hand} of {lot.entered} {lot.unit}" for lot in report.lots],
        "clients": list(report.clients),
    }


def main(folder: Path = FOLDER, release: str = version("manchengo")) -> int:
    database, expected = folder / f"{release}.db", folder / f"{release}.json"
    if database.exists():
        print(f"{database.name} is there already")
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch:
        store = SqliteStore.open(Path(scratch) / "new.db", key=PUBLISHED_KEY, create=True)
        with store:
            dairy = a_fortnight(open_dairy(store))
            text = json.dumps(answers(dairy), indent=1, ensure_ascii=False, sort_keys=True)
            expected.write_text(text + "\n", encoding="utf-8", newline="\n")
            backup(store.engine, database)
    print(f"+ {database.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
