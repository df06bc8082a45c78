"""First in, first out: the oldest lot leaves first.

Pure and totally ordered: the same lots, the same demand and the same day give the same answer on
every device, whatever the order in which the lots are handed in, and say why a lot was passed over.
"""

from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum

from attrs import frozen

from manchengo.domain.ids import LotId
from manchengo.domain.values import Quantity


class Standing(StrEnum):
    """What people have said about a lot, apart from its quantity and its dates."""

    RELEASED = "released"
    QUARANTINED = "quarantined"
    BLOCKED = "blocked"
    RECALLED = "recalled"


class Purpose(StrEnum):
    """What a lot is wanted for; only what somebody will eat has to be fit to eat."""

    PRODUCTION = "production"
    SALE = "sale"
    DISPOSAL = "disposal"


class Skipped(StrEnum):
    """Why a lot was passed over."""

    NOT_YET_HERE = "not_yet_here"
    QUARANTINED = "quarantined"
    BLOCKED = "blocked"
    RECALLED = "recalled"
    EXPIRED = "expired"
    SHELF_LIFE_TOO_SHORT = "shelf_life_too_short"
    EXHAUSTED = "exhausted"


UNFIT = {
    Standing.QUARANTINED: Skipped.QUARANTINED,
    Standing.BLOCKED: Skipped.BLOCKED,
    Standing.RECALLED: Skipped.RECALLED,
}


@frozen(kw_only=True)
class Candidate:
    """A lot as allocation sees it. ``free``: what it can still give, in its product's unit.

    ``received_on`` is the day it entered: its reception, or its production for a finished lot.
    ``here_from``: the first day on which it may leave, where that is another one: a lot of the
    opening stock is older than the database.
    """

    lot_id: LotId
    received_on: date
    expires_on: date | None
    free: Quantity
    standing: Standing = Standing.RELEASED
    here_from: date | None = None


@frozen
class Pick:
    """So much, from that lot."""

    lot_id: LotId
    quantity: Quantity


@frozen
class Passed:
    """A lot passed over, and why."""

    lot_id: LotId
    reason: Skipped


@frozen(kw_only=True)
class Allocation:
    """``picks`` in the order to take them, what is missing, and the lots passed over."""

    picks: tuple[Pick, ...]
    shortfall: Quantity
    skipped: tuple[Passed, ...] = ()


class Policy(StrEnum):
    """First in first out, or first expired first out."""

    FIFO = "FIFO"
    FEFO = "FEFO"


Rank = tuple[date, date, LotId]


def fifo(lot: Candidate) -> Rank:
    """First in, first out: the oldest lot leaves first."""
    return lot.received_on, lot.expires_on or date.max, lot.lot_id


def fefo(lot: Candidate) -> Rank:
    """First expired, first out: the lot that expires first leaves first."""
    return lot.expires_on or date.max, lot.received_on, lot.lot_id


ORDER: dict[Policy, Callable[[Candidate], Rank]] = {Policy.FIFO: fifo, Policy.FEFO: fefo}


def unfit(
    *,
    received_on: date,
    expires_on: date | None,
    standing: Standing,
    on: date,
    purpose: Purpose,
    minimum_shelf_life_days: int = 0,
) -> Skipped | None:
    """Why such a lot may not leave that day; None when it may. The one place that decides it.

    A lot may be used on its expiry date, not after. Disposal takes anything that is here.
    """
    if received_on > on:
        return Skipped.NOT_YET_HERE
    if purpose is Purpose.DISPOSAL:
        return None
    if standing in UNFIT:
        return UNFIT[standing]
    if expires_on is None:
        return None
    if expires_on < on:
        return Skipped.EXPIRED
    if (expires_on - on).days < minimum_shelf_life_days:
        return Skipped.SHELF_LIFE_TOO_SHORT
    return None


def allocate(
    candidates: Iterable[Candidate],
    wanted: Quantity,
    *,
    on: date,
    policy: Policy = Policy.FIFO,
    purpose: Purpose = Purpose.PRODUCTION,
    minimum_shelf_life_days: int = 0,
) -> Allocation:
    """Choose the lots that give ``wanted``, oldest first.

    The picks add up to the smaller of ``wanted`` and what is eligible; ``shortfall`` is the rest.
    Every picked lot but the last is drained, none is asked for more than it holds, and none gives
    nothing. All quantities are in one unit: ``UnitsDiffer`` otherwise.
    """
    picks: list[Pick] = []
    skipped: list[Passed] = []
    missing = wanted
    for lot in sorted(candidates, key=ORDER[policy]):
        reason = unfit(
            received_on=lot.here_from or lot.received_on,
            expires_on=lot.expires_on,
            standing=lot.standing,
            on=on,
            purpose=purpose,
            minimum_shelf_life_days=minimum_shelf_life_days,
        )
        if reason is None and not lot.free:
            reason = Skipped.EXHAUSTED
        if reason is not None:
            skipped.append(Passed(lot.lot_id, reason))
        elif missing:
            taken = min(lot.free, missing)
            picks.append(Pick(lot.lot_id, taken))
            missing -= taken
    return Allocation(picks=tuple(picks), shortfall=missing, skipped=tuple(skipped))
