"""The stock by product, and what a reservation would take of it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from manchengo.application.stock import ProductStock
from manchengo.domain.allocation import Allocation
from manchengo.ports.rows import ClientRow, ProductRow
from manchengo.ports.store import Snapshot
from manchengo_cli.database import opened
from manchengo_cli.output import Column, Part, Table, answer
from manchengo_cli.session import Session
from manchengo_presenters import words
from manchengo_presenters.formatting import day, plain
from manchengo_presenters.language import _
from manchengo_presenters.measures import Measure
from manchengo_workplace import lookups


def show_stock(session: Session, at: date | None) -> None:
    """Answer the stock of each product, now or at the end of that day."""
    with opened(session) as workplace:
        lines = [line for line in workplace.dairy.stock.by_product(at=at) if _worth_showing(line)]
        answer(
            session,
            shape=lambda: [stock_shape(line) for line in lines],
            page=lambda: [stock_table(lines)],
        )


def _worth_showing(line: ProductStock) -> bool:
    return bool(line.on_hand) or not line.product.archived


def stock_shape(line: ProductStock) -> dict[str, Any]:
    """The stock of a product as JSON; quantities are decimals in its unit."""
    return {
        "product": line.product.code,
        "name": line.product.name,
        "unit": line.product.unit,
        "on_hand": plain(line.on_hand.thousandths),
        "usable": plain(line.usable.thousandths),
        "reserved": plain(line.reserved.thousandths),
        "open_lots": line.open_lots,
    }


def stock_table(lines: list[ProductStock]) -> Table:
    """The stock of each product as a table."""
    return Table(
        [
            Column(_("Product")),
            Column(_("Name")),
            Column(_("On hand"), figures=True),
            Column(_("Usable"), figures=True),
            Column(_("Reserved"), figures=True),
            Column(_("Lots"), figures=True),
        ],
        [
            (
                line.product.code,
                line.product.name,
                words.measure(line.on_hand),
                words.measure(line.usable),
                words.measure(line.reserved),
                str(line.open_lots),
            )
            for line in lines
        ],
        empty=_("No product yet. Record one with “manchengo product add”, or import a file."),
    )


# ------------------------------------------------------------------------------ allocation


def show_allocation(
    session: Session, code: str, measure: Measure, *, on: date | None, client: str | None
) -> None:
    """Answer which lots would be taken for that quantity, and which would be passed over."""
    with opened(session) as workplace:
        with workplace.dairy.reading() as snapshot:
            product = lookups.product(snapshot, code)
            buyer = lookups.coded(snapshot, ClientRow, client).id if client else None
        wanted = lookups.quantity(measure, product)
        found = workplace.dairy.stock.preview(product.id, wanted, on=on, client=buyer)
        with workplace.dairy.reading() as snapshot:
            answer(
                session,
                shape=lambda: allocation_shape(snapshot, product, found),
                page=lambda: allocation_page(snapshot, product, found),
            )


def allocation_shape(snapshot: Snapshot, product: ProductRow, found: Allocation) -> dict[str, Any]:
    """An allocation as JSON; quantities are decimals in the product's unit."""
    return {
        "product": product.code,
        "unit": product.unit,
        "policy": product.allocation,
        "picks": [
            {
                "lot": lookups.lot_of(snapshot, pick.lot_id).code,
                "quantity": plain(pick.quantity.thousandths),
            }
            for pick in found.picks
        ],
        "shortfall": plain(found.shortfall.thousandths),
        "skipped": [
            {
                "lot": lookups.lot_of(snapshot, passed.lot_id).code,
                "reason": passed.reason.value,
            }
            for passed in found.skipped
        ],
    }


def allocation_page(snapshot: Snapshot, product: ProductRow, found: Allocation) -> Iterable[Part]:
    """An allocation as an operator reads it."""
    rows = []
    for pick in found.picks:
        lot = lookups.lot_of(snapshot, pick.lot_id)
        rows.append((lot.code, words.measure(pick.quantity), day(lot.entered_on), _last(lot)))
    for passed in found.skipped:
        lot = lookups.lot_of(snapshot, passed.lot_id)
        why = words.word(words.SKIPPED, passed.reason)
        rows.append((lot.code, why, day(lot.entered_on), _last(lot)))
    yield Table(
        [
            Column(_("Lot")),
            Column(_("Taken"), figures=True),
            Column(_("Entered on")),
            Column(_("Expires on")),
        ],
        rows,
        empty=_("There is no lot of {product}.").format(product=product.name),
    )
    if found.shortfall:
        yield _("{quantity} of {product} are missing.").format(
            quantity=words.measure(found.shortfall), product=product.name
        )


def _last(lot: Any) -> str:
    return day(lot.expires_on) if lot.expires_on else ""
