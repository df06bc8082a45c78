"""From whatever people have in hand to the lots with which a trace or a recall begins.

A complaint names a delivery note or an invoice, a supplier names a lot of theirs or a day. Each
stands for one lot of ours or for several. What is only claimed is found too.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from enum import StrEnum
from uuid import UUID

from attrs import frozen

from manchengo.application.by_code import coded
from manchengo.application.genealogy import Links, lots_of_code
from manchengo.application.spellings import rows_of_code, spelt_so
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.aggregates import INVOICE
from manchengo.domain.errors import Refused, Unknown
from manchengo.domain.ids import DeliveryId, LotId, SupplierId
from manchengo.domain.names import comparison_key
from manchengo.domain.resolution import ClaimKind
from manchengo.ports.rows import (
    ClaimRow,
    DeliveryLineRow,
    DeliveryRow,
    InvoiceRow,
    MovementRow,
    ProductionOrderRow,
    RawLotRow,
    SalesOrderRow,
    SupplierRow,
)
from manchengo.ports.store import Snapshot


class ReferenceKind(StrEnum):
    """What somebody may have in hand."""

    LOT = "lot"
    SUPPLIER_LOT = "supplier_lot"
    """What the supplier wrote on the lot or on its note, as recorded at the reception."""
    SUPPLIER_DAY = "supplier_day"
    """All that a supplier brought on one day."""
    PRODUCTION_ORDER = "production_order"
    SALES_ORDER = "sales_order"
    DELIVERY = "delivery"
    INVOICE = "invoice"


@frozen(kw_only=True)
class StartingLots:
    """The lots that a reference stands for, each once, in the order in which they came in or left.

    ``code``: the reference as it is recorded; empty for ``SUPPLIER_DAY``. ``supplier``: the code of
    the supplier whose reference or day it is, else empty. ``on``: that day, of ``SUPPLIER_DAY``. Of
    ``LOT`` the lots are those that bear the code: the accepted one first, then those claimed.
    """

    kind: ReferenceKind
    code: str
    lots: tuple[LotId, ...]
    supplier: str = ""
    on: date | None = None


@frozen(kw_only=True)
class ReferenceOfSeveralKinds(Refused):
    """The reference is recorded of things of several kinds, which stand for different lots."""

    reference: str
    kinds: tuple[str, ...]


@frozen(kw_only=True)
class ReferenceOfSeveralSuppliers(Refused):
    """Several suppliers gave lots that reference. ``suppliers``: their codes."""

    reference: str
    suppliers: tuple[str, ...]


@frozen(kw_only=True)
class NoLotsBehind(Refused):
    """It is recorded, and stands for no lot: nothing came out of it, or left with it, yet."""

    kind: str
    reference: str


def starting_lots(
    snapshot: Snapshot,
    reference: str,
    *,
    kind: ReferenceKind | None = None,
    supplier: str | None = None,
) -> StartingLots:
    """The lots that ``reference`` stands for, typed as people type it.

    ``kind``: what it is, where it could be several things. ``supplier``: the code of the supplier
    whose reference it is.

    Raises ``Unknown``, ``ReferenceOfSeveralKinds``, ``ReferenceOfSeveralSuppliers``,
    ``NoLotsBehind``.
    """
    wanted = None if supplier is None else coded(snapshot, SupplierRow, supplier)
    if wanted is not None:
        kind = ReferenceKind.SUPPLIER_LOT
    links = Links(snapshot)
    found: list[StartingLots] = []
    for each, find in _FINDERS.items():
        if kind in (None, each):
            found += find(links, reference)
    if wanted is not None:
        found = [each for each in found if each.supplier == wanted.code]
    return _the_only_one(reference, kind, found)


def lots_received(snapshot: Snapshot, supplier: str, on: date) -> StartingLots:
    """All lots that the supplier of that code brought on that day. Raises ``Unknown``,
    ``NoLotsBehind``.
    """
    row = coded(snapshot, SupplierRow, supplier)
    moved = [movement.lot_id for movement in snapshot.rows(MovementRow, day=on)]
    came = snapshot.rows_with_ids(RawLotRow, dict.fromkeys(moved))
    received = (lot for lot in came.values() if lot.supplier_id == row.id)
    claims = (claim for claim in snapshot.rows(ClaimRow, cause=row.id) if claim.open)
    lots = [lot.id for lot in received if lot.entered_on == on] + [
        LotId(claim.subject)
        for claim in claims
        if claim.kind == ClaimKind.RECEIVED and claim.day == on
    ]
    if not lots:
        raise NoLotsBehind(kind=ReferenceKind.SUPPLIER_DAY, reference=f"{row.code}, {on:%d/%m/%Y}")
    return StartingLots(
        kind=ReferenceKind.SUPPLIER_DAY, code="", lots=_once(lots), supplier=row.code, on=on
    )


def _the_only_one(
    reference: str, kind: ReferenceKind | None, found: list[StartingLots]
) -> StartingLots:
    if not found:
        raise Unknown(kind=kind or "reference", reference=reference)
    begun = {frozenset(each.lots): each for each in reversed(found) if each.lots}
    if not begun:
        raise NoLotsBehind(kind=found[0].kind, reference=found[0].code)
    if len(begun) == 1:
        return begun.popitem()[1]
    kinds = tuple(dict.fromkeys(str(each.kind) for each in found if each.lots))
    if len(kinds) > 1:
        raise ReferenceOfSeveralKinds(reference=reference, kinds=kinds)
    raise ReferenceOfSeveralSuppliers(
        reference=reference, suppliers=tuple(sorted(each.supplier for each in found))
    )


def _once(lots: Iterable[LotId]) -> tuple[LotId, ...]:
    return tuple(dict.fromkeys(lots))


# --------------------------------------------------------------------------- by kind of reference


def _by_lot(links: Links, reference: str) -> Iterator[StartingLots]:
    lots = lots_of_code(links.snapshot, reference)
    if lots:
        yield StartingLots(
            kind=ReferenceKind.LOT, code=lots[0].code, lots=tuple(each.id for each in lots)
        )


def _by_supplier_lot(links: Links, reference: str) -> Iterator[StartingLots]:
    wanted = comparison_key(reference)
    if not wanted:
        return
    by_supplier: dict[SupplierId | None, list[RawLotRow]] = {}
    for lot in links.snapshot.rows(RawLotRow, reference_key=wanted):
        by_supplier.setdefault(lot.supplier_id, []).append(lot)
    for supplier_id, lots in by_supplier.items():
        supplier = links.snapshot.get(SupplierRow, supplier_id) if supplier_id else None
        yield StartingLots(
            kind=ReferenceKind.SUPPLIER_LOT,
            code=lots[0].supplier_reference,
            lots=tuple(lot.id for lot in lots),
            supplier=supplier.code if supplier else "",
        )


def _by_production_order(links: Links, reference: str) -> Iterator[StartingLots]:
    orders: dict[UUID, str] = {
        row.id: row.code
        for row in spelt_so(
            reference, list(rows_of_code(links.snapshot, reference, ProductionOrderRow))
        )
    }
    for claim in rows_of_code(links.snapshot, reference, ClaimRow):
        if claim.open and claim.kind == ClaimKind.POURED and claim.cause is not None:
            orders.setdefault(claim.cause, claim.code)
    if orders:
        made = [lot_id for order_id in orders for lot_id, _ in links.yielded_by(order_id)]
        code = next(iter(orders.values()))
        yield StartingLots(kind=ReferenceKind.PRODUCTION_ORDER, code=code, lots=_once(made))


def _by_sales_order(links: Links, reference: str) -> Iterator[StartingLots]:
    orders = spelt_so(reference, list(rows_of_code(links.snapshot, reference, SalesOrderRow)))
    if orders:
        vans = [
            row.id
            for order in orders
            for row in links.snapshot.rows(DeliveryRow, order_id=order.id)
        ]
        yield StartingLots(
            kind=ReferenceKind.SALES_ORDER, code=orders[0].code, lots=_once(_lots_in(links, vans))
        )


def _by_delivery(links: Links, reference: str) -> Iterator[StartingLots]:
    vans: dict[UUID, str] = {
        row.id: row.code
        for row in spelt_so(reference, list(rows_of_code(links.snapshot, reference, DeliveryRow)))
    }
    for claim in rows_of_code(links.snapshot, reference, ClaimRow):
        if claim.open and claim.kind == ClaimKind.PREPARED:
            vans.setdefault(claim.subject, claim.code)
    if vans:
        code = next(iter(vans.values()))
        yield StartingLots(
            kind=ReferenceKind.DELIVERY, code=code, lots=_once(_lots_in(links, vans))
        )


def _by_invoice(links: Links, reference: str) -> Iterator[StartingLots]:
    for row in links.snapshot.rows(InvoiceRow, number_key=comparison_key(reference)):
        bill = UnitOfWork(links.snapshot).load(INVOICE, row.id)
        lots = _once(_lots_in(links, bill.delivery_ids))
        yield StartingLots(kind=ReferenceKind.INVOICE, code=row.number or "", lots=lots)


def _lots_in(links: Links, vans: Iterable[UUID | DeliveryId]) -> Iterator[LotId]:
    """What was loaded in these deliveries, and what somebody claims to have been. One that was
    cancelled holds nothing any more.
    """
    for delivery_id in vans:
        row = links.snapshot.get(DeliveryRow, delivery_id)
        if row is None or row.status != "cancelled":
            for line in links.snapshot.rows(DeliveryLineRow, delivery_id=delivery_id):
                yield line.lot_id
        for claim in links.claims(ClaimKind.LOADED, ClaimKind.DELIVERED, cause=delivery_id):
            yield LotId(claim.subject)


_FINDERS: dict[ReferenceKind, Callable[[Links, str], Iterator[StartingLots]]] = {
    ReferenceKind.LOT: _by_lot,
    ReferenceKind.SUPPLIER_LOT: _by_supplier_lot,
    ReferenceKind.PRODUCTION_ORDER: _by_production_order,
    ReferenceKind.SALES_ORDER: _by_sales_order,
    ReferenceKind.DELIVERY: _by_delivery,
    ReferenceKind.INVOICE: _by_invoice,
}
