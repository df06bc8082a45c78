"""Judge a commit against the state at the head of the log: the same answer on every device.

Pure but for the books it is given: no clock, no chance, no order of dictionaries. A fact stands or
falls as it was recorded; an automatic choice of lots that no longer holds is made again by the same
policy; of two writers of one field, the later one is right. A commit of a newer program is parked,
never guessed at, and so is what was built on it.
"""

from typing import Any

from attrs import field, frozen

from manchengo import codec
from manchengo import commands as asked
from manchengo.application import fields
from manchengo.application.books import Books, Memo, Told
from manchengo.application.committing import permit
from manchengo.application.decide import decide
from manchengo.domain.access import Actor, Role
from manchengo.domain.aggregates import USER
from manchengo.domain.allocation import Pick
from manchengo.domain.commit import Commit
from manchengo.domain.errors import Archived, Refused, Unknown, WrongState
from manchengo.domain.ids import ProductId
from manchengo.domain.lot import events as lot
from manchengo.domain.production_order import ProductionMade, ProductionStarted
from manchengo.domain.resolution import ClaimKind, Matter
from manchengo.domain.sales_order import SalesOrderConfirmed
from manchengo.ports.rows import ClaimRow, ResolutionItemRow, UserRow
from manchengo.ports.store import Snapshot


@frozen
class Accepted:
    """It holds as recorded. ``contested``: sensitive fields that somebody else wrote meanwhile.

    ``books`` were told just that, here and where it is reallocated; None where they were told more.
    """

    events: tuple[Any, ...]
    told: tuple[Told, ...] = field(default=(), eq=False, repr=False)
    contested: tuple[str, ...] = ()
    books: Books | None = field(default=None, eq=False, repr=False)


@frozen
class Reallocated:
    """The intent holds, with other lots than those chosen offline."""

    events: tuple[Any, ...]
    told: tuple[Told, ...] = field(default=(), eq=False, repr=False)
    books: Books | None = field(default=None, eq=False, repr=False)


@frozen
class Rejected:
    """A rule says no on the state at the head."""

    refusal: Refused


@frozen
class Parked:
    """Written by a newer program, garbled, or built on such a commit: kept to the byte until it
    can be judged.
    """

    why: Exception


@frozen
class BuiltOnParked(Exception):
    """It is about something that a parked commit was about."""


Judgement = Accepted | Reallocated | Rejected | Parked

SAME_TARGET: dict[type[asked.Command], str] = {
    asked.StartProduction: "started",
    asked.CancelProduction: "cancelled",
    asked.ConfirmSalesOrder: "confirmed",
    asked.CancelSalesOrder: "cancelled",
    asked.CloseSalesOrder: "closed",
    asked.DispatchDelivery: "dispatched",
    asked.ConfirmReception: "received",
    asked.CancelDelivery: "cancelled",
    asked.UndoImport: "undone",
}
"""Where a command wants to go: somebody who was there first did it for both."""

ARCHIVING = (
    asked.ArchiveSupplier,
    asked.ArchiveClient,
    asked.ArchiveProduct,
    asked.ArchiveRecipe,
    asked.DeactivateUser,
)


MOVEMENTS = (
    lot.LotReceived,
    lot.LotProduced,
    lot.LotConsumed,
    lot.LotDelivered,
    lot.LotReturned,
    lot.LotSentBack,
    lot.LotWrittenOff,
    lot.LotCounted,
)

_MOVEMENT_NAMES = {name for name, schema in codec.EVENTS.items() if schema.type in MOVEMENTS}


def may_do_nothing(commit: Commit) -> bool:
    """Whether the commit may be accepted without any effect: it moves no stock, or somebody took
    the same step first. Of a newer program's command, nobody here can say.
    """
    schema = codec.COMMANDS.get(commit.command_type)
    if schema is None or issubclass(schema.type, (*SAME_TARGET, asked.ResolveItem)):
        return True
    return not any(event.event_type in _MOVEMENT_NAMES for event in commit.events)


def judge(
    snapshot: Snapshot, commit: Commit, *, hlc_eff: str | None = None, memo: Memo | None = None
) -> Judgement:
    """``hlc_eff``: the stamp by which its field writes count; its own unless the server says."""
    memo = memo or Memo()
    try:
        command = codec.commands.decode(commit.command_type, commit.command_version, commit.command)
        recorded = [
            codec.events.decode(event.event_type, event.schema_version, event.payload)
            for event in commit.events
        ]
    except codec.Unreadable as unreadable:
        return Parked(unreadable)
    if _on_something_parked(snapshot, commit):
        return Parked(BuiltOnParked())
    books = Books(snapshot, memo, pinned=_choices(recorded) or None)
    try:
        _permitted(books, commit, command)
    except Refused as refusal:
        return Rejected(refusal)
    return _settled(books, commit, command, hlc_eff or commit.hlc)


def _settled(books: Books, commit: Commit, command: Any, hlc: str) -> Judgement:
    as_recorded = _decided(books, command)
    if not isinstance(as_recorded, Refused):
        told, contested = fields.settled(books.snapshot, commit, as_recorded, hlc)
        is_all = told == as_recorded
        return Accepted(_events(told), told, contested, books if is_all else None)
    if _there_already(command, as_recorded):
        return Accepted(())
    if books.pinned is not None:
        afresh = Books(books.snapshot, books.memo)
        chosen = _decided(afresh, command)
        if not isinstance(chosen, Refused):
            return Reallocated(_events(chosen), chosen, afresh)
    return Rejected(as_recorded)


def _decided(books: Books, command: Any) -> tuple[Told, ...] | Refused:
    try:
        decide(books, command)
    except Refused as refusal:
        return refusal
    return tuple(books.told)


def _events(told: tuple[Told, ...]) -> tuple[Any, ...]:
    return tuple(each.event for each in told)


def _permitted(books: Books, commit: Commit, command: Any) -> None:
    """``NotPermitted`` unless the author has the right now. A plant without users asks no one."""
    try:
        user = books.find(USER, commit.user_id)
    except Unknown:
        user = None
    if user is None and next(books.snapshot.rows(UserRow, limit=1), None) is None:
        return
    roles: frozenset[Role] = user.roles if user is not None and user.active else frozenset()
    permit(Actor(user_id=commit.user_id, device_id=commit.device_id, roles=roles), command)


def _on_something_parked(snapshot: Snapshot, commit: Commit) -> bool:
    """Whether a commit that came before it, about the same things, is still parked."""
    parked = {"matter": Matter.PARKED.value, "status": "open"}
    if next(snapshot.rows(ResolutionItemRow, limit=1, **parked), None) is None:
        return False
    return any(
        claim.kind == ClaimKind.TOUCHED and claim.open and _is_before(snapshot, claim, commit)
        for aggregate_id in {event.aggregate_id for event in commit.events}
        for claim in snapshot.rows(ClaimRow, subject=aggregate_id)
    )


def _is_before(snapshot: Snapshot, claim: ClaimRow, commit: Commit) -> bool:
    own = snapshot.entry(commit.id)
    item = snapshot.get(ResolutionItemRow, claim.item_id)
    other = snapshot.entry(item.commit_id) if item else None
    return own is None or (other is not None and other.global_seq < own.global_seq)


def _there_already(command: Any, refusal: Refused) -> bool:
    """Somebody else took the same step first: nothing is left to do, and nobody is wrong."""
    match refusal:
        case WrongState() if isinstance(command, asked.ResolveItem):
            return refusal.state == command.way
        case WrongState():
            return refusal.state == SAME_TARGET.get(type(command))
        case Archived():
            return isinstance(command, ARCHIVING)
        case _:
            return False


def _choices(events: list[Any]) -> dict[ProductId, tuple[Pick, ...]]:
    """The lots that a policy chose when the commit was recorded, by product."""
    choices: dict[ProductId, tuple[Pick, ...]] = {}
    for event in events:
        if isinstance(event, ProductionStarted | ProductionMade | SalesOrderConfirmed):
            for pick in event.picks:
                known = choices.get(pick.product_id, ())
                choices[pick.product_id] = (*known, Pick(pick.lot_id, pick.quantity))
    return choices
