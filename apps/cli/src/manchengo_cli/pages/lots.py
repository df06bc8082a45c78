"""The lots, those that leave first at the top."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from manchengo.application.genealogy import AnyLot
from manchengo.application.shelf import LotOnDay, as_of_today, lots_at, lots_now
from manchengo.ports.lists import AboveZero, Condition, OneOf
from manchengo.ports.rows import FinishedLotRow, RawLotRow
from manchengo.ports.store import Snapshot
from manchengo_cli import listing
from manchengo_cli.database import opened
from manchengo_cli.output import Column, Table, answer, tabled
from manchengo_cli.pages.things import Thing
from manchengo_cli.session import Session
from manchengo_presenters import words
from manchengo_presenters.confirmations import lot_now
from manchengo_presenters.formatting import day, plain
from manchengo_presenters.language import _
from manchengo_presenters.listing import Asked, listed
from manchengo_presenters.shapes import unit_price
from manchengo_workplace import lookups


def show_lots(
    session: Session,
    product: str | None,
    *,
    everything: bool,
    at: date | None,
    asked: Asked | None = None,
) -> None:
    """Answer the lots that hold something, of one product or of all. ``everything``: also the
    exhausted ones. ``at``: as they were at the end of that day.
    """
    with opened(session) as workplace, workplace.dairy.reading() as snapshot:
        known = lookups.product(snapshot, product) if product else None
        of = known.id if known else None
        found = (
            lots_at(snapshot, at, product_id=of)
            if at
            else lots_now(snapshot, workplace.clock.today(), product_id=of, exhausted=everything)
        )
        if asked is not None:
            found = _asked_for(snapshot, asked, of, workplace.clock.today(), everything=everything)
        # All the lots of years do not fit in memory: they come in the order they were recorded.
        lots = found if everything or asked else iter(sorted(filter(_open, found), key=_first_out))
        codes = Products(snapshot)
        answer(
            session,
            shape=lambda: (lot_shape(codes, held) for held in lots),
            page=lambda: [listing.listed(lots_table(codes, list(lots)), asked)],
        )


def _asked_for(
    snapshot: Snapshot, asked: Asked, product_id: Any, today: date, *, everything: bool
) -> Iterator[LotOnDay]:
    where: list[Condition] = [] if everything else [AboveZero("quantity_remaining")]
    if product_id is not None:
        where.append(OneOf("product_id", (product_id,)))
    after = lookups.lot(snapshot, asked.after) if asked.after else None
    kinds: tuple[type[AnyLot], ...] = (RawLotRow, FinishedLotRow)
    return as_of_today(snapshot, listed(snapshot, kinds, asked, *where, after=after), today)


class Products:
    """The codes of products, each looked up once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[Any, str] = {}

    def code(self, product_id: Any) -> str:
        """The product's code, looked up once."""
        if product_id not in self._known:
            self._known[product_id] = lookups.product_of(self._snapshot, product_id).code
        return self._known[product_id]


def lot_shape(products: Products, held: LotOnDay) -> dict[str, Any]:
    """A lot as JSON; quantities are decimals in its unit."""
    row = held.row
    return {
        "lot": row.code,
        "kind": "MP" if isinstance(row, RawLotRow) else "PF",
        "product": products.code(row.product_id),
        "unit": row.unit,
        "status": held.status,
        "entered_on": row.entered_on.isoformat(),
        "expires_on": row.expires_on.isoformat() if row.expires_on else None,
        "opening_stock": row.opening_on.isoformat() if row.opening_on else None,
        **unit_price(row),
        "initial": plain(row.quantity_initial),
        "on_hand": plain(held.on_hand),
        "reserved": plain(held.reserved),
    }


def lots_table(products: Products, lots: list[LotOnDay]) -> Table:
    """The lots as a table."""
    return tabled(
        lots,
        Column(_("Lot"), lambda held: held.row.code),
        Column(_("Product"), lambda held: products.code(held.row.product_id)),
        Column(_("Entered on"), lambda held: day(held.row.entered_on)),
        Column(
            _("Expires on"), lambda held: day(held.row.expires_on) if held.row.expires_on else ""
        ),
        Column(
            _("On hand"), lambda held: words.measured(held.on_hand, held.row.unit), figures=True
        ),
        Column(
            _("Reserved"),
            lambda held: words.measured(held.reserved, held.row.unit) if held.reserved else "",
            figures=True,
        ),
        Column(
            _("State"),
            lambda held: words.word(words.LOT_STATUSES, held.status) if held.status else "",
        ),
        empty=_("No lot holds anything. Receive one with “manchengo receive”."),
    )


def _open(held: LotOnDay) -> bool:
    return held.on_hand > 0 or held.status == "NOT_YET_HERE"


def _first_out(held: LotOnDay) -> tuple[Any, ...]:
    row = held.row
    return (
        isinstance(row, FinishedLotRow),
        row.product_id,
        row.entered_on,
        row.expires_on or date.max,
        row.id,
    )


LOTS = Thing(
    id="lot_id",
    find=lookups.lot,
    now=lambda snapshot, lot_id, day: [lot_now(lookups.lot_of(snapshot, lot_id), day)],
)
