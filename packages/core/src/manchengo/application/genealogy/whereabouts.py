"""Where a lot is or went, outside the lots made from it: vans, clients, open orders, claims."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from attrs import frozen

from manchengo.application.corrections import fields_corrected_since
from manchengo.application.genealogy.links import Links
from manchengo.domain.ids import LotId
from manchengo.domain.resolution import ClaimKind
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import (
    ClaimRow,
    ClientRow,
    DeliveryLineRow,
    DeliveryRow,
    ProductionOrderRow,
    ReservationRow,
    ResolutionItemRow,
    SalesOrderRow,
)
from manchengo.ports.store import Snapshot

GONE = {"dispatched", "received"}

SHOWN_AS: dict[ClaimKind, str] = {
    ClaimKind.RECEIVED: "lot",
    ClaimKind.PRODUCED: "lot",
    ClaimKind.POURED: "link",
    ClaimKind.TAKEN_BACK: "movement",
    ClaimKind.PREPARED: "name of a delivery",
    ClaimKind.LOADED: "shipment",
    ClaimKind.UNLOADED: "movement",
    ClaimKind.DELIVERED: "shipment",
    ClaimKind.RETURNED: "movement",
    ClaimKind.SENT_BACK: "movement",
    ClaimKind.WRITTEN_OFF: "movement",
    ClaimKind.COUNTED: "movement",
    ClaimKind.TOUCHED: "movement",
}
"""Where a trace and a recall show a claim of each kind. A new kind must say it here."""


@frozen(kw_only=True)
class Shipment:
    """So much of a lot went to a client, or is in a van; of it, ``returned`` came back.

    ``claimed``: somebody recorded it, and it is not accepted; what is not known of it is empty.
    ``corrected_since``: the fields of the lot that were corrected after it left.
    """

    delivery: str
    order: str
    client: str
    client_name: str
    day: date
    quantity: Quantity
    returned: Quantity
    claimed: bool
    corrected_since: tuple[str, ...] = ()


@frozen(kw_only=True)
class Pouring:
    """So much of a lot was poured into an order from which no lot came out: it is not over, was
    given up, or lost all. ``status``: of the order, empty where it was not accepted.
    """

    order: str
    status: str
    used: Quantity
    claimed: bool


@frozen(kw_only=True)
class Reservation:
    """So much of a lot is kept for an order. ``kind``: "production" or "sales"; a production order
    is for no client.
    """

    kind: str
    order: str
    client: str
    client_name: str
    quantity: Quantity


@frozen(kw_only=True)
class ClaimedMovement:
    """What else somebody recorded of a lot, that is not accepted: it came back, was sent back,
    lost or counted; "touched": a newer program wrote about it, and ``quantity`` is None. ``item``:
    the conflict to decide.
    """

    kind: str
    delivery: str
    day: date
    quantity: Quantity | None
    item: str


@frozen(kw_only=True)
class Whereabouts:
    """Where a lot went: shipments that left, vans that hold it, production orders that took it,
    orders for which it is reserved, and movements that are claimed and not accepted.
    """

    shipments: tuple[Shipment, ...] = ()
    loaded: tuple[Shipment, ...] = ()
    orders: tuple[Pouring, ...] = ()
    reserved: tuple[Reservation, ...] = ()
    claims: tuple[ClaimedMovement, ...] = ()


def whereabouts(links: Links, lot_id: LotId) -> Whereabouts:
    """Where the lot went, as far as this log says."""
    vans = list(_vans(links.snapshot, lot_id))
    claimed = list(_claimed_vans(links, lot_id))
    return Whereabouts(
        shipments=tuple(van for is_gone, van in (*vans, *claimed) if is_gone),
        loaded=tuple(van for is_gone, van in (*vans, *claimed) if not is_gone),
        orders=tuple(_pourings(links, lot_id)),
        reserved=tuple(_reserved(links, lot_id)),
        claims=tuple(_claimed_movements(links, lot_id)),
    )


def _vans(snapshot: Snapshot, lot_id: LotId) -> Iterator[tuple[bool, Shipment]]:
    """What left, and what is loaded; a van that was cancelled holds nothing any more."""
    for line in snapshot.rows(DeliveryLineRow, lot_id=lot_id):
        delivery = snapshot.get(DeliveryRow, line.delivery_id)
        if delivery is None or delivery.status == "cancelled":
            continue
        yield (
            delivery.status in GONE,
            _shipment(
                snapshot,
                delivery,
                day=delivery.dispatched_on or delivery.day,
                quantity=Quantity(line.quantity, Unit(line.unit)),
                returned=Quantity(line.returned, Unit(line.unit)),
                claimed=False,
                corrected_since=fields_corrected_since(snapshot, lot_id, delivery.id),
            ),
        )


def _claimed_vans(links: Links, lot_id: LotId) -> Iterator[tuple[bool, Shipment]]:
    """What left or was loaded by a commit that is not accepted: it may be on somebody's shelf."""
    gone = list(links.claims(ClaimKind.DELIVERED, subject=lot_id))
    known = {(claim.cause, _device(links, claim)) for claim in gone}
    loaded = [
        claim
        for claim in links.claims(ClaimKind.LOADED, subject=lot_id)
        if (claim.cause, _device(links, claim)) not in known
    ]
    for claim in (*gone, *loaded):
        assert claim.cause is not None, "a lot leaves by a delivery"
        delivery = links.snapshot.get(DeliveryRow, claim.cause)
        is_there = (
            claim.kind == ClaimKind.LOADED
            and delivery is not None
            and delivery.status == "prepared"
            and not any(links.claims(ClaimKind.DELIVERED, cause=claim.cause))
        )
        yield not is_there, _claimed_shipment(links, claim, delivery)


def _device(links: Links, claim: ClaimRow) -> UUID | None:
    item = links.snapshot.get(ResolutionItemRow, claim.item_id)
    return item.device_id if item else None


def _claimed_shipment(links: Links, claim: ClaimRow, delivery: DeliveryRow | None) -> Shipment:
    return _shipment(
        links.snapshot,
        delivery or _prepared(links.snapshot, claim.cause),
        day=claim.day,
        quantity=Quantity(claim.quantity, Unit(claim.unit)),
        returned=Quantity(0, Unit(claim.unit)),
        claimed=True,
    )


def _prepared(snapshot: Snapshot, delivery_id: UUID | None) -> ClaimRow | None:
    """The claim that names the delivery and its client, whatever was decided on it."""
    claims = snapshot.rows(ClaimRow, subject=delivery_id)
    return next((claim for claim in claims if claim.kind == ClaimKind.PREPARED), None)


def _shipment(
    snapshot: Snapshot,
    delivery: DeliveryRow | ClaimRow | None,
    *,
    day: date,
    quantity: Quantity,
    returned: Quantity,
    claimed: bool,
    corrected_since: tuple[str, ...] = (),
) -> Shipment:
    client_id: UUID | None = None
    order: SalesOrderRow | None = None
    match delivery:
        case DeliveryRow():
            client_id = delivery.client_id
            order = snapshot.get(SalesOrderRow, delivery.order_id)
        case ClaimRow():
            client_id = delivery.cause
        case None:
            pass
    client = snapshot.get(ClientRow, client_id) if client_id else None
    return Shipment(
        delivery=delivery.code if delivery else "",
        order=order.code if order else "",
        client=client.code if client else "",
        client_name=client.name if client else "",
        day=day,
        quantity=quantity,
        returned=returned,
        claimed=claimed,
        corrected_since=corrected_since,
    )


def _pourings(links: Links, lot_id: LotId) -> Iterator[Pouring]:
    for link in links.poured_into(lot_id):
        if links.yielded_by(link.order_id):
            continue
        order = links.snapshot.get(ProductionOrderRow, link.order_id)
        yield Pouring(
            order=link.order,
            status=order.status if order else "",
            used=link.used,
            claimed=link.claimed,
        )


def _reserved(links: Links, lot_id: LotId) -> Iterator[Reservation]:
    kept: dict[UUID, int] = {}
    for row in links.snapshot.rows(ReservationRow, lot_id=lot_id):
        kept[row.owner] = kept.get(row.owner, 0) + row.quantity
    whole = links.lot(lot_id).quantity
    for owner, thousandths in kept.items():
        if not thousandths:
            continue
        assert whole is not None, "only an accepted lot is reserved for an order"
        sale = links.snapshot.get(SalesOrderRow, owner)
        client = links.snapshot.get(ClientRow, sale.client_id) if sale else None
        yield Reservation(
            kind="sales" if sale else "production",
            order=sale.code if sale else links.order_code(owner),
            client=client.code if client else "",
            client_name=client.name if client else "",
            quantity=whole.with_thousandths(thousandths),
        )


def _claimed_movements(links: Links, lot_id: LotId) -> Iterator[ClaimedMovement]:
    kinds = [kind for kind, place in SHOWN_AS.items() if place == "movement"]
    for claim in links.claims(*kinds, subject=lot_id):
        delivery = links.snapshot.get(DeliveryRow, claim.cause) if claim.cause else None
        named = delivery or (_prepared(links.snapshot, claim.cause) if claim.cause else None)
        yield ClaimedMovement(
            kind=claim.kind,
            delivery=named.code if named else "",
            day=claim.day,
            quantity=Quantity(claim.quantity, Unit(claim.unit)) if claim.unit else None,
            item=str(claim.item_id),
        )
