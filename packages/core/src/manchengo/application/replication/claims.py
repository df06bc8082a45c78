"""What a commit says happened, read off its events: kept in sight where the books refuse it."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from attrs import evolve

from manchengo import codec
from manchengo.domain import (
    access,
    client,
    credit_note,
    delivery,
    device,
    import_batch,
    invoice,
    payment,
    product,
    production_order,
    recipe,
    resolution,
    sales_order,
    supplier,
)
from manchengo.domain.commit import Commit
from manchengo.domain.ids import ProductId
from manchengo.domain.lot import events as lot
from manchengo.domain.resolution import Claim, ClaimKind
from manchengo.domain.values import Quantity

PLANNED = (production_order.ProductionMade, production_order.ProductionPlanned)
"""The events that give an order its code."""


def claims_of(commit: Commit) -> tuple[Claim, ...]:
    """The facts of the floor in it, in the order recorded; intents and prices are none."""
    events = list(_readable(commit))
    orders = {subject: event.code for subject, event in events if isinstance(event, PLANNED)}
    claims = (
        CLAIMED_BY[type(event)](subject, event)
        for subject, event in events
        if type(event) in CLAIMED_BY
    )
    return tuple(
        evolve(claim, code=orders.get(claim.cause, ""))
        if claim.kind is ClaimKind.POURED and claim.cause is not None
        else claim
        for claim in claims
    )


def touched_by(commit: Commit) -> tuple[Claim, ...]:
    """What is known of a commit that cannot be judged: what it is about, and what happened as far
    as that can be read.
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


def _received(lot_id: UUID, event: lot.LotReceived) -> Claim:
    return _claim(
        ClaimKind.RECEIVED,
        lot_id,
        event.supplier_id,
        code=event.code,
        product_id=event.product_id,
        quantity=event.quantity,
    )


def _was_there(lot_id: UUID, event: lot.OpeningStockEntered) -> Claim:
    return _claim(
        ClaimKind.RECEIVED,
        lot_id,
        code=event.code,
        product_id=event.product_id,
        quantity=event.quantity,
    )


def _produced(lot_id: UUID, event: lot.LotProduced) -> Claim:
    return _claim(
        ClaimKind.PRODUCED,
        lot_id,
        event.order_id,
        code=event.code,
        product_id=event.product_id,
        quantity=event.quantity,
    )


def _poured(lot_id: UUID, event: lot.LotConsumed) -> Claim:
    return _claim(ClaimKind.POURED, lot_id, event.order_id, quantity=event.quantity)


def _prepared(delivery_id: UUID, event: delivery.DeliveryPrepared) -> Claim:
    return _claim(ClaimKind.PREPARED, delivery_id, event.client_id, code=event.code)


def _loaded(delivery_id: UUID, event: delivery.DeliveryLoaded) -> Claim:
    return _claim(ClaimKind.LOADED, event.lot_id, delivery_id, quantity=event.quantity)


def _delivered(lot_id: UUID, event: lot.LotDelivered) -> Claim:
    return _claim(ClaimKind.DELIVERED, lot_id, event.delivery_id, quantity=event.quantity)


def _returned(lot_id: UUID, event: lot.LotReturned) -> Claim:
    return _claim(ClaimKind.RETURNED, lot_id, event.delivery_id, quantity=event.quantity)


def _sent_back(lot_id: UUID, event: lot.LotSentBack) -> Claim:
    return _claim(ClaimKind.SENT_BACK, lot_id, quantity=event.quantity)


def _written_off(lot_id: UUID, event: lot.LotWrittenOff) -> Claim:
    return _claim(ClaimKind.WRITTEN_OFF, lot_id, quantity=event.quantity)


def _counted(lot_id: UUID, event: lot.LotCounted) -> Claim:
    return _claim(ClaimKind.COUNTED, lot_id, quantity=event.counted)


CLAIMED_BY: dict[type, Callable[[UUID, Any], Claim]] = {
    lot.LotReceived: _received,
    lot.LotProduced: _produced,
    lot.OpeningStockEntered: _was_there,
    lot.LotConsumed: _poured,
    lot.LotDelivered: _delivered,
    lot.LotReturned: _returned,
    lot.LotSentBack: _sent_back,
    lot.LotWrittenOff: _written_off,
    lot.LotCounted: _counted,
    delivery.DeliveryPrepared: _prepared,
    delivery.DeliveryLoaded: _loaded,
}
"""What happened on the floor, by the event that says it."""

SAID_BY_LOTS: frozenset[type] = frozenset(
    {
        production_order.MaterialConsumed,
        production_order.ProductionCompleted,
        production_order.ProductionMade,
        sales_order.SalesOrderDelivered,
        delivery.DeliveryDispatched,
        delivery.DeliveryReturned,
    }
)
"""What also happened on the floor: the same commit says it lot by lot."""

NO_CLAIM: frozenset[type] = frozenset(
    {
        # Promises and judgements: nothing moved.
        lot.LotQuarantined,
        lot.LotBlocked,
        lot.LotReleased,
        lot.LotRecalled,
        lot.LotCorrected,
        lot.LotReserved,
        lot.LotUnreserved,
        production_order.ProductionPlanned,
        production_order.ProductionStarted,
        production_order.ProductionCancelled,
        sales_order.SalesOrderPlaced,
        sales_order.SalesOrderConfirmed,
        sales_order.SalesOrderCancelled,
        sales_order.SalesOrderClosed,
        delivery.DeliveryReceived,
        delivery.DeliveryCancelled,
        # Registers.
        supplier.SupplierRegistered,
        supplier.SupplierDetailsChanged,
        supplier.SupplierArchived,
        client.ClientRegistered,
        client.ClientDetailsChanged,
        client.ClientArchived,
        product.ProductRegistered,
        product.ProductDetailsChanged,
        product.ProductDensitySet,
        product.ProductArchived,
        recipe.RecipeDefined,
        recipe.RecipeArchived,
        access.UserRegistered,
        access.UserRolesChanged,
        access.UserDeactivated,
        device.DeviceEnrolled,
        device.DeviceWithdrawn,
        # Papers and money.
        invoice.InvoiceDrafted,
        invoice.InvoiceIssued,
        invoice.InvoicePaid,
        invoice.InvoicePaymentReversed,
        invoice.InvoiceCredited,
        credit_note.CreditNoteDrafted,
        credit_note.CreditNoteIssued,
        payment.PaymentReceived,
        payment.PaymentAllocated,
        payment.PaymentVoided,
        # Imports, and what was decided on conflicts.
        import_batch.ImportStarted,
        import_batch.ImportFinished,
        import_batch.ImportUndone,
        import_batch.EntriesUndone,
        resolution.ItemOpened,
        resolution.ItemJudgedAgain,
        resolution.ItemResolved,
    }
)
"""A new event of the codec must be in one of these three: a test looks."""


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
