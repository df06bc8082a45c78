"""What a commit says happened, read off its events: kept in sight where the books refuse it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from manchengo import codec
from manchengo.domain.commit import Commit
from manchengo.domain.delivery import DeliveryLoaded, DeliveryPrepared
from manchengo.domain.ids import ProductId
from manchengo.domain.lot.events import (
    LotConsumed,
    LotCounted,
    LotDelivered,
    LotProduced,
    LotReceived,
    LotReturned,
    LotSentBack,
    LotWrittenOff,
)
from manchengo.domain.production_order import ProductionMade, ProductionPlanned
from manchengo.domain.resolution import Claim, ClaimKind
from manchengo.domain.values import Quantity

PLANNED = (ProductionMade, ProductionPlanned)
"""The events that give an order its code."""


def claims_of(commit: Commit) -> tuple[Claim, ...]:
    """The facts of the floor in it, in the order recorded; intents and prices are none."""
    events = [
        (
            recorded.aggregate_id,
            codec.events.decode(recorded.event_type, recorded.schema_version, recorded.payload),
        )
        for recorded in commit.events
    ]
    orders = {subject: event.code for subject, event in events if isinstance(event, PLANNED)}
    return tuple(claim for subject, event in events for claim in _claims(subject, event, orders))


def touched_by(commit: Commit) -> tuple[Claim, ...]:
    """All that is known of a commit that cannot be read: what it is about."""
    subjects = dict.fromkeys(recorded.aggregate_id for recorded in commit.events)
    return tuple(_claim(ClaimKind.TOUCHED, subject) for subject in subjects)


def _claims(subject: UUID, event: Any, orders: dict[UUID, str]) -> Iterator[Claim]:
    match event:
        case LotReceived():
            yield _claim(
                ClaimKind.RECEIVED,
                subject,
                event.supplier_id,
                code=event.code,
                product_id=event.product_id,
                quantity=event.quantity,
            )
        case LotProduced():
            yield _claim(
                ClaimKind.PRODUCED,
                subject,
                event.order_id,
                code=event.code,
                product_id=event.product_id,
                quantity=event.quantity,
            )
        case LotConsumed():
            yield _claim(
                ClaimKind.POURED,
                subject,
                event.order_id,
                code=orders.get(event.order_id, ""),
                quantity=event.quantity,
            )
        case DeliveryPrepared():
            yield _claim(ClaimKind.PREPARED, subject, event.client_id, code=event.code)
        case DeliveryLoaded():
            yield _claim(ClaimKind.LOADED, event.lot_id, subject, quantity=event.quantity)
        case LotDelivered():
            yield _claim(ClaimKind.DELIVERED, subject, event.delivery_id, quantity=event.quantity)
        case LotReturned():
            yield _claim(ClaimKind.RETURNED, subject, event.delivery_id, quantity=event.quantity)
        case LotSentBack():
            yield _claim(ClaimKind.SENT_BACK, subject, quantity=event.quantity)
        case LotWrittenOff():
            yield _claim(ClaimKind.WRITTEN_OFF, subject, quantity=event.quantity)
        case LotCounted():
            yield _claim(ClaimKind.COUNTED, subject, quantity=event.counted)
        case _:
            return


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
