"""Clients' orders: the list, and one with its lines."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from manchengo import withheld
from manchengo.ports.rows import (
    SalesOrderLineRow,
    SalesOrderRow,
)
from manchengo.ports.store import Snapshot
from manchengo_cli.output import Column, Table, tabled
from manchengo_cli.pages.things import ListedThing
from manchengo_presenters import confirmations, words
from manchengo_presenters.formatting import day, money, plain, plain_money
from manchengo_presenters.language import _
from manchengo_presenters.open_orders import Shape, client_of, reserved
from manchengo_presenters.shapes import unit_price
from manchengo_workplace import lookups


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


def lines_table(snapshot: Snapshot, row: SalesOrderRow) -> Table:
    """Without the prices where whoever asked may not read them."""
    lines = _lines(snapshot, row)
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


def _lines(snapshot: Snapshot, row: SalesOrderRow) -> list[SalesOrderLineRow]:
    return list(snapshot.rows(SalesOrderLineRow, order_id=row.id))


def new_order_shape(snapshot: Snapshot, command: Any) -> Shape:
    """What the answer says of a new order beside its commit."""
    return {
        "price_lists": [
            {
                "product": price.product.code,
                "price_list": price.code,
                "since": price.since.isoformat(),
                **unit_price(price.line),
            }
            for price in confirmations.listed_prices(snapshot, command)
        ]
    }


def _details(snapshot: Snapshot, row: SalesOrderRow, today: date) -> Shape:
    return {
        "lines": [_order_line(snapshot, line) for line in _lines(snapshot, row)],
        "reserved": list(reserved(snapshot, row.id, today)),
        "returned": list(_returned(snapshot, row)),
        "reason": row.reason,
    }


ORDERS = ListedThing(
    id="order_id",
    find=lambda snapshot, code: lookups.coded(snapshot, SalesOrderRow, code),
    now=confirmations.sales_order,
    rows=SalesOrderRow,
    shape=sales_order,
    table=sales_table,
    details=_details,
    page=lambda snapshot, row, today: [
        *confirmations.sales_order(snapshot, row.id, today),
        lines_table(snapshot, row),
    ],
)
