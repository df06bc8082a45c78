"""The lots, those that leave first at the top."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from attrs import frozen

from manchengo.application.genealogy import AnyLot
from manchengo.ports.rows import (
    FinishedLotRow,
    MovementRow,
    ProductRow,
    RawLotRow,
    RawProductRow,
    ReservationRow,
)
from manchengo.ports.store import Snapshot
from manchengo_cli import lookups
from manchengo_cli.compose import opened
from manchengo_cli.output import Column, Table, answer
from manchengo_cli.session import Session
from manchengo_presenters import words
from manchengo_presenters.formatting import day, plain
from manchengo_presenters.language import _

HOLDING = ("AVAILABLE", "RESERVED", "QUARANTINED", "BLOCKED", "RECALLED")
"""The states in which a lot may still hold something."""


@frozen
class Held:
    """A lot and what it held: in thousandths. ``status`` is None for a past day: views hold only
    the present one.
    """

    row: AnyLot
    on_hand: int
    reserved: int
    status: str | None


def show_lots(session: Session, product: str | None, *, everything: bool, at: date | None) -> None:
    with opened(session) as place, place.store.reading() as snapshot:
        known = lookups.product(snapshot, product) if product else None
        asked: dict[str, Any] = {"product_id": known.id} if known else {}
        found = (
            then(snapshot, asked, at)
            if at
            else now(snapshot, kinds_of(known), asked, everything=everything)
        )
        # All the lots of years do not fit in memory: they come in the order they were recorded.
        lots = found if everything else iter(sorted(filter(_open, found), key=_first_out))
        codes = Products(snapshot)
        answer(
            session,
            shape=lambda: (lot_shape(codes, held) for held in lots),
            page=lambda: [lots_table(codes, list(lots))],
        )


def kinds_of(product: ProductRow | None) -> list[type[RawLotRow] | type[FinishedLotRow]]:
    """The tables that hold the lots of a product, or of all."""
    if product is None:
        return [RawLotRow, FinishedLotRow]
    return [RawLotRow if isinstance(product, RawProductRow) else FinishedLotRow]


def now(
    snapshot: Snapshot,
    kinds: list[type[RawLotRow] | type[FinishedLotRow]],
    asked: dict[str, Any],
    *,
    everything: bool,
) -> Iterator[Held]:
    narrowed = [asked] if everything else [{**asked, "status": status} for status in HOLDING]
    for kind in kinds:
        for equal in narrowed:
            for row in snapshot.rows(kind, **equal):
                yield Held(row, row.quantity_remaining, row.quantity_reserved, row.status)


def then(snapshot: Snapshot, asked: dict[str, Any], day: date) -> Iterator[Held]:
    """When that day ended: every lot that had come in by then, from its movements."""
    reserved: dict[Any, int] = {}
    for hold in snapshot.rows(ReservationRow, **asked):
        if hold.day <= day:
            reserved[hold.lot_id] = reserved.get(hold.lot_id, 0) + hold.quantity
    # Movements come lot by lot, in the order of their key: no more than one lot is held at once.
    for lot_id, lines in groupby(snapshot.rows(MovementRow, **asked), lambda line: line.lot_id):
        by_then = [line.quantity for line in lines if line.day <= day]
        if by_then:
            row = lookups.lot_of(snapshot, lot_id)
            yield Held(row, sum(by_then), reserved.get(lot_id, 0), None)


class Products:
    """The codes of products, each looked up once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[Any, str] = {}

    def code(self, product_id: Any) -> str:
        if product_id not in self._known:
            self._known[product_id] = lookups.product_of(self._snapshot, product_id).code
        return self._known[product_id]


def lot_shape(products: Products, held: Held) -> dict[str, Any]:
    row = held.row
    return {
        "lot": row.code,
        "kind": "MP" if isinstance(row, RawLotRow) else "PF",
        "product": products.code(row.product_id),
        "unit": row.unit,
        "status": held.status,
        "entered_on": row.entered_on.isoformat(),
        "expires_on": row.expires_on.isoformat() if row.expires_on else None,
        "initial": plain(row.quantity_initial),
        "on_hand": plain(held.on_hand),
        "reserved": plain(held.reserved),
    }


def lots_table(products: Products, lots: list[Held]) -> Table:
    return Table(
        [
            Column(_("Lot")),
            Column(_("Product")),
            Column(_("Entered on")),
            Column(_("Expires on")),
            Column(_("On hand"), figures=True),
            Column(_("Reserved"), figures=True),
            Column(_("State")),
        ],
        [
            (
                held.row.code,
                products.code(held.row.product_id),
                day(held.row.entered_on),
                day(held.row.expires_on) if held.row.expires_on else "",
                words.measured(held.on_hand, held.row.unit),
                words.measured(held.reserved, held.row.unit) if held.reserved else "",
                words.word(words.LOT_STATUSES, held.status) if held.status else "",
            )
            for held in lots
        ],
        empty=_("No lot holds anything. Receive one with “manchengo receive”."),
    )


def _open(held: Held) -> bool:
    return held.on_hand > 0


def _first_out(held: Held) -> tuple[Any, ...]:
    row = held.row
    return (
        isinstance(row, FinishedLotRow),
        row.product_id,
        row.entered_on,
        row.expires_on or date.max,
        row.id,
    )
