"""With which lots a trace or a recall begins, from what the person has in hand."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Self

import typer
from attrs import frozen

from manchengo import Manchengo, ReferenceKind, Snapshot, StartingLots
from manchengo_presenters.formatting import day as french_day
from manchengo_presenters.language import N_, _
from manchengo_workplace.lookups import lots_received, starting_lots

BEGINNINGS = {
    ReferenceKind.SUPPLIER_LOT: N_("Reference {code} of the supplier {supplier}: {lots}."),
    ReferenceKind.SUPPLIER_DAY: N_("Received from {supplier} on {day}: {lots}."),
    ReferenceKind.PRODUCTION_ORDER: N_("Made by the order {code}: {lots}."),
    ReferenceKind.SALES_ORDER: N_("Delivered or loaded for the order {code}: {lots}."),
    ReferenceKind.DELIVERY: N_("On the delivery note {code}: {lots}."),
    ReferenceKind.INVOICE: N_("Delivered and billed by the invoice {code}: {lots}."),
}
"""How a page names what it begins with, where that is no lot."""


@frozen(kw_only=True)
class Start:
    """What the command line begins with: a reference, or else a supplier and a day."""

    reference: str | None
    kind: ReferenceKind | None
    supplier: str | None
    day: date | None

    @classmethod
    def typed(
        cls, reference: str | None, *, kind: str | None, supplier: str | None, day: date | None
    ) -> Self:
        """From the options, which must mean one or the other."""
        is_a_day = bool(supplier and day) and reference is None and kind is None
        if not is_a_day and (not reference or day):
            raise typer.BadParameter(_("Give a reference, or --supplier and --day."))
        wanted = None if kind is None else ReferenceKind(kind.replace("-", "_"))
        return cls(reference=reference, kind=wanted, supplier=supplier, day=day)

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


def start_shape(start: StartingLots, lots: Sequence[str]) -> dict[str, Any]:
    """What a trace or a recall starts from, as JSON. ``lots``: the codes of its lots."""
    return {
        "kind": str(start.kind),
        "reference": start.code or None,
        "supplier": start.supplier or None,
        "day": start.on.isoformat() if start.on else None,
        "lots": list(lots),
    }


def start_line(start: StartingLots, lots: Sequence[str]) -> str:
    """As in ``Sur le bon de livraison BL-1 : PF-1, PF-2.``; empty where a lot was named."""
    if start.kind is ReferenceKind.LOT:
        return ""
    return _(BEGINNINGS[start.kind]).format(
        code=start.code,
        supplier=start.supplier or "?",
        day=french_day(start.on) if start.on else "",
        lots=", ".join(lots),
    )
