"""With which lots a trace or a recall begins, from what the person has in hand."""

from collections.abc import Sequence
from datetime import date

from attrs import frozen

from manchengo import LotId, Manchengo, ReferenceKind, Snapshot, StartingLots
from manchengo.application.starting_lots import lots_received, starting_lots
from manchengo_presenters.formatting import day as french_day
from manchengo_presenters.language import N_, _

BEGINNINGS = {
    ReferenceKind.SUPPLIER_LOT: N_("Reference {code} of the supplier {supplier}: {lots}."),
    ReferenceKind.SUPPLIER_DAY: N_("Received from {supplier} on {day}: {lots}."),
    ReferenceKind.PRODUCTION_ORDER: N_("Made by the order {code}: {lots}."),
    ReferenceKind.SALES_ORDER: N_("Delivered or loaded for the order {code}: {lots}."),
    ReferenceKind.DELIVERY: N_("On the delivery note {code}: {lots}."),
    ReferenceKind.INVOICE: N_("Delivered and billed by the invoice {code}: {lots}."),
}
"""How people are told what it begins with, where that is no lot."""


@frozen(kw_only=True)
class Start:
    """What somebody has in hand: a reference, or else a supplier (by its code) and a day."""

    reference: str | None = None
    kind: ReferenceKind | None = None
    supplier: str | None = None
    day: date | None = None

    def lots(self, dairy: Manchengo) -> StartingLots:
        """The lots that it stands for now."""
        if self.supplier and self.day:
            return dairy.lots_received(self.supplier, self.day)
        return dairy.starting_lots(self.reference or "", kind=self.kind, supplier=self.supplier)

    def lots_in(self, snapshot: Snapshot) -> StartingLots:
        """The lots that it stands for in the transaction that recalls them."""
        if self.supplier and self.day:
            return lots_received(snapshot, self.supplier, self.day)
        return starting_lots(snapshot, self.reference or "", kind=self.kind, supplier=self.supplier)


def lots_to_recall(start: StartingLots) -> Sequence[LotId]:
    """Of lots that bear one code, the first: a recall reaches the others by their label."""
    return start.lots[:1] if start.kind is ReferenceKind.LOT else start.lots


def start_line(start: StartingLots, lots: Sequence[str]) -> str:
    """As in ``Sur le bon de livraison BL-1 : PF-1, PF-2.``; empty where a lot was named. ``lots``:
    their codes.
    """
    if start.kind is ReferenceKind.LOT:
        return ""
    return _(BEGINNINGS[start.kind]).format(
        code=start.code,
        supplier=start.supplier or "?",
        day=french_day(start.on) if start.on else "",
        lots=", ".join(lots),
    )
