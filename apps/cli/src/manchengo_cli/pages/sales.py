"""Clients' orders: the list, and one with its lines."""

from collections.abc import Iterator

from manchengo import withheld
from manchengo.ports.rows import (
    SalesOrderLineRow,
    SalesOrderRow,
)
from manchengo.ports.store import Snapshot
from manchengo_cli import listing
from manchengo_cli.database import opened
from manchengo_cli.output import Column, Table, answer, tabled
from manchengo_cli.session import Session
from manchengo_presenters import confirmations, words
from manchengo_presenters.formatting import day, money, plain, plain_money
from manchengo_presenters.language import _
from manchengo_presenters.listing import Asked
from manchengo_presenters.open_orders import Shape, client_of, open_rows, reserved
from manchengo_presenters.shapes import unit_price
from manchengo_workplace import lookups


def show_list(session: Session, *, everything: bool, asked: Asked | None = None) -> None:
    """Answer the open sales orders; with ``everything``, all of them."""
    with opened(session) as workplace, workplace.dairy.reading() as snapshot:
        rows = open_rows(snapshot, SalesOrderRow, everything=everything, asked=asked)
        answer(
            session,
            shape=lambda: [sales_order(snapshot, row) for row in rows],
            page=lambda: [listing.listed(sales_table(snapshot, rows), asked)],
        )


def show_one(session: Session, code: str) -> None:
    """Answer the sales order of that code, with its lines."""
    with opened(session) as workplace, workplace.dairy.reading() as snapshot:
        row = lookups.coded(snapshot, SalesOrderRow, code)
        lines = list(snapshot.rows(SalesOrderLineRow, order_id=row.id))
        answer(
            session,
            shape=lambda: {
                **sales_order(snapshot, row),
                "lines": [_order_line(snapshot, line) for line in lines],
                "reserved": list(reserved(snapshot, row.id, workplace.clock.today())),
                "returned": list(_returned(snapshot, row)),
                "reason": row.reason,
            },
            page=lambda: [
                *confirmations.sales_order(snapshot, row.id, workplace.clock.today()),
                lines_table(snapshot, lines),
            ],
        )


def sales_order(snapshot: Snapshot, row: SalesOrderRow) -> Shape:
    """A sales order as JSON, without its lines; without its amount for who may not see prices."""
    client = client_of(snapshot, row.client_id)
    shape = {
        "order": row.code,
        "client": client.code,
        "client_name": client.name,
        "status": row.status,
        "date": row.day.isoformat(),
        "wanted": row.wanted_on.isoformat() if row.wanted_on else None,
    }
    return shape if "net" in withheld(row) else shape | {"net": plain_money(row.net)}


def sales_table(snapshot: Snapshot, rows: list[SalesOrderRow]) -> Table:
    """Without the amounts where whoever asked may not read them."""
    priced = not any("net" in withheld(row) for row in rows)
    return tabled(
        rows,
        Column(_("Order"), lambda row: row.code),
        Column(_("Date"), lambda row: day(row.day)),
        Column(_("Wanted"), lambda row: day(row.wanted_on) if row.wanted_on else ""),
        Column(_("Client"), lambda row: client_of(snapshot, row.client_id).name),
        *([Column(_("Before tax"), lambda row: money(row.net), figures=True)] if priced else []),
        Column(_("State"), lambda row: words.state("sales_order", row.status)),
        empty=_("No client's order. Record one with “manchengo sell”."),
    )


def lines_table(snapshot: Snapshot, lines: list[SalesOrderLineRow]) -> Table:
    """Without the prices where whoever asked may not read them."""
    priced = not any("unit_price" in withheld(line) for line in lines)
    return tabled(
        lines,
        Column(_("Product"), lambda line: lookups.product_of(snapshot, line.product_id).code),
        Column(_("Ordered"), lambda line: words.measured(line.quantity, line.unit), figures=True),
        Column(_("Shipped"), lambda line: words.measured(line.shipped, line.unit), figures=True),
        *(
            [
                Column(
                    _("Unit price"),
                    lambda line: words.price(line.unit_price, line.price_per, line.unit),
                    figures=True,
                )
            ]
            if priced
            else []
        ),
    )


def _returned(snapshot: Snapshot, order: SalesOrderRow) -> Iterator[Shape]:
    for note, line in confirmations.returns(snapshot, order.id):
        yield {
            "delivery": note.code,
            "lot": lookups.lot_of(snapshot, line.lot_id).code,
            "product": lookups.product_of(snapshot, line.product_id).code,
            "quantity": plain(line.returned),
            "unit": line.unit,
        }


def _order_line(snapshot: Snapshot, line: SalesOrderLineRow) -> Shape:
    return {
        "product": lookups.product_of(snapshot, line.product_id).code,
        "quantity": plain(line.quantity),
        "shipped": plain(line.shipped),
        "unit": line.unit,
        **unit_price(line),
    }
