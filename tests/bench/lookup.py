"""The oldest lots of a product: finding them must not depend on how many lots there are."""

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from pstats import Stats
from statistics import median
from uuid import UUID

from manchengo.domain.allocation import Policy
from manchengo.domain.ids import LotId, ProductId
from manchengo.ports.rows import RawLotRow
from manchengo_sqlite import SqliteStore
from tests.bench.databases import made_once
from tests.bench.in_turn import Rounds, Spent, in_turn
from tests.bench.row import AtMost, Finding, Row, Setting, compared_by_time, stats_of
from tests.bench.workshop import A_LOT, FARM, FIRST_DAY, IDS, workshop

FEW = 10_000
PRODUCTS = [ProductId(UUID(int=7 << 76 | 2 << 62 | number)) for number in range(50)]
TODAY = FIRST_DAY + timedelta(days=2_000)
TAKEN = 3
AT_ONCE = 20_000


def measure(setting: Setting) -> list[Finding]:
    few, many = filled(setting, FEW), filled(setting, setting.lots)
    with workshop(many) as large, workshop(few) as small:
        rounds = Rounds(
            *in_turn(
                40 if setting.quick else 200,
                lambda: a_look_up(large.store),
                lambda: a_look_up(small.store),
            )
        )
    return [
        compared_by_time(
            "lookup",
            rounds,
            AtMost(1.3),
            note=f"p50 of finding {TAKEN} lots among {setting.lots:,}; beside: among {FEW:,}",
        )
    ]


def a_look_up(store: SqliteStore) -> Spent:
    """The median, when each product is asked for once in one snapshot."""
    spent: list[Spent] = []
    with store.reading() as snapshot:
        for product in random.sample(PRODUCTS, len(PRODUCTS)):
            wall, cpu = time.perf_counter(), time.process_time()
            found = list(
                islice(snapshot.candidates(RawLotRow, product, Policy.FIFO, on=TODAY), TAKEN)
            )
            spent.append(Spent(time.perf_counter() - wall, time.process_time() - cpu))
            assert len(found) == TAKEN, "every product has open lots"
    return Spent(median(one.wall for one in spent), median(one.cpu for one in spent))


def filled(setting: Setting, lots: int) -> Path:
    """A database with that many lots, half of them open, and nothing else."""
    return made_once(setting.a_folder("lookup") / f"{lots}.db", lambda draft: fill(draft, lots))


def fill(path: Path, lots: int) -> None:
    rows = a_lot_each(lots)
    with workshop(path) as made:
        while some := list(islice(rows, AT_ONCE)):
            with made.store.writing(durable=False) as transaction:
                transaction.put(some)


def a_lot_each(count: int) -> Iterator[RawLotRow]:
    random_bytes = random.Random(count)
    for number in range(count):
        day = FIRST_DAY + timedelta(days=2_000 * number // count)
        is_open = random_bytes.random() < 0.5
        yield RawLotRow(
            id=LotId(IDS.new()),
            code=f"L{number}",
            product_id=random_bytes.choice(PRODUCTS),
            unit=A_LOT.unit.value,
            status="AVAILABLE" if is_open else "EXHAUSTED",
            standing="released",
            standing_reason="",
            entered_on=day,
            expires_on=None
            if random_bytes.random() < 0.2
            else TODAY + timedelta(random_bytes.randrange(90)),
            quantity_initial=A_LOT.thousandths,
            quantity_remaining=random_bytes.randrange(1, A_LOT.thousandths) if is_open else 0,
            opening_on=None,
            quantity_reserved=0,
            supplier_id=FARM,
            supplier_reference="",
            unit_price=6_000,
        )


def profiled(setting: Setting) -> Stats:
    with workshop(filled(setting, FEW)) as made:
        return stats_of(lambda: [a_look_up(made.store) for _ in range(200)])


ROW = Row(
    name="lookup",
    about="the oldest lots of a product, among many lots against few",
    measure=measure,
    profiled=profiled,
)
