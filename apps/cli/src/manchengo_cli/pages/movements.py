"""What came in and what went out, movement by movement."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from manchengo.application.corrections import CorrectedField, corrected_since
from manchengo.application.corrections import corrections as corrections_of
from manchengo.application.stream_queries import lot_movements
from manchengo.domain.ids import LotId
from manchengo.ports.rows import MovementRow
from manchengo.ports.store import Snapshot
from manchengo_cli.database import opened
from manchengo_cli.output import Column, Table, answer, tabled
from manchengo_cli.pages.lots import Products
from manchengo_cli.session import Session
from manchengo_presenters import corrections, words
from manchengo_presenters.formatting import day, plain
from manchengo_presenters.language import _
from manchengo_workplace import lookups

RECENT = timedelta(days=30)


def show_movements(
    session: Session,
    lot: str | None,
    *,
    since: date | None,
    until: date | None,
    product: str | None,
) -> None:
    """Answer the movements of a lot, of a product or of all, from ``since`` to ``until``, both days
    included.
    """
    with opened(session) as workplace, workplace.dairy.reading() as snapshot:
        product_id = None if product is None else lookups.product(snapshot, product).id
        if lot is not None:
            lot_id = lookups.lot(snapshot, lot).id
            rows = of_a_lot(snapshot, lot_id, since or date.min, until or date.max)
        else:
            last = until or workplace.clock.today()
            rows = of_days(snapshot, since or last - RECENT, last)
        rows = (row for row in rows if product_id in (None, row.product_id))
        named = Named(snapshot)
        answer(
            session,
            shape=lambda: (named.shape(row) for row in rows),
            page=lambda: [movements_table(named, list(rows))],
        )


def of_a_lot(snapshot: Snapshot, lot_id: LotId, since: date, until: date) -> Iterator[MovementRow]:
    """The movements of one lot between two days, both included, in order."""
    rows = [row for row in lot_movements(snapshot, lot_id) if since <= row.day <= until]
    return iter(sorted(rows, key=lambda row: (row.day, row.number)))


def of_days(snapshot: Snapshot, since: date, until: date) -> Iterator[MovementRow]:
    """Day by day, which is how movements are kept."""
    for days in range((until - since).days + 1):
        yield from snapshot.rows(MovementRow, day=since + timedelta(days=days))


class Named:
    """Movements with the codes of what they are about."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.products = Products(snapshot)
        self.causes = lookups.Causes(snapshot)
        self._lots: dict[Any, str] = {}
        self._corrections: dict[Any, tuple[CorrectedField, ...]] = {}

    def lot(self, row: MovementRow) -> str:
        """The code of the movement's lot, looked up once."""
        if row.lot_id not in self._lots:
            self._lots[row.lot_id] = lookups.lot_of(self._snapshot, row.lot_id).code
        return self._lots[row.lot_id]

    def corrected_since(self, row: MovementRow) -> tuple[CorrectedField, ...]:
        """What was corrected of the lot after this movement was recorded."""
        if row.lot_id not in self._corrections:
            self._corrections[row.lot_id] = corrections_of(self._snapshot, row.lot_id)
        return corrected_since(self._corrections[row.lot_id], row)

    def shape(self, row: MovementRow) -> dict[str, Any]:
        """A movement as JSON; the quantity is a decimal in its unit."""
        return {
            "date": row.day.isoformat(),
            "lot": self.lot(row),
            "product": self.products.code(row.product_id),
            "kind": row.kind,
            "quantity": plain(row.quantity),
            "unit": row.unit,
            "cause": self.causes.code(row.cause) or None,
            "reason": row.reason,
            "corrected_since": [corrections.shape(each) for each in self.corrected_since(row)],
        }


def movements_table(named: Named, rows: list[MovementRow]) -> Table:
    """With a last column where a lot was corrected: what was written of it at the movement."""

    def old(row: MovementRow) -> str:
        return corrections.old_values(named.corrected_since(row))

    return tabled(
        rows,
        Column(_("Lot"), named.lot),
        Column(_("Date"), lambda row: day(row.day)),
        Column(_("Product"), lambda row: named.products.code(row.product_id)),
        Column(_("Movement"), lambda row: words.word(words.MOVEMENTS, row.kind)),
        Column(_("Quantity"), lambda row: words.measured(row.quantity, row.unit), figures=True),
        Column(_("Cause"), lambda row: named.causes.code(row.cause)),
        Column(_("Reason"), lambda row: row.reason),
        *([Column(_("Corrected since"), old)] if any(map(old, rows)) else []),
        empty=_("No movement in that time."),
    )
