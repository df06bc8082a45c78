"""With which lots a trace or a recall begins, from the options of the command line."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import typer

from manchengo import ReferenceKind, StartingLots
from manchengo_presenters.beginnings import Start
from manchengo_presenters.language import _


def typed_start(
    reference: str | None, *, kind: str | None, supplier: str | None, day: date | None
) -> Start:
    """From the options, which must mean a reference, or else a supplier and a day."""
    is_a_day = bool(supplier and day) and reference is None and kind is None
    if not is_a_day and (not reference or day):
        raise typer.BadParameter(_("Give a reference, or --supplier and --day."))
    wanted = None if kind is None else ReferenceKind(kind.replace("-", "_"))
    return Start(reference=reference, kind=wanted, supplier=supplier, day=day)


def start_shape(start: StartingLots, lots: Sequence[str]) -> dict[str, Any]:
    """What a trace or a recall starts from, as JSON. ``lots``: the codes of its lots."""
    return {
        "kind": str(start.kind),
        "reference": start.code or None,
        "supplier": start.supplier or None,
        "day": start.on.isoformat() if start.on else None,
        "lots": list(lots),
    }
