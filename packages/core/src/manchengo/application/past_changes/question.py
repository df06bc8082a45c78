"""The question: the command is decided as it would be, and nothing is recorded."""

from datetime import date

from manchengo.application.decide import decide
from manchengo.application.past_changes.answer import LotChange, PastChanges
from manchengo.application.past_changes.balances import (
    LotBeforeAndAfter,
    lot_change,
    product_changes,
)
from manchengo.application.past_changes.papers import papers
from manchengo.application.past_changes.picks import other_picks
from manchengo.application.permitted_snapshot import whole
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import Command, CountLot
from manchengo.domain.errors import Refused
from manchengo.domain.ledger import Ledger, Movement
from manchengo.domain.lot.decide import CountContradictsLater
from manchengo.domain.lot.rules import NotEnoughInLot
from manchengo.domain.lot.state import Lot
from manchengo.ports.store import Snapshot


def past_changes(snapshot: Snapshot, command: Command, *, today: date) -> PastChanges | None:
    """What the command would change of the days before ``today``; None where it changes none of
    them. Nothing is recorded, and nobody is asked for a right.
    """
    work = UnitOfWork(whole(snapshot))
    try:
        decide(work, command)
    except Refused as refusal:
        return _refused(UnitOfWork(whole(snapshot)), command, refusal, today)
    lots = [
        LotBeforeAndAfter(before if isinstance(before, Lot) else None, after)
        for _, _, before, after in work.changes()
        if isinstance(after, Lot)
    ]
    moved = [each for each in lots if each.since is not None and each.since < today]
    if not moved:
        return None
    moved.sort(key=lambda each: each.after.code)
    since = min(each.since for each in moved if each.since is not None)
    return PastChanges(
        since=since,
        refusal=None,
        lots=tuple(lot_change(each, today) for each in moved),
        products=tuple(product_changes(work.snapshot, moved, today)),
        picks=tuple(other_picks(work, moved)),
        papers=tuple(papers(work, moved, since)),
    )


def _refused(
    work: UnitOfWork, command: Command, refusal: Refused, today: date
) -> PastChanges | None:
    """Where it is refused because of what came after, the balances say when and by how much."""
    on = getattr(command, "on", None)
    if not isinstance(on, date) or on >= today:
        return None
    known = _as_if_recorded(work, command, refusal)
    lots: list[LotChange] = [] if known is None else [lot_change(known, today)]
    return PastChanges(since=on, refusal=refusal, lots=tuple(lots))


def _as_if_recorded(
    work: UnitOfWork, command: Command, refusal: Refused
) -> LotBeforeAndAfter | None:
    match refusal, command:
        case NotEnoughInLot(), _:
            lot = work.lot(refusal.lot_id)
            taken = -refusal.wanted.thousandths
            return _with(lot, lot.ledger.moved(Movement.WRITE_OFF, taken, refusal.on))
        case CountContradictsLater(), CountLot():
            lot = work.lot(command.lot_id)
            counted = refusal.counted.thousandths
            return _with(lot, lot.ledger.counted(counted, refusal.on, reason=""))
        case _:
            return None


def _with(lot: Lot, ledger: Ledger) -> LotBeforeAndAfter:
    return LotBeforeAndAfter.of_ledgers(lot, ledger)
