"""Deliveries: the list, and one lot by lot."""

from collections.abc import Iterator
from datetime import date

from manchengo.ports.rows import (
    DeliveryLineRow,
    DeliveryRow,
    SalesOrderRow,
)
from manchengo.ports.store import Snapshot
from manchengo_cli.output import Column, Table, tabled
from manchengo_cli.pages.things import ListedThing
from manchengo_presenters import confirmations, words
from manchengo_presenters.formatting import day, plain
from manchengo_presenters.language import _
from manchengo_presenters.open_orders import Shape, client_of
from manchengo_workplace import lookups


def delivery(snapshot: Snapshot, row: DeliveryRow) -> Shape:
    """A delivery as JSON, without its lines."""
    client = client_of(snapshot, row.client_id)
    order = snapshot.get(SalesOrderRow, row.order_id)
    return {
        "delivery": row.code,
        "order": order.code if order else None,
        "client": client.code,
        "client_name": client.name,
        "status": row.status,
        "date": row.day.isoformat(),
        "dispatched_on": row.dispatched_on.isoformat() if row.dispatched_on else None,
        "carrier": row.carrier,
        "short_reason": row.short_reason,
        "received_by": row.received_by,
    }


def deliveries_table(snapshot: Snapshot, rows: list[DeliveryRow]) -> Table:
    """The deliveries as a table."""
    return tabled(
        rows,
        Column(_("Delivery"), lambda row: row.code),
        Column(_("Date"), lambda row: day(row.dispatched_on or row.day)),
        Column(_("Client"), lambda row: client_of(snapshot, row.client_id).name),
        Column(_("Driver"), lambda row: row.carrier),
        Column(_("State"), lambda row: words.state("delivery", row.status)),
        empty=_("No delivery. Make one of an order with “manchengo deliver”."),
    )


def _delivery_lines(snapshot: Snapshot, row: DeliveryRow, on: date) -> Iterator[Shape]:
    held = {hold.lot: hold for hold in confirmations.loaded(snapshot, row, on)}
    for line in snapshot.rows(DeliveryLineRow, delivery_id=row.id):
        lot = lookups.lot_of(snapshot, line.lot_id).code
        why = held[lot].why if lot in held else None
        yield {
            "lot": lot,
            "product": lookups.product_of(snapshot, line.product_id).code,
            "quantity": plain(line.quantity),
            "returned": plain(line.returned),
            "unit": line.unit,
            "unfit": why.value if why else None,
            "override_reason": line.override_reason,
        }


def _details(snapshot: Snapshot, row: DeliveryRow, today: date) -> Shape:
    return {"lines": list(_delivery_lines(snapshot, row, today)), "reason": row.reason}


DELIVERIES = ListedThing(
    id="delivery_id",
    find=lambda snapshot, code: lookups.coded(snapshot, DeliveryRow, code),
    now=confirmations.delivery,
    rows=DeliveryRow,
    shape=delivery,
    table=deliveries_table,
    details=_details,
    page=lambda snapshot, row, today: confirmations.delivery(snapshot, row.id, today),
)
