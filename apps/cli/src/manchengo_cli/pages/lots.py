"""The lots, those that leave first at the top."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from manchengo.application.genealogy import AnyLot
from manchengo.ports.rows import FinishedLotRow, ProductRow, RawLotRow, RawProductRow
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


def show_lots(session: Session, product: str | None, *, everything: bool) -> None:
    with opened(session) as place, place.store.reading() as snapshot:
        known = lookups.product(snapshot, product) if product else None
        rows = sorted(found(snapshot, known, everything=everything), key=_first_out)
        codes = Products(snapshot)
        answer(
            session,
            shape=lambda: (lot_shape(codes, row) for row in rows),
            page=lambda: [lots_table(codes, rows)],
        )


def found(snapshot: Snapshot, product: ProductRow | None, *, everything: bool) -> Iterator[AnyLot]:
    """The lots of a product (or of all), exhausted ones only when everything is asked."""
    kinds: list[type[RawLotRow] | type[FinishedLotRow]] = [RawLotRow, FinishedLotRow]
    asked: dict[str, Any] = {}
    if product is not None:
        kinds = [RawLotRow if isinstance(product, RawProductRow) else FinishedLotRow]
        asked["product_id"] = product.id
    for kind in kinds:
        if everything:
            yield from snapshot.rows(kind, **asked)
            continue
        for status in HOLDING:
            for row in snapshot.rows(kind, status=status, **asked):
                if row.quantity_remaining > 0:
                    yield row


class Products:
    """The codes of products, each looked up once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[Any, str] = {}

    def code(self, product_id: Any) -> str:
        if product_id not in self._known:
            self._known[product_id] = lookups.product_of(self._snapshot, product_id).code
        return self._known[product_id]


def lot_shape(products: Products, row: AnyLot) -> dict[str, Any]:
    return {
        "lot": row.code,
        "kind": "MP" if isinstance(row, RawLotRow) else "PF",
        "product": products.code(row.product_id),
        "unit": row.unit,
        "status": row.status,
        "entered_on": row.entered_on.isoformat(),
        "expires_on": row.expires_on.isoformat() if row.expires_on else None,
        "initial": plain(row.quantity_initial),
        "on_hand": plain(row.quantity_remaining),
        "reserved": plain(row.quantity_reserved),
    }


def lots_table(products: Products, rows: list[AnyLot]) -> Table:
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
                row.code,
                products.code(row.product_id),
                day(row.entered_on),
                day(row.expires_on) if row.expires_on else "",
                words.measured(row.quantity_remaining, row.unit),
                words.measured(row.quantity_reserved, row.unit) if row.quantity_reserved else "",
                words.word(words.LOT_STATUSES, row.status),
            )
            for row in rows
        ],
        empty=_("No lot holds anything. Receive one with “manchengo receive”."),
    )


def _first_out(row: AnyLot) -> tuple[Any, ...]:
    return (
        isinstance(row, FinishedLotRow),
        row.product_id,
        row.entered_on,
        row.expires_on or date.max,
        row.id,
    )
