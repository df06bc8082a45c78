"""Which decisions on an item can be carried out: no screen offers what cannot succeed.

A decision is tried and then rolled back. Where it is refused, it is offered only if
something that people can do removes the reason: more stock, a release, a step still to come.
"""

from typing import Any

from attrs import evolve as changed

from manchengo.application.decide import decide
from manchengo.application.facts import RecordedOtherwise
from manchengo.application.handlers.resolution import DECISIONS, recorded_command
from manchengo.application.permissions import permit_all
from manchengo.application.permitted_snapshot import whole
from manchengo.application.replication.content_errors import FROM_THE_CONTENT
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.codec import Unreadable
from manchengo.commands import NEEDS, ReceiveLot, ResolveItem, SetAsideParked, TakeUpParked
from manchengo.domain import delivery, errors, invoice, production_order, recipe, sales_order
from manchengo.domain.access import Actor
from manchengo.domain.aggregates import LOT, RESOLUTION
from manchengo.domain.allocation import Skipped
from manchengo.domain.errors import Refused, WrongState
from manchengo.domain.lot import decide as lot
from manchengo.domain.lot import rules as lot_rules
from manchengo.domain.resolution import SET_ASIDE, CannotResolveSo, Matter, ResolutionItem, Way
from manchengo.domain.values import UnitsDiffer
from manchengo.ports.rows import ResolutionItemRow
from manchengo.ports.store import Snapshot

MENDED: tuple[type[Refused], ...] = (
    lot_rules.NotEnoughInLot,
    lot_rules.LotUnfit,
    lot.NotDeliveredThatMuch,
    lot.CountContradictsLater,
    production_order.NotEnoughMaterials,
    production_order.NothingConsumed,
    sales_order.NotEnoughStock,
    delivery.MoreThanOrdered,
    delivery.NothingLoaded,
    invoice.MoreThanDue,
    recipe.NoRecipeInForce,
    errors.Unknown,
    UnitsDiffer,
    RecordedOtherwise,
)
"""Refusals whose reason people can remove, after which the same command is carried out."""

OF_THE_LOT = (lot_rules.LotRecalledForGood, lot_rules.BeforeItCame, lot.NotFromASupplier)
"""Refusals that another lot would not meet."""

YET_TO_COME = frozenset(
    {"planned", "started", "placed", "confirmed", "prepared", "draft", "interrupted"}
)
"""States that a later step still leaves: what is refused in them may be possible after it."""


def ways_out(
    snapshot: Snapshot, row: ResolutionItemRow, *, by: Actor | None = None
) -> tuple[Way, ...]:
    """Giving up first; none once somebody has decided. ``by``: only those that this person may
    take; left out, those that somebody may.
    """
    if row.status != "open" or (by is not None and not by.may(NEEDS[ResolveItem])):
        return ()
    log = whole(snapshot)
    others = _others(log, row)
    return (Way.VOID, *(way for way in others if _is_possible(log, row, way, by)))


def may_be_set_aside(row: ResolutionItemRow, *, by: Actor) -> bool:
    """Whether that person may set aside what nobody here can read."""
    is_waiting = row.status == "open" and row.matter == Matter.PARKED
    return is_waiting and by.may(NEEDS[SetAsideParked])


def may_be_taken_up(row: ResolutionItemRow, *, by: Actor) -> bool:
    """Whether that person may have judged again what was set aside."""
    return row.closed_by == SET_ASIDE and by.may(NEEDS[TakeUpParked])


def _others(snapshot: Snapshot, row: ResolutionItemRow) -> tuple[Way, ...]:
    """The ways that fit what was recorded."""
    recorded = _recorded(snapshot, row)
    if recorded is None or isinstance(recorded, DECISIONS):
        return ()
    ways = [Way.RETRY, Way.ACCEPT]
    if hasattr(recorded, "lot_id") and not isinstance(recorded, ReceiveLot):
        ways.append(Way.OTHER_LOT)
    if row.refusal == errors.AlreadyExists.__name__:
        ways.append(Way.OTHER_CODE)
    return tuple(ways)


def _recorded(snapshot: Snapshot, row: ResolutionItemRow) -> Any:
    commit = snapshot.commit(row.commit_id)
    try:
        return None if commit is None else recorded_command(commit)
    except Unreadable:
        return None


def _is_possible(snapshot: Snapshot, row: ResolutionItemRow, way: Way, by: Actor | None) -> bool:
    work = UnitOfWork(snapshot)
    item = work.load(RESOLUTION, row.id)
    command = _tried(item, _recorded(snapshot, row), way)
    try:
        if by is not None:
            permit_all(work, by, command)
        decide(work, command)
    except CannotResolveSo:
        return False
    except WrongState as refusal:
        if refusal.kind == LOT.name:  # the lot is void, and another is not
            return way is Way.OTHER_LOT
        return refusal.state in YET_TO_COME
    except Refused as refusal:
        if _is_of_the_lot(refusal):
            return way is Way.OTHER_LOT
        return isinstance(refusal, MENDED)
    except FROM_THE_CONTENT:  # it makes no sense, and the judge would park it
        return False
    return True


def _is_of_the_lot(refusal: Refused) -> bool:
    """Whether that lot will always be refused so, and another would not."""
    if isinstance(refusal, lot_rules.LotUnfit):
        return refusal.why is Skipped.RECALLED
    return isinstance(refusal, OF_THE_LOT)


def _tried(item: ResolutionItem, recorded: Any, way: Way) -> ResolveItem:
    command = ResolveItem(item_id=item.id, way=way, reason="?", on=item.opened.on)
    match way:
        case Way.OTHER_LOT:
            return changed(command, lot_id=recorded.lot_id)
        case Way.OTHER_CODE:
            return changed(command, code=str(item.id))
        case _:
            return command
