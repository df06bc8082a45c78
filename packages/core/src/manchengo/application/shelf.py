"""What each lot holds on a day, and whether it may be used then: the same answer on every page."""

from collections.abc import Iterable, Iterator
from datetime import date
from heapq import merge
from typing import Any

from attrs import frozen

from manchengo.application.genealogy import AnyLot, lot_row
from manchengo.application.lists import every_row, expiring_between
from manchengo.application.stream_queries import lot_movements
from manchengo.domain.allocation import Purpose, Skipped, Standing, unfit
from manchengo.domain.ids import LotId, ProductId
from manchengo.ports.lists import OneOf
from manchengo.ports.rows import (
    VOIDED,
    FinishedLotRow,
    RawLotRow,
    ReservationRow,
    here_from,
    reserved_on,
)
from manchengo.ports.store import Snapshot

USABLE = ("AVAILABLE", "RESERVED")
"""The recorded states in which a lot may be used, unless it expired or is still to come."""

HOLDING = (*USABLE, "QUARANTINED", "BLOCKED", "RECALLED")
"""Those in which it may still hold something."""


@frozen
class LotOnDay:
    """A lot and what it held, in thousandths. ``status`` is None for a past day."""

    row: AnyLot
    on_hand: int
    reserved: int
    status: str | None


def status_on(lot: AnyLot, day: date, *, on_hand: int | None = None) -> str:
    """The state of a lot as a person sees it on that day, when it holds so much (None: all that is
    recorded, whatever its date).

    Whether it is here and whether it has expired is decided by the rule that allocation follows.
    """
    if lot.status == VOIDED:
        return VOIDED
    why = unfit(
        received_on=here_from(lot),
        expires_on=lot.expires_on,
        standing=Standing(lot.standing),
        on=day,
        purpose=Purpose.SALE,
    )
    held = lot.quantity_remaining if on_hand is None else on_hand
    if why not in (None, Skipped.EXPIRED):
        return why.name
    if held <= 0:
        return "EXHAUSTED"
    if why is Skipped.EXPIRED:
        return why.name
    return "AVAILABLE" if min(held, lot.quantity_remaining) > lot.quantity_reserved else "RESERVED"


def lots_now(
    snapshot: Snapshot,
    today: date,
    *,
    product_id: ProductId | None = None,
    exhausted: bool = False,
) -> Iterator[LotOnDay]:
    """The lots that hold something, or are to come; with ``exhausted`` all of them. What is dated
    after today has not moved yet.
    """
    ahead = snapshot.moved_after(today)
    of_product: dict[str, Any] = {} if product_id is None else {"product_id": product_id}
    held: list[dict[str, Any]] = [{"status": status} for status in HOLDING]
    kinds: tuple[type[RawLotRow] | type[FinishedLotRow], ...] = (RawLotRow, FinishedLotRow)
    for kind in kinds:
        for equal in [{}] if exhausted else held:
            for row in snapshot.rows(kind, **of_product, **equal):
                yield _today(row, ahead, today)
    if not exhausted:  # what leaves on a later day is exhausted by then, and is still here
        yield from _leaving(snapshot, ahead, today, product_id)


def usable_by_expiry(snapshot: Snapshot, today: date) -> Iterator[LotOnDay]:
    """The lots with a last day that may be used today, the first to expire first; no more is read
    than is taken. What is dated after today has not moved yet.
    """
    ahead = snapshot.moved_after(today)
    query = expiring_between(today, None, OneOf("status", USABLE))
    kinds: tuple[type[RawLotRow] | type[FinishedLotRow], ...] = (RawLotRow, FinishedLotRow)
    open_lots = (
        (_today(row, ahead, today) for row in every_row(snapshot, k, query)) for k in kinds
    )
    leaving = sorted(_leaving(snapshot, ahead, today, None), key=_expiry)
    for held in merge(*open_lots, leaving, key=_expiry):
        if held.status in USABLE:
            yield held


def _expiry(held: LotOnDay) -> tuple[date, LotId]:
    return held.row.expires_on or date.max, held.row.id


def as_of_today(snapshot: Snapshot, rows: Iterable[AnyLot], today: date) -> Iterator[LotOnDay]:
    """These lots; what is dated after today has not moved yet."""
    ahead = snapshot.moved_after(today)
    return (_today(row, ahead, today) for row in rows)


def _today(row: AnyLot, ahead: dict[LotId, int], today: date) -> LotOnDay:
    on_hand = row.quantity_remaining - ahead.get(row.id, 0)
    return LotOnDay(row, on_hand, row.quantity_reserved, status_on(row, today, on_hand=on_hand))


def _leaving(
    snapshot: Snapshot, ahead: dict[LotId, int], today: date, product_id: ProductId | None
) -> Iterator[LotOnDay]:
    for lot_id in sorted(ahead):
        row = lot_row(snapshot, lot_id)
        if row and row.status == "EXHAUSTED" and product_id in (None, row.product_id):
            yield _today(row, ahead, today)


def held_at(snapshot: Snapshot, lot_id: LotId, day: date) -> int:
    """What that lot held when ``day`` ended, in thousandths, from its movements."""
    moved = lot_movements(snapshot, lot_id)
    return sum(each.quantity for each in moved if each.day <= day)


def lots_at(
    snapshot: Snapshot, day: date, *, product_id: ProductId | None = None
) -> Iterator[LotOnDay]:
    """When ``day`` ended: every lot that had come in by then, in the order of their ids."""
    equal: dict[str, Any] = {} if product_id is None else {"product_id": product_id}
    held = snapshot.held_at(day)
    reserved = reserved_on(day, snapshot.rows(ReservationRow, **equal))
    raw: Iterator[AnyLot] = snapshot.rows(RawLotRow, **equal)
    finished: Iterator[AnyLot] = snapshot.rows(FinishedLotRow, **equal)
    for row in merge(raw, finished, key=lambda row: row.id):
        if here_from(row) <= day:
            yield LotOnDay(row, held.get(row.id, 0), reserved.get(row.id, 0), None)
