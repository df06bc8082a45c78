"""What is there of each product, summed up from its lots."""

from collections.abc import Iterable, Mapping
from datetime import date

from manchengo.domain.allocation import Purpose, Standing, unfit
from manchengo.domain.ids import LotId, ProductId
from manchengo.ports.rows import FinishedLotRow, RawLotRow, here_from
from manchengo.ports.store import StockLine


def by_product(
    lots: Iterable[RawLotRow | FinishedLotRow], held: Mapping[LotId, tuple[int, int]], on: date
) -> list[StockLine]:
    """A line for each product. ``held``: of each lot, what is on hand and what is reserved on that
    day, in thousandths.
    """
    lines: dict[ProductId, StockLine] = {}
    for row in lots:
        on_hand, reserved = held.get(row.id, (0, 0))
        if on_hand <= 0:
            continue
        why_not = unfit(
            received_on=here_from(row),
            expires_on=row.expires_on,
            standing=Standing(row.standing),
            on=on,
            purpose=Purpose.SALE,
        )
        usable = max(0, on_hand - reserved) if why_not is None else 0
        known = lines.get(
            row.product_id,
            StockLine(product_id=row.product_id, on_hand=0, reserved=0, usable=0, open_lots=0),
        )
        lines[row.product_id] = StockLine(
            product_id=row.product_id,
            on_hand=known.on_hand + on_hand,
            reserved=known.reserved + reserved,
            usable=known.usable + usable,
            open_lots=known.open_lots + 1,
        )
    return [lines[product_id] for product_id in sorted(lines)]
