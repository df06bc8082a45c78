"""A production order on one line of a list."""

from datetime import date

from attrs import frozen

from manchengo.domain.ids import ProductionOrderId
from manchengo.ports.rows import ProductionOrderRow, ProductRow
from manchengo_presenters import words
from manchengo_presenters.formatting import day
from manchengo_presenters.language import _
from manchengo_presenters.screens.tones import Tone

TONES = {
    "planned": Tone.PLAIN,
    "started": Tone.INFO,
    "completed": Tone.GOOD,
    "cancelled": Tone.PLAIN,
}


@frozen(kw_only=True)
class OrderLine:
    """``obtained``: "" before the order is completed."""

    order_id: ProductionOrderId
    code: str
    product: str
    arabic: str
    day: str
    planned: str
    obtained: str
    state: str
    tone: Tone


def is_late(row: ProductionOrderRow, today: date) -> bool:
    """Whether it was planned for a day that is over, and never started."""
    return row.status == "planned" and row.day < today


def order_line(row: ProductionOrderRow, product: ProductRow, today: date) -> OrderLine:
    """The line of that order."""
    late = is_late(row, today)
    return OrderLine(
        order_id=row.id,
        code=row.code,
        product=product.name,
        arabic=product.name_ar,
        day=day(row.day),
        planned=words.measured(row.planned, row.unit),
        obtained=words.measured(row.obtained, row.unit) if row.status == "completed" else "",
        state=_("late") if late else words.state("production_order", row.status),
        tone=Tone.WARN if late else TONES.get(row.status, Tone.PLAIN),
    )
