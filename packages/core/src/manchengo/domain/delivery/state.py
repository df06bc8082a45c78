"""A delivery as its events leave it, and the steps that its state allows."""

from collections.abc import Mapping, Set
from datetime import date
from enum import StrEnum
from typing import assert_never

from attrs import evolve as changed
from attrs import frozen

from manchengo.domain.delivery.commands import ReturnLine
from manchengo.domain.delivery.events import (
    DeliveryCancelled,
    DeliveryDispatched,
    DeliveryEvent,
    DeliveryLoaded,
    DeliveryPrepared,
    DeliveryReceived,
    DeliveryReopened,
    DeliveryReturned,
    DeliveryUnloaded,
)
from manchengo.domain.errors import Timeline, WrongState
from manchengo.domain.ids import ClientId, DeliveryId, LotId, ProductId, SalesOrderId
from manchengo.domain.sales_order import StockPick


class DeliveryStatus(StrEnum):
    """How far a delivery is."""

    PREPARED = "prepared"
    DISPATCHED = "dispatched"
    RECEIVED = "received"
    CANCELLED = "cancelled"


GONE = {DeliveryStatus.DISPATCHED, DeliveryStatus.RECEIVED}
OVER = {DeliveryStatus.RECEIVED, DeliveryStatus.CANCELLED}

ALLOWED: Mapping[str, Set[DeliveryStatus]] = {
    "load": {DeliveryStatus.PREPARED},
    "unload": {DeliveryStatus.PREPARED},
    "dispatch": {DeliveryStatus.PREPARED},
    "cancel": {DeliveryStatus.PREPARED},
    "receive": {DeliveryStatus.DISPATCHED},
    "return": GONE,
    "reopen": OVER,
}
"""By each step of a delivery, the states that allow it."""


@frozen(kw_only=True)
class Delivery:
    """``loaded``, one entry a scan; ``returned``, one a line that came back, of which the first
    ``returned_before`` came back before the client was said to have the rest. ``ended_on``: the day
    it was received or cancelled.
    """

    id: DeliveryId
    code: str
    order_id: SalesOrderId
    client_id: ClientId
    proposed: tuple[StockPick, ...]
    on: date
    status: DeliveryStatus = DeliveryStatus.PREPARED
    loaded: tuple[DeliveryLoaded, ...] = ()
    returned: tuple[ReturnLine, ...] = ()
    dispatched_on: date | None = None
    carrier: str = ""
    short_reason: str = ""
    received_by: str = ""
    proof: str = ""
    reason: str = ""
    ended_on: date | None = None
    returned_before: int = 0

    @property
    def last_loaded_on(self) -> date | None:
        """The day of the last scan; None where nothing is loaded."""
        return max((scan.on for scan in self.loaded), default=None)

    def follows_loading(self, step: str, on: date) -> None:
        """Refuses a step dated before the last scan: ``OutOfOrder``."""
        days = Timeline("delivery", self.code)
        days.follows(step, on, after="load", after_on=self.last_loaded_on)

    def follows_departure(self, step: str, on: date) -> None:
        """Refuses a step dated before the van left: ``OutOfOrder``."""
        days = Timeline("delivery", self.code)
        days.follows(step, on, after="dispatch", after_on=self.dispatched_on)

    def shipped(self) -> tuple[StockPick, ...]:
        """What is in the van, one entry a lot, in the order of the first scan."""
        by_lot: dict[LotId, StockPick] = {}
        for scan in self.loaded:
            known = by_lot.get(scan.lot_id)
            quantity = known.quantity + scan.quantity if known else scan.quantity
            by_lot[scan.lot_id] = StockPick(
                lot_id=scan.lot_id, product_id=scan.product_id, quantity=quantity
            )
        return tuple(by_lot.values())

    def loaded_of(self, product_id: ProductId) -> int:
        """Thousandths of the product in the van."""
        return sum(
            scan.quantity.thousandths for scan in self.loaded if scan.product_id == product_id
        )

    def loaded_without_reason(self) -> tuple[LotId, ...]:
        """The lots in the van of which at least one scan gave no reason for taking it."""
        return tuple(dict.fromkeys(scan.lot_id for scan in self.loaded if not scan.override_reason))

    def loaded_from(self, lot_id: LotId) -> int:
        """Thousandths of the lot in the van."""
        return sum(scan.quantity.thousandths for scan in self.loaded if scan.lot_id == lot_id)


def evolve(delivery: Delivery | None, event: DeliveryEvent) -> Delivery:
    """The delivery after the event."""
    if isinstance(event, DeliveryPrepared):
        return Delivery(
            id=event.delivery_id,
            code=event.code,
            order_id=event.order_id,
            client_id=event.client_id,
            proposed=event.proposed,
            on=event.on,
        )
    assert delivery is not None, "a delivery is prepared before anything else happens to it"
    match event:
        case DeliveryLoaded():
            return changed(delivery, loaded=(*delivery.loaded, event))
        case DeliveryUnloaded():
            return changed(delivery, loaded=_without(delivery.loaded, event))
        case DeliveryDispatched():
            return changed(
                delivery,
                status=DeliveryStatus.DISPATCHED,
                dispatched_on=event.on,
                carrier=event.carrier,
                short_reason=event.short_reason,
            )
        case DeliveryReceived():
            return changed(
                delivery,
                status=DeliveryStatus.RECEIVED,
                received_by=event.received_by,
                proof=event.proof,
                ended_on=event.on,
                returned_before=len(delivery.returned),
            )
        case DeliveryReturned():
            return changed(delivery, returned=(*delivery.returned, *event.lines))
        case DeliveryCancelled():
            return changed(
                delivery, status=DeliveryStatus.CANCELLED, reason=event.reason, ended_on=event.on
            )
        case DeliveryReopened():
            return _reopened(delivery)
        case _:
            assert_never(event)


def _reopened(delivery: Delivery) -> Delivery:
    was_received = delivery.status is DeliveryStatus.RECEIVED
    return changed(
        delivery,
        status=DeliveryStatus.DISPATCHED if was_received else DeliveryStatus.PREPARED,
        received_by="",
        proof="",
        reason="",
        ended_on=None,
        returned_before=0,
    )


def _without(
    loaded: tuple[DeliveryLoaded, ...], unloaded: DeliveryUnloaded
) -> tuple[DeliveryLoaded, ...]:
    """What is left of the scans: the last ones of the lot are taken back first."""
    left = unloaded.quantity
    kept: list[DeliveryLoaded] = []
    for scan in reversed(loaded):
        gone = min(left, scan.quantity) if scan.lot_id == unloaded.lot_id else None
        if gone is None:
            kept.append(scan)
            continue
        left -= gone
        if scan.quantity > gone:
            kept.append(changed(scan, quantity=scan.quantity - gone))
    assert not left, "no more is unloaded than was loaded"
    return tuple(reversed(kept))


def allowing(delivery: Delivery, step: str) -> Delivery:
    """The delivery, refused unless its state allows that step (``ALLOWED``)."""
    if delivery.status not in ALLOWED[step]:
        raise wrong_state(delivery, step)
    return delivery


def wrong_state(delivery: Delivery, step: str) -> WrongState:
    """The refusal of a step that the delivery's status does not allow."""
    return WrongState(
        kind="delivery", id=delivery.id, code=delivery.code, state=delivery.status, step=step
    )
