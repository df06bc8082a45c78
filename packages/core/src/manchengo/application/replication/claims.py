"""What a commit claims to have happened on the floor, computed from its events. It is shown even
where the commit is rejected.
"""

from collections.abc import Iterator
from typing import Any, assert_never
from uuid import UUID

from attrs import evolve

from manchengo import codec
from manchengo.domain import delivery, production_order
from manchengo.domain.commit import Commit
from manchengo.domain.ids import ProductId
from manchengo.domain.lot import events as lot
from manchengo.domain.lot.events import LotMovement
from manchengo.domain.resolution import Claim, ClaimKind
from manchengo.domain.values import Quantity

PLANNED = (production_order.ProductionMade, production_order.ProductionPlanned)
"""The events that give an order its code."""


def claims_of(commit: Commit) -> tuple[Claim, ...]:
    """The events of the commit that say what happened on the floor, in the recorded order; intents
    and prices are left out.
    """
    events = list(_readable(commit))
    orders = {subject: event.code for subject, event in events if isinstance(event, PLANNED)}
    claims = (claim_of(subject, event) for subject, event in events if isinstance(event, Claimed))
    return tuple(
        evolve(claim, code=orders.get(claim.cause, ""))
        if claim.kind is ClaimKind.POURED and claim.cause is not None
        else claim
        for claim in claims
    )


def touched_by(commit: Commit) -> tuple[Claim, ...]:
    """What is known of a commit that cannot be judged: the aggregates it is about, and what
    happened as far as this program can read it.
    """
    subjects = dict.fromkeys(recorded.aggregate_id for recorded in commit.events)
    touched = (_claim(ClaimKind.TOUCHED, subject) for subject in subjects)
    return (*touched, *claims_of(commit))


def _readable(commit: Commit) -> Iterator[tuple[UUID, Any]]:
    for recorded in commit.events:
        try:
            event = codec.events.decode(
                recorded.event_type, recorded.schema_version, recorded.payload
            )
        except codec.Unreadable:
            continue
        yield recorded.aggregate_id, event


Claimed = (
    LotMovement | delivery.DeliveryPrepared | delivery.DeliveryLoaded | delivery.DeliveryUnloaded
)
"""The events that say what happened on the floor; ``DeliveryPrepared`` names the delivery.

An event whose nature is ``Moved`` is one of them: a test looks. What happened and is not, other
events of the same commit tell lot by lot (``MovedByLot``).
"""


def claim_of(subject: UUID, event: Claimed) -> Claim:
    """The claim that the event of the aggregate ``subject`` makes."""
    match event:
        case lot.LotReceived():
            return _birth(ClaimKind.RECEIVED, subject, event, event.supplier_id)
        case lot.OpeningStockEntered():
            return _birth(ClaimKind.RECEIVED, subject, event)
        case lot.LotProduced():
            return _birth(ClaimKind.PRODUCED, subject, event, event.order_id)
        case lot.LotConsumed():
            return _claim(ClaimKind.POURED, subject, event.order_id, quantity=event.quantity)
        case lot.LotTakenBack():
            return _claim(ClaimKind.TAKEN_BACK, subject, event.order_id, quantity=event.quantity)
        case lot.LotDelivered():
            return _claim(ClaimKind.DELIVERED, subject, event.delivery_id, quantity=event.quantity)
        case lot.LotReturned():
            return _claim(ClaimKind.RETURNED, subject, event.delivery_id, quantity=event.quantity)
        case lot.LotSentBack():
            return _claim(ClaimKind.SENT_BACK, subject, quantity=event.quantity)
        case lot.LotWrittenOff():
            return _claim(ClaimKind.WRITTEN_OFF, subject, quantity=event.quantity)
        case lot.LotCounted():
            return _claim(ClaimKind.COUNTED, subject, quantity=event.counted)
        case delivery.DeliveryPrepared():
            return _claim(ClaimKind.PREPARED, subject, event.client_id, code=event.code)
        case delivery.DeliveryLoaded():
            return _claim(ClaimKind.LOADED, event.lot_id, subject, quantity=event.quantity)
        case delivery.DeliveryUnloaded():
            return _claim(ClaimKind.UNLOADED, event.lot_id, subject, quantity=event.quantity)
        case _:
            assert_never(event)


def _birth(
    kind: ClaimKind,
    lot_id: UUID,
    event: lot.LotReceived | lot.LotProduced | lot.OpeningStockEntered,
    cause: UUID | None = None,
) -> Claim:
    return _claim(
        kind,
        lot_id,
        cause,
        code=event.code,
        product_id=event.product_id,
        quantity=event.quantity,
    )


def _claim(
    kind: ClaimKind,
    subject: UUID,
    cause: UUID | None = None,
    *,
    code: str = "",
    product_id: ProductId | None = None,
    quantity: Quantity | None = None,
) -> Claim:
    return Claim(
        kind=kind,
        subject=subject,
        cause=cause,
        code=code,
        product_id=product_id,
        quantity=quantity,
    )
