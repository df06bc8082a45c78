"""Production orders: the list, and one with all that went in and came out."""

from collections.abc import Iterator
from datetime import date

from manchengo.application.stream_queries import poured_materials
from manchengo.domain.ids import ProductionOrderId
from manchengo.ports.rows import (
    ProductionOrderRow,
)
from manchengo.ports.store import Snapshot
from manchengo_cli.output import Column, Table, tabled
from manchengo_cli.pages.things import ListedThing
from manchengo_presenters import confirmations, words
from manchengo_presenters.formatting import day, plain
from manchengo_presenters.language import _
from manchengo_presenters.made_lots import made_lots
from manchengo_presenters.open_orders import Shape, reserved
from manchengo_workplace import lookups


def production_order(snapshot: Snapshot, row: ProductionOrderRow) -> Shape:
    """A production order as JSON, without its materials."""
    return {
        "order": row.code,
        "product": lookups.product_of(snapshot, row.product_id).code,
        "status": row.status,
        "date": row.day.isoformat(),
        "completed_on": row.completed_on.isoformat() if row.completed_on else None,
        "planned": plain(row.planned),
        "obtained": plain(row.obtained),
        "lost": plain(row.lost),
        "unit": row.unit,
    }


def production_table(snapshot: Snapshot, rows: list[ProductionOrderRow]) -> Table:
    """The production orders as a table."""
    return tabled(
        rows,
        Column(_("Order no."), lambda row: row.code),
        Column(_("Date"), lambda row: day(row.day)),
        Column(_("Product"), lambda row: lookups.product_of(snapshot, row.product_id).code),
        Column(_("Planned"), lambda row: words.measured(row.planned, row.unit), figures=True),
        Column(
            _("Obtained"),
            lambda row: words.measured(row.obtained, row.unit) if row.completed_on else "",
            figures=True,
        ),
        Column(_("State"), lambda row: words.state("production_order", row.status)),
        empty=_("No production order. Plan one with “manchengo production plan”."),
    )


def _poured(snapshot: Snapshot, order_id: ProductionOrderId) -> Iterator[Shape]:
    for scan in poured_materials(snapshot, order_id):
        yield {
            "lot": lookups.lot_of(snapshot, scan.lot_id).code,
            "quantity": plain(scan.quantity.thousandths),
            "unit": scan.quantity.unit.value,
            "date": scan.on.isoformat(),
            "override_reason": scan.override_reason,
        }


def _made(snapshot: Snapshot, order_id: ProductionOrderId) -> Iterator[Shape]:
    for row in made_lots(snapshot, order_id):
        yield {
            "lot": row.code,
            "product": lookups.product_of(snapshot, row.product_id).code,
            "role": row.role,
            "quantity": plain(row.quantity_initial),
            "unit": row.unit,
        }


def _details(snapshot: Snapshot, row: ProductionOrderRow, today: date) -> Shape:
    return {
        "reserved": list(reserved(snapshot, row.id, today)),
        "poured": list(_poured(snapshot, row.id)),
        "lots": list(_made(snapshot, row.id)),
        "reason": row.reason,
    }


ORDERS = ListedThing(
    id="order_id",
    find=lambda snapshot, code: lookups.coded(snapshot, ProductionOrderRow, code),
    now=confirmations.production,
    rows=ProductionOrderRow,
    shape=production_order,
    table=production_table,
    details=_details,
    page=lambda snapshot, row, today: confirmations.production(snapshot, row.id, today),
)
