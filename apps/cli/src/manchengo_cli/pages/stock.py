"""The stock by product, and what a reservation would take of it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from manchengo.application.stock import ProductStock
from manchengo.domain.allocation import Allocation
from manchengo.ports.rows import ClientRow, ProductRow
from manchengo.ports.store import Snapshot
from manchengo_cli.database import opened
from manchengo_cli.output import Column, Part, Table, answer, tabled
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
    return tabled(
        lines,
        Column(_("Product"), lambda line: line.product.code),
        Column(_("Name"), lambda line: line.product.name),
        Column(_("On hand"), lambda line: words.measure(line.on_hand), figures=True),
        Column(_("Usable"), lambda line: words.measure(line.usable), figures=True),
        Column(_("Reserved"), lambda line: words.measure(line.reserved), figures=True),
        Column(_("Lots"), lambda line: str(line.open_lots), figures=True),
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
    taken = [(pick.lot_id, words.measure(pick.quantity)) for pick in found.picks]
    passed = [(each.lot_id, words.word(words.SKIPPED, each.reason)) for each in found.skipped]
    yield tabled(
        [(lookups.lot_of(snapshot, lot_id), what) for lot_id, what in (*taken, *passed)],
        Column(_("Lot"), lambda of: of[0].code),
        Column(_("Taken"), lambda of: of[1], figures=True),
        Column(_("Entered on"), lambda of: day(of[0].entered_on)),
        Column(_("Expires on"), lambda of: day(of[0].expires_on) if of[0].expires_on else ""),
        empty=_("There is no lot of {product}.").format(product=product.name),
    )
    if found.shortfall:
        yield _("{quantity} of {product} are missing.").format(
            quantity=words.measure(found.shortfall), product=product.name
        )
