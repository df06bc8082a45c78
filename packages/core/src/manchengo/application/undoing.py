"""The command that takes back what a commit did, or why there is none.

The table of commands says of each by which it is undone. What is undone is what happened by the
commit, in the units and with the quantities of its events.
"""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from attrs import frozen

from manchengo import commands
from manchengo.application.handlers.resolution import recorded_command
from manchengo.application.unit_of_work import NeedsNewerProgram, decoded, events_by
from manchengo.codec import Unreadable
from manchengo.commands import COMMANDS, Command
from manchengo.domain.aggregates import LOT
from manchengo.domain.allocation import Standing
from manchengo.domain.commit import Commit
from manchengo.domain.delivery import DeliveryLoaded
from manchengo.domain.errors import Refused
from manchengo.domain.ids import CommitId
from manchengo.domain.lot.events import (
    LotBlocked,
    LotCounted,
    LotQuarantined,
    LotRecalled,
    LotReleased,
)
from manchengo.domain.production_order import MaterialConsumed
from manchengo.domain.values import Quantity
from manchengo.ports.store import Snapshot

JUDGED = (LotQuarantined, LotBlocked, LotReleased, LotRecalled)


@frozen(kw_only=True)
class NoSuchEntry(Refused):
    """No commit bears that identifier."""

    reference: str


@frozen(kw_only=True)
class NotTakenBack(Refused):
    """No command takes this step back. ``command``: its stored name; ``instead``: what people do,
    a word of ``INSTEAD``.
    """

    command: str
    instead: str


@frozen(kw_only=True)
class NothingHappened(Refused):
    """Nothing happened by this commit, so there is nothing to take back: it changed nothing, or
    was refused and waits as a conflict. ``command``: its stored name.
    """

    command: str


@frozen(kw_only=True)
class _Done:
    """What a commit did. ``command``: as it was recorded."""

    snapshot: Snapshot
    commit: Commit
    command: Any
    events: tuple[tuple[UUID, Any], ...]
    on: date
    reason: str

    def quantity(self, kind: type[DeliveryLoaded] | type[MaterialConsumed]) -> Quantity:
        """How much was loaded or poured by it."""
        return next(event.quantity for _, event in self.events if isinstance(event, kind))


def undo_of(snapshot: Snapshot, commit_id: CommitId, *, on: date, reason: str) -> Command:
    """The command that takes the commit back, whether or not the rules allow it now. Raises
    ``NoSuchEntry``, ``NeedsNewerProgram``, ``NothingHappened`` and ``NotTakenBack``.
    """
    commit = snapshot.commit(commit_id)
    if commit is None:
        raise NoSuchEntry(reference=str(commit_id))
    done = _done(snapshot, commit, on, reason)
    schema = COMMANDS[commit.command_type]
    inverse = INVERSES.get(schema.type)
    if inverse is None:
        raise NotTakenBack(command=commit.command_type, instead=schema.instead)
    return inverse(done)


def has_undo(command: Command) -> bool:
    """Whether some command takes back what this one does, if the rules allow it then."""
    return type(command) in INVERSES


def _done(snapshot: Snapshot, commit: Commit, on: date, reason: str) -> _Done:
    try:
        command = recorded_command(commit)
    except Unreadable as unreadable:
        kind = commit.events[0].aggregate_type if commit.events else ""
        raise NeedsNewerProgram(kind=kind, reference=str(commit.id)) from unreadable
    subjects = dict.fromkeys(event.aggregate_id for event in commit.events)
    events = tuple(
        (subject, event)
        for subject in subjects
        for event in events_by(snapshot, commit.id, subject)
    )
    if not events:
        raise NothingHappened(command=commit.command_type)
    return _Done(
        snapshot=snapshot, commit=commit, command=command, events=events, on=on, reason=reason
    )


def _release(done: _Done) -> Command:
    """Only of a lot that was released before, and of which nothing was said since."""
    lot_id = done.command.lot_id
    stream = done.snapshot.stream(lot_id)
    here = next(place for place, entry in enumerate(stream) if entry.commit_id == done.commit.id)
    before = LOT.fold(decoded(stream[:here]))
    since = decoded(stream[here + 1 :])
    was_released = before is not None and before.standing is Standing.RELEASED
    if not was_released or any(isinstance(event, JUDGED) for event in since):
        raise NotTakenBack(command=done.commit.command_type, instead="block")
    return commands.ReleaseLot(lot_id=lot_id, on=done.on, reason=done.reason)


def _void(done: _Done) -> Command:
    return commands.VoidLot(lot_id=done.command.lot_id, on=done.on, reason=done.reason)


def _cancel_sale(done: _Done) -> Command:
    return commands.CancelSalesOrder(order_id=done.command.order_id, on=done.on, reason=done.reason)


def _undo_import(done: _Done) -> Command:
    return commands.UndoImport(import_id=done.command.import_id, reason=done.reason)


def _reopen_sale(done: _Done) -> Command:
    return commands.ReopenSalesOrder(order_id=done.command.order_id, on=done.on, reason=done.reason)


def _reopen_production(done: _Done) -> Command:
    return commands.ReopenProduction(order_id=done.command.order_id, on=done.on, reason=done.reason)


def _reopen_delivery(done: _Done) -> Command:
    return commands.ReopenDelivery(
        delivery_id=done.command.delivery_id, on=done.on, reason=done.reason
    )


INVERSES: dict[type[Command], Callable[[_Done], Command]] = {
    commands.RegisterSupplier: lambda done: commands.ArchiveSupplier(
        supplier_id=done.command.supplier_id
    ),
    commands.RegisterClient: lambda done: commands.ArchiveClient(client_id=done.command.client_id),
    commands.RegisterProduct: lambda done: commands.ArchiveProduct(
        product_id=done.command.product_id
    ),
    commands.RegisterPriceList: lambda done: commands.ArchivePriceList(
        price_list_id=done.command.price_list_id
    ),
    commands.ReceiveLot: _void,
    commands.EnterOpeningStock: _void,
    commands.QuarantineLot: _release,
    commands.BlockLot: _release,
    commands.CountLot: lambda done: commands.TakeBackCount(
        lot_id=done.command.lot_id,
        counted=next(event.counted for _, event in done.events if isinstance(event, LotCounted)),
        on=done.command.on,
        reason=done.reason,
    ),
    commands.PlanProduction: lambda done: commands.CancelProduction(
        order_id=done.command.order_id, on=done.on, reason=done.reason
    ),
    commands.ConsumeMaterial: lambda done: commands.TakeBackMaterial(
        order_id=done.command.order_id,
        lot_id=done.command.lot_id,
        quantity=done.quantity(MaterialConsumed),
        on=done.on,
    ),
    commands.CompleteProduction: _reopen_production,
    commands.CancelProduction: _reopen_production,
    commands.PlaceSalesOrder: _cancel_sale,
    commands.Sell: _cancel_sale,
    commands.CancelSalesOrder: _reopen_sale,
    commands.CloseSalesOrder: _reopen_sale,
    commands.PrepareDelivery: lambda done: commands.CancelDelivery(
        delivery_id=done.command.delivery_id, on=done.on, reason=done.reason
    ),
    commands.LoadLot: lambda done: commands.UnloadLot(
        delivery_id=done.command.delivery_id,
        lot_id=done.command.lot_id,
        quantity=done.quantity(DeliveryLoaded),
        on=done.on,
    ),
    commands.ConfirmReception: _reopen_delivery,
    commands.CancelDelivery: _reopen_delivery,
    commands.ReceivePayment: lambda done: commands.VoidPayment(
        payment_id=done.command.payment_id, on=done.on, reason=done.reason
    ),
    commands.RegisterUser: lambda done: commands.DeactivateUser(user_id=done.command.user_id),
    commands.EnrolDevice: lambda done: commands.WithdrawDevice(
        device_id=done.command.device_id, reason=done.reason
    ),
    commands.AdmitKey: lambda done: commands.WithdrawKey(
        user_id=done.command.user_id, public_key=done.command.public_key, reason=done.reason
    ),
    commands.InvitePerson: lambda done: commands.WithdrawInvitation(
        user_id=done.command.user_id,
        invitation_id=done.command.invitation_id,
        reason=done.reason,
    ),
    commands.StartImport: _undo_import,
    commands.FinishImport: _undo_import,
    commands.SetAsideParked: lambda done: commands.TakeUpParked(
        item_id=done.command.item_id, on=done.on, reason=done.reason
    ),
    commands.TakeUpParked: lambda done: commands.SetAsideParked(
        item_id=done.command.item_id, on=done.on, reason=done.reason
    ),
}
"""How each command that is undone by another makes that other."""
