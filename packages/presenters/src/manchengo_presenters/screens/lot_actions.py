"""What may be done with one lot: what is decided about it, and what takes it out of the stock."""

from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Any

from manchengo.application.genealogy import AnyLot
from manchengo.application.rehearsing import refusal_of
from manchengo.application.shelf import USABLE
from manchengo.commands import (
    BlockLot,
    QuarantineLot,
    ReleaseLot,
    SendBackToSupplier,
    VoidLot,
    WriteOffLot,
)
from manchengo.domain.values import Quantity
from manchengo.ports.store import Snapshot
from manchengo_presenters.language import N_, _


class Judgement(Enum):
    """What a person decides about a lot; the value is the words of its button."""

    RELEASE = N_("Release")
    QUARANTINE = N_("Put in quarantine")
    BLOCK = N_("Block")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


class Removal(Enum):
    """What takes some of a lot out of the stock, or all of it; the value is the words of its
    button.
    """

    WRITE_OFF = N_("Write off")
    SEND_BACK = N_("Send back to the supplier")
    VOID = N_("It never came")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


LotAction = Judgement | Removal

BESIDE = {
    "NotEnoughInLot": "quantity",
    "NothingToDo": "quantity",
    "PartOfAPiece": "quantity",
    "ReasonMissing": "reason",
    "TooFine": "quantity",
}
COMMANDS: dict[LotAction, type[Any]] = {
    Judgement.RELEASE: ReleaseLot,
    Judgement.QUARANTINE: QuarantineLot,
    Judgement.BLOCK: BlockLot,
    Removal.WRITE_OFF: WriteOffLot,
    Removal.SEND_BACK: SendBackToSupplier,
    Removal.VOID: VoidLot,
}
OF_QUANTITY = (Removal.WRITE_OFF, Removal.SEND_BACK)
"""Those that take a quantity."""


def judgements(status: str) -> tuple[Judgement, ...]:
    """What may be decided about a lot in that state."""
    if status == "QUARANTINED":
        return (Judgement.RELEASE, Judgement.BLOCK)
    if status == "BLOCKED":
        return (Judgement.RELEASE,)
    if status in USABLE:
        return (Judgement.QUARANTINE, Judgement.BLOCK)
    return ()


def removals(snapshot: Snapshot, row: AnyLot, free: Quantity, on: date) -> Iterator[Removal]:
    """Those that the rules would not refuse, of all that is free."""
    for action in Removal:
        asked: dict[str, Any] = {"quantity": free} if action in OF_QUANTITY else {}
        command = COMMANDS[action](lot_id=row.id, on=on, reason=action.value, **asked)
        if refusal_of(snapshot, command) is None:
            yield action
