"""Where a lot is besides the lots made from it: in a van, in an open order, kept, or as claimed."""

from typing import Any

from manchengo.application.genealogy import (
    ClaimedMovement,
    Pouring,
    RecallReport,
    Reservation,
    Shipment,
    TraceNode,
)
from manchengo_presenters import corrections, words
from manchengo_presenters.formatting import day, plain
from manchengo_presenters.language import _

Place = Shipment | Pouring | Reservation | ClaimedMovement


def shipment_shape(shipment: Shipment) -> dict[str, Any]:
    """A shipment, for JSON."""
    return {
        "delivery": shipment.delivery,
        "order": shipment.order,
        "client": shipment.client,
        "client_name": shipment.client_name,
        "date": shipment.day.isoformat(),
        "quantity": plain(shipment.quantity.thousandths),
        "returned": plain(shipment.returned.thousandths),
        "unit": shipment.quantity.unit,
        "claimed": shipment.claimed,
        "corrected_since": corrections.names(shipment.corrected_since),
    }


def pouring_shape(pouring: Pouring) -> dict[str, Any]:
    """A pouring, for JSON."""
    return {
        "order": pouring.order,
        "status": pouring.status,
        "used": plain(pouring.used.thousandths),
        "used_unit": pouring.used.unit,
        "claimed": pouring.claimed,
    }


def reservation_shape(reservation: Reservation) -> dict[str, Any]:
    """A reservation, for JSON."""
    return {
        "kind": reservation.kind,
        "order": reservation.order,
        "client": reservation.client,
        "client_name": reservation.client_name,
        "quantity": plain(reservation.quantity.thousandths),
        "unit": reservation.quantity.unit,
    }


def claim_shape(claim: ClaimedMovement) -> dict[str, Any]:
    """A claimed movement, for JSON."""
    return {
        "kind": claim.kind,
        "delivery": claim.delivery,
        "date": claim.day.isoformat(),
        "quantity": plain(claim.quantity.thousandths) if claim.quantity is not None else None,
        "unit": claim.quantity.unit if claim.quantity is not None else None,
        "item": claim.item,
    }


def places_shape(node: TraceNode) -> dict[str, Any]:
    """Everywhere a lot is, for JSON, by kind of place."""
    return {
        "loaded": [shipment_shape(each) for each in node.loaded],
        "orders": [pouring_shape(each) for each in node.orders],
        "reserved": [reservation_shape(each) for each in node.reserved],
        "claims": [claim_shape(each) for each in node.claims],
    }


def places_of_lots_shape(found: RecallReport) -> dict[str, Any]:
    """Everywhere the lots of a recall are, for JSON, each with its lot."""
    return {
        "loaded": [{"lot": lot, **shipment_shape(each)} for lot, each in found.loaded],
        "orders": [{"lot": lot, **pouring_shape(each)} for lot, each in found.orders],
        "reserved": [{"lot": lot, **reservation_shape(each)} for lot, each in found.reserved],
        "claims": [{"lot": lot, **claim_shape(each)} for lot, each in found.claims],
    }


# ------------------------------------------------------------------------------- for people


def places(node: TraceNode) -> tuple[Place, ...]:
    """Everywhere a lot is, shipments that left apart."""
    return (*node.loaded, *node.orders, *node.reserved, *node.claims)


def place_text(each: Place) -> str:
    """One of them, as a line."""
    match each:
        case Shipment():
            return loaded(each)
        case Pouring():
            return pouring(each)
        case Reservation():
            return reservation(each)
        case ClaimedMovement():
            return claimed_movement(each)


def loaded(each: Shipment) -> str:
    """What is in a van, as a line."""
    text = _("{quantity} in the van for {client} ({code}), {delivery}, not gone yet").format(
        quantity=words.measure(each.quantity),
        client=each.client_name or "?",
        code=each.client or "?",
        delivery=each.delivery or "?",
    )
    return f"{text}  {claimed()}" if each.claimed else text


def pouring(each: Pouring) -> str:
    """What a production order took, as a line."""
    text = _("{quantity} poured into {order} ({state}): no lot came out").format(
        quantity=words.measure(each.used),
        order=each.order or "?",
        state=words.state("production_order", each.status) if each.status else "?",
    )
    return f"{text}  {claimed()}" if each.claimed else text


def reservation(each: Reservation) -> str:
    """What is kept for an order, as a line."""
    quantity = words.measure(each.quantity)
    if each.kind == "production":
        return _("{quantity} kept for the production order {order}").format(
            quantity=quantity, order=each.order
        )
    return _("{quantity} kept for {client} ({code}), {order}").format(
        quantity=quantity, client=each.client_name, code=each.client, order=each.order
    )


def claimed_movement(each: ClaimedMovement) -> str:
    """What a device claims and the server did not accept, as a line."""
    text = words.word(words.CLAIMS, each.kind)
    if each.quantity is not None:
        text = f"{text}\u00a0: {words.measure(each.quantity)}"
    if each.delivery:
        text = f"{text}, {each.delivery}"
    return f"{text}, {day(each.day)}  {claimed()}"


def claimed() -> str:
    """A mark beside a fact of a rejected commit: it may have happened all the same."""
    return _("[claimed, not accepted]")
