"""What FIFO would have taken since, had the entry been known: allocation itself is asked."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from attrs import define, frozen

from manchengo.application.by_id import lot_of
from manchengo.application.lists import every_row
from manchengo.application.past_changes.answer import OtherPick
from manchengo.application.past_changes.balances import LotBeforeAndAfter
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.allocation import Candidate, Policy, Purpose, allocate
from manchengo.domain.ids import LotId, ProductId
from manchengo.domain.ledger import Movement
from manchengo.domain.values import Quantity
from manchengo.ports.lists import Between, ListQuery, OneOf
from manchengo.ports.rows import ClientRow, DeliveryRow, MovementRow, ProductionOrderRow
from manchengo.ports.rows import here_from as here_from_of
from manchengo.ports.store import Snapshot

USES = (Movement.CONSUMPTION, Movement.TAKEN_BACK, Movement.DELIVERY)


@frozen
class _Order:
    """What a lot was taken for: its code, and what allocation asks about it."""

    code: str
    purpose: Purpose
    minimum_shelf_life_days: int


@define
class _Use:
    """So much of a lot that was taken; ``left``: what no lot of the entry has given instead."""

    day: date
    cause: UUID
    lot_id: LotId
    left: int


def other_picks(work: UnitOfWork, lots: list[LotBeforeAndAfter]) -> Iterator[OtherPick]:
    """The uses since of a lot that stands behind one of which the entry makes more available, by
    the policy of its product; those of one day in the order in which their orders were made.
    """
    for product_id in dict.fromkeys(lot.after.product_id for lot in lots):
        product = work.product(product_id)
        more = [lot for lot in lots if lot.after.product_id == product_id and _gives_more(lot)]
        if not more:
            continue
        more.sort(key=lambda lot: (lot.after.entered_on, lot.after.id))
        since = min(lot.since for lot in more if lot.since is not None)
        uses = _uses(work.snapshot, product_id, since)
        for lot in more:
            yield from _instead(work.snapshot, lot, uses, product.allocation)


def _gives_more(lot: LotBeforeAndAfter) -> bool:
    return any(_more_on(lot, line.on) > 0 for line in lot.after.ledger.lines)


def _more_on(lot: LotBeforeAndAfter, day: date) -> int:
    """How much more of the lot could be taken on that day with the entry."""
    before = lot.before.candidate(day).free.thousandths if lot.before else 0
    return lot.after.candidate(day).free.thousandths - before


def _uses(snapshot: Snapshot, product_id: ProductId, since: date) -> list[_Use]:
    where = (
        Between("day", first=since),
        OneOf("product_id", (product_id,)),
        OneOf("kind", tuple(each.value for each in USES)),
    )
    taken: Counter[tuple[date, UUID, LotId]] = Counter()
    for row in every_row(snapshot, MovementRow, ListQuery(where=where)):
        assert row.cause is not None, "something is taken for an order or a delivery"
        taken[row.day, row.cause, row.lot_id] -= row.quantity
    return [_Use(*key, quantity) for key, quantity in sorted(taken.items()) if quantity > 0]


def _instead(
    snapshot: Snapshot, lot: LotBeforeAndAfter, uses: list[_Use], policy: Policy
) -> Iterator[OtherPick]:
    unit, given = lot.after.unit, 0
    for use in uses:
        free = _more_on(lot, use.day) - given
        if use.lot_id == lot.after.id or free <= 0 or not use.left:
            continue
        order = _order(snapshot, use.cause)
        taken = lot_of(snapshot, use.lot_id)
        # It was good that day, whatever was decided about it since.
        behind = Candidate(
            lot_id=use.lot_id,
            received_on=taken.entered_on,
            expires_on=taken.expires_on,
            free=Quantity(use.left, unit),
            here_from=here_from_of(taken),
        )
        first = _with_free(lot.after.candidate(use.day), free)
        chosen = allocate(
            (behind, first),
            Quantity(use.left, unit),
            on=use.day,
            policy=policy,
            purpose=order.purpose,
            minimum_shelf_life_days=order.minimum_shelf_life_days,
        )
        for pick in chosen.picks:
            if pick.lot_id == lot.after.id:
                given += pick.quantity.thousandths
                use.left -= pick.quantity.thousandths
                yield OtherPick(
                    day=use.day,
                    cause=use.cause,
                    order=order.code,
                    taken=taken.code,
                    instead=lot.after.code,
                    quantity=pick.quantity,
                )


def _with_free(candidate: Candidate, free: int) -> Candidate:
    return Candidate(
        lot_id=candidate.lot_id,
        received_on=candidate.received_on,
        expires_on=candidate.expires_on,
        free=candidate.free.with_thousandths(free),
        standing=candidate.standing,
        here_from=candidate.here_from,
    )


def _order(snapshot: Snapshot, cause: UUID) -> _Order:
    make = snapshot.get(ProductionOrderRow, cause)
    if make is not None:
        return _Order(make.code, Purpose.PRODUCTION, 0)
    note = snapshot.get(DeliveryRow, cause)
    assert note is not None, "what was taken has its order or its delivery"
    client = snapshot.get(ClientRow, note.client_id)
    return _Order(note.code, Purpose.SALE, client.minimum_shelf_life_days if client else 0)
