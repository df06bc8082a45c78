"""What the screen of recalls asks of the device: what one reaches, and to note a drill."""

from datetime import datetime
from typing import Protocol

from attrs import frozen

from manchengo import Manchengo, RecallReport, ReferenceKind, StartingLots
from manchengo.application.genealogy import TraceNode
from manchengo.application.starting_lots import (
    ReferenceOfSeveralKinds,
    ReferenceOfSeveralSuppliers,
)
from manchengo_presenters.beginnings import Start, lots_to_recall


@frozen(kw_only=True)
class Reached:
    """What a recall that begins with ``start`` reaches. ``trees``: the uses of each lot with which
    it begins.
    """

    start: StartingLots
    report: RecallReport
    trees: tuple[TraceNode, ...]


@frozen(kw_only=True)
class Several:
    """What the person has in hand could be several things: of these ``kinds``, or of these
    ``suppliers`` (their codes). One of both is empty.
    """

    reference: str
    kinds: tuple[ReferenceKind, ...] = ()
    suppliers: tuple[str, ...] = ()


class Recalls(Protocol):
    """Each method may take long, and raises ``Problem``. To recall is a command, recorded like any
    other.
    """

    def reach(self, asked: Start) -> Reached | Several:
        """What a recall would reach; nothing is changed."""
        ...

    def drilled(self, reached: Reached, began: datetime) -> int:
        """Note in the audit that this recall was practised since ``began`` (UTC); the minutes that
        it took, begun ones counted whole.
        """
        ...


def reach_of(dairy: Manchengo, asked: Start) -> Reached | Several:
    """As ``Recalls.reach``; raises what the rules refuse."""
    try:
        start = asked.lots(dairy)
    except ReferenceOfSeveralKinds as refusal:
        return Several(
            reference=refusal.reference, kinds=tuple(ReferenceKind(each) for each in refusal.kinds)
        )
    except ReferenceOfSeveralSuppliers as refusal:
        return Several(reference=refusal.reference, suppliers=refusal.suppliers)
    lots = lots_to_recall(start)
    return Reached(
        start=start,
        report=dairy.simulate_recall(*lots),
        trees=tuple(dairy.trace(each).uses for each in lots),
    )
