"""A lot as rows: itself, its movements, its reservations, its corrections."""

from collections.abc import Iterator
from typing import Any, TypeVar

from manchengo.domain.allocation import Standing
from manchengo.domain.lot.commands import Expiry
from manchengo.domain.lot.state import Corrected, Lot, Opening, Produced, Received
from manchengo.domain.product import ProductKind
from manchengo.domain.unit_price import UnitPrice
from manchengo.ports.rows import (
    VOIDED,
    FinishedLotRow,
    LotCorrectionRow,
    MovementRow,
    RawLotRow,
    ReservationRow,
    Row,
)

T = TypeVar("T")


def status(lot: Lot) -> str:
    """What a person sees; AVAILABLE only while somebody else could still take some of it."""
    if lot.voided_on is not None and lot.standing is not Standing.RECALLED:
        return VOIDED
    if lot.standing is not Standing.RELEASED:
        return lot.standing.value.upper()
    if lot.ledger.on_hand == 0:
        return "EXHAUSTED"
    return "AVAILABLE" if lot.ledger.on_hand > lot.reserved else "RESERVED"


def lot(state: Lot, *, since: Lot | None = None) -> Iterator[Row]:
    """Its rows; with ``since``, without the lines that both states share from the first one on."""
    match state.origin:
        case Received():
            yield _raw(state, state.origin)
        case Produced():
            yield _finished(state, state.origin)
        case Opening():
            yield _opening(state, state.origin)
    yield from lines(state, since=since)


def lines(state: Lot, *, since: Lot | None = None) -> Iterator[Row]:
    """Its movements, reservations and corrections, but for those that both states share from the
    first on.
    """
    yield from movements(state, since=since)
    for hold in _beyond(state.holds, since.holds if since else ()):
        yield ReservationRow(
            lot_id=state.id,
            number=hold.number,
            product_id=state.product_id,
            owner=hold.owner,
            day=hold.on,
            quantity=hold.change,
        )

    for correction in _beyond(state.corrections, since.corrections if since else ()):
        yield LotCorrectionRow(
            lot_id=state.id,
            number=correction.number,
            day=correction.on,
            field=correction.field,
            before=_text(correction.before),
            after=_text(correction.after),
            reason=correction.reason,
            movements=correction.movements,
        )


def movements(state: Lot, *, since: Lot | None = None) -> Iterator[MovementRow]:
    """Its movements, but for those that both states share from the first on."""
    for line in _beyond(state.ledger.lines, since.ledger.lines if since else ()):
        yield MovementRow(
            lot_id=state.id,
            number=line.number,
            product_id=state.product_id,
            day=line.on,
            kind=line.movement.value,
            quantity=line.change,
            unit=state.unit.value,
            cause=line.cause,
            reason=line.reason,
        )


def _text(value: Corrected) -> str:
    match value:
        case Expiry():
            return value.on.isoformat() if value.on else ""
        case UnitPrice(per=1):
            return str(value.centimes)
        case UnitPrice():
            return f"{value.centimes}/{value.per}"
        case _:
            return str(value)


def _beyond(some: tuple[T, ...], others: tuple[T, ...]) -> tuple[T, ...]:
    if not others:
        return some
    shared = 0
    for one, other in zip(some, others, strict=False):
        if one is not other:
            break
        shared += 1
    return some[shared:]


def _common(lot: Lot) -> dict[str, Any]:
    return {
        "id": lot.id,
        "code": lot.code,
        "product_id": lot.product_id,
        "unit": lot.unit.value,
        "status": status(lot),
        "standing": lot.standing.value,
        "standing_reason": lot.standing_reason,
        "entered_on": lot.entered_on,
        "expires_on": lot.expires_on,
        "quantity_initial": lot.ledger.entered,
        "quantity_remaining": lot.ledger.on_hand,
        "quantity_reserved": lot.reserved,
        "opening_on": lot.origin.on if isinstance(lot.origin, Opening) else None,
    }


def _raw(lot: Lot, origin: Received) -> Row:
    return RawLotRow(
        supplier_id=origin.supplier_id,
        supplier_reference=origin.supplier_reference,
        unit_price=origin.unit_price.centimes,
        price_per=origin.unit_price.per,
        **_common(lot),
    )


def _finished(lot: Lot, origin: Produced) -> Row:
    return FinishedLotRow(
        order_id=origin.order_id,
        role=origin.role.value,
        unit_price=0,
        price_per=1,
        **_common(lot),
    )


def _opening(lot: Lot, origin: Opening) -> Row:
    price: dict[str, Any] = {
        "unit_price": origin.unit_price.centimes,
        "price_per": origin.unit_price.per,
    }
    match origin.kind:
        case ProductKind.RAW:
            return RawLotRow(supplier_id=None, supplier_reference="", **price, **_common(lot))
        case ProductKind.FINISHED:
            return FinishedLotRow(order_id=None, role="", **price, **_common(lot))
